package io.elanus.engine.segment;

import io.elanus.model.schema.Field;
import java.util.List;

/**
 * Rows of one or more segments in the order in which a new segment will hold them.
 *
 * @param segments where the rows lie
 * @param rows each as segment index &lt;&lt; 32 | row
 */
public record RowSource(List<Segment> segments, long[] rows) {
  public int size() {
    return rows.length;
  }

  int segmentOf(int at) {
    return (int) (rows[at] >>> 32);
  }

  int rowOf(int at) {
    return (int) rows[at];
  }

  long timestamp(int at) {
    return segments.get(segmentOf(at)).insertTimestamp(rowOf(at));
  }

  /** The field's column in each of the segments. */
  List<ColumnView> columns(Field field) {
    return segments.stream().map(s -> s.column(field)).toList();
  }
}
