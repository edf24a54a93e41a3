/** The write path: how does a batch become durable, sealed, indexed and merged? */
@NullMarked
package io.elanus.engine.write;

import org.jspecify.annotations.NullMarked;
