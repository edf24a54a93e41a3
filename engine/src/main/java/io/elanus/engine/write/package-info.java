/**
 * The write path: how does a batch become durable, sealed, indexed and merged? Stands behind {@link
 * io.elanus.engine.write.WritePath} on the insert walk: log, growing segment, seal, build, merge.
 * Never looks at filters or queries. Bad at: many small collections, each of which has a log of its
 * own.
 */
@NullMarked
package io.elanus.engine.write;

import org.jspecify.annotations.NullMarked;
