/**
 * The read path: plan, scan, merge. A request is planned once against the schema, scanned over the
 * segments of one snapshot, and merged by score or key. Stands behind {@link
 * io.elanus.engine.Shard} on the search walk. Never writes. Bad at: grouping and aggregation, which
 * are not there yet.
 */
@NullMarked
package io.elanus.engine.read;

import org.jspecify.annotations.NullMarked;
