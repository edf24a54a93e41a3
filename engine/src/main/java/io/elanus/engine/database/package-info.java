/** The local database: how do a catalog and shards in one process answer the model's door? */
@NullMarked
package io.elanus.engine.database;

import org.jspecify.annotations.NullMarked;
