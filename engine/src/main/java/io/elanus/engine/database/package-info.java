/**
 * The local database: a catalog and one shard per collection, in one process, behind the doors of
 * {@code model}. Stands between the server and the shards on both walks; checks rows by the gate
 * and names against the catalog. Bad at: collections larger than one machine.
 */
@NullMarked
package io.elanus.engine.database;

import org.jspecify.annotations.NullMarked;
