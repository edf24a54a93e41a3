package io.elanus.testkit.oracle;

import io.elanus.model.info.SegmentInfo;
import io.elanus.testkit.oracle.OracleTable.Partition;
import io.elanus.testkit.oracle.OracleTable.Row;
import java.util.ArrayList;
import java.util.List;

/** Tells the rows of each partition that are flushed from those that are not. */
final class OracleSegments {
  static final int GROWING = 1;
  static final int SEALED = 2;
  private static final int PER_PARTITION = 10;

  private OracleSegments() {}

  static List<SegmentInfo> of(OracleTable table) {
    List<SegmentInfo> segments = new ArrayList<>();
    for (Partition partition : table.partitions.values()) {
      for (int kind : new int[] {SEALED, GROWING}) {
        long rows =
            table.rows.stream()
                .filter(r -> r.partition() == partition && kind(table, r) == kind)
                .count();
        if (rows > 0) {
          long id = partition.id * PER_PARTITION + kind;
          SegmentInfo.State state =
              kind == SEALED ? SegmentInfo.State.SEALED : SegmentInfo.State.GROWING;
          segments.add(new SegmentInfo(id, table.id, partition.id, state, rows, 0, 0, "", 0));
        }
      }
    }
    return segments;
  }

  private static int kind(OracleTable table, Row row) {
    return row.timestamp() <= table.flushedTimestamp ? SEALED : GROWING;
  }
}
