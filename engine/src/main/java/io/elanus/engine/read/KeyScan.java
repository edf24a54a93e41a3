package io.elanus.engine.read;

import io.elanus.engine.segment.SealedSegment;
import io.elanus.engine.segment.Segment;
import io.elanus.engine.segment.SegmentKey;
import io.elanus.model.schema.Field;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Rows of a scope ascending by primary key: the rows of a sealed segment lie in that order, those
 * of a growing one are sorted, and all are merged. Of rows with one key the latest is answered.
 */
final class KeyScan {
  private final PriorityQueue<Cursor> cursors =
      new PriorityQueue<>(
          Comparator.comparing((Cursor c) -> c.hit.key(), SegmentKey::compare)
              .thenComparing(c -> -c.timestamp()));

  KeyScan(List<Scope.Part> parts, Field primaryKey) {
    for (Scope.Part part : parts) {
      cursors.add(new Cursor(part, primaryKey));
    }
  }

  /** Skips {@code offset} rows and answers the next {@code limit}. */
  List<Hit> take(int offset, int limit) {
    List<Hit> hits = new ArrayList<>();
    Object last = null;
    long position = 0;
    while (!cursors.isEmpty() && hits.size() < limit) {
      Cursor cursor = cursors.remove();
      Hit hit = cursor.hit;
      if (last == null || SegmentKey.compare(last, hit.key()) != 0) {
        if (position++ >= offset) {
          hits.add(hit);
        }
      }
      last = hit.key();
      if (cursor.advance()) {
        cursors.add(cursor);
      }
    }
    return hits;
  }

  private static final class Cursor {
    private final Segment segment;
    private final Field primaryKey;
    private final int[] rows;
    private int at;
    private Hit hit;

    Cursor(Scope.Part part, Field primaryKey) {
      this.segment = part.segment();
      this.primaryKey = primaryKey;
      this.rows = ordered(part, primaryKey);
      this.hit = hitAt(0);
    }

    /** Latest first within a key, also in a sealed segment, where equal keys lie oldest first. */
    private static int[] ordered(Scope.Part part, Field primaryKey) {
      int[] rows = part.rows().toArray();
      Segment segment = part.segment();
      if (!segment.growing() && !hasTwins(segment, primaryKey, rows)) {
        return rows;
      }
      Comparator<Integer> byKey =
          Comparator.comparing(
              row -> SealedSegment.keyAt(primaryKey, segment, row), SegmentKey::compare);
      return java.util.Arrays.stream(rows)
          .boxed()
          .sorted(byKey.thenComparing(row -> -segment.insertTimestamp(row)))
          .mapToInt(Integer::intValue)
          .toArray();
    }

    /** Costs a look at every key; sealed keys are read in place. */
    private static boolean hasTwins(Segment segment, Field primaryKey, int[] rows) {
      for (int i = 1; i < rows.length; i++) {
        Object before = SealedSegment.keyAt(primaryKey, segment, rows[i - 1]);
        if (before.equals(SealedSegment.keyAt(primaryKey, segment, rows[i]))) {
          return true;
        }
      }
      return false;
    }

    private Hit hitAt(int position) {
      int row = rows[position];
      return new Hit(SealedSegment.keyAt(primaryKey, segment, row), 0, segment, row);
    }

    long timestamp() {
      return segment.insertTimestamp(hit.row());
    }

    boolean advance() {
      if (++at == rows.length) {
        return false;
      }
      hit = hitAt(at);
      return true;
    }
  }
}
