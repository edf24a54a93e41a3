package io.elanus.engine.database;

import io.elanus.engine.database.CollectionRecord.PartitionRecord;
import io.elanus.engine.write.bytes.PartitionRows;
import io.elanus.model.info.PartitionInfo;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** To which partition does a row go? To the one named, or the one its partition key hashes to. */
final class PartitionRouting {
  private PartitionRouting() {}

  static List<PartitionRows> split(CollectionRecord record, String partition, RowBatch rows) {
    Optional<Field> key = record.schema().partitionKey();
    if (key.isEmpty()) {
      String name = partition.isEmpty() ? PartitionInfo.DEFAULT : partition;
      return List.of(new PartitionRows(LocalPartitions.require(record, name).id(), rows));
    }
    if (!partition.isEmpty() && !partition.equals(PartitionInfo.DEFAULT)) {
      throw LocalRows.invalid(
          "not support manually specifying the partition names if partition key mode is used");
    }
    return byKey(record, rows, rows.require(key.get().name()));
  }

  private static List<PartitionRows> byKey(CollectionRecord record, RowBatch rows, Column keys) {
    List<PartitionRecord> partitions = record.partitions();
    int[] of = new int[rows.size()];
    int[] sizes = new int[partitions.size()];
    for (int row = 0; row < of.length; row++) {
      of[row] = Math.floorMod(hash(keys, row), partitions.size());
      sizes[of[row]]++;
    }
    List<PartitionRows> parts = new ArrayList<>();
    for (int p = 0; p < sizes.length; p++) {
      if (sizes[p] > 0) {
        int[] picked = new int[sizes[p]];
        int n = 0;
        for (int row = 0; row < of.length; row++) {
          if (of[row] == p) {
            picked[n++] = row;
          }
        }
        parts.add(new PartitionRows(partitions.get(p).id(), rows.select(picked)));
      }
    }
    return parts;
  }

  /** Kept for ever: rows lie where it once sent them. (Fibonacci hashing of Java's own hash.) */
  private static int hash(Column keys, int row) {
    int code = java.util.Objects.requireNonNull(keys.get(row)).hashCode();
    return (code * 0x9E3779B9) >>> 1;
  }
}
