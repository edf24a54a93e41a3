package io.elanus.engine.read;

import io.elanus.engine.filter.CompiledFilter;
import io.elanus.engine.range.KeyRange;
import io.elanus.engine.segment.Segment;
import io.elanus.engine.segment.Snapshot;
import io.elanus.index.RowBitmap;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which rows a request may see.
 *
 * @param partitions ids; empty for all
 * @param timestamp rows as they were then
 * @param oldestTimestamp rows inserted before have outlived their time to live; 0 for none
 * @param ignoreGrowing only sealed segments
 * @param skipped told of each segment that was not looked into, because its range of the clustering
 *     key says that no row can pass
 */
public record Scope(
    CompiledFilter filter,
    Set<Long> partitions,
    long timestamp,
    long oldestTimestamp,
    boolean ignoreGrowing,
    Runnable skipped) {

  /** A segment and those of its rows that may be answered. */
  public record Part(Segment segment, RowBitmap rows, int count) {
    boolean whole() {
      return count == segment.rowCount();
    }
  }

  /** Visible rows that pass the filter, by segment; segments without any are left out. */
  public List<Part> parts(Snapshot snapshot) {
    List<Part> parts = new ArrayList<>();
    for (Segment segment : snapshot.segments()) {
      boolean wanted =
          (partitions.isEmpty() || partitions.contains(segment.partitionId()))
              && !(ignoreGrowing && segment.growing())
              && segment.rowCount() > 0;
      if (wanted && isRuledOut(segment)) {
        skipped.run();
      } else if (wanted) {
        RowBitmap rows = rows(segment);
        int count = rows.cardinality();
        if (count > 0) {
          parts.add(new Part(segment, rows, count));
        }
      }
    }
    return parts;
  }

  private boolean isRuledOut(Segment segment) {
    KeyRange range = segment.range();
    return range != null && !filter.mayMatch(range);
  }

  private RowBitmap rows(Segment segment) {
    RowBitmap visible = segment.visibleAt(timestamp);
    filter
        .primaryKeys()
        .ifPresent(
            keys -> {
              RowBitmap named = new RowBitmap(segment.rowCount());
              for (Object key : keys) {
                for (int row : segment.rowsOf(key)) {
                  named.set(row);
                }
              }
              visible.and(named);
            });
    if (oldestTimestamp > 0) {
      for (int row = visible.next(0); row >= 0; row = visible.next(row + 1)) {
        if (segment.insertTimestamp(row) < oldestTimestamp) {
          visible.clear(row);
        }
      }
    }
    if (filter.isPrimaryKeysOnly() || visible.next(0) < 0) {
      return visible;
    }
    return filter.matches(segment, visible);
  }
}
