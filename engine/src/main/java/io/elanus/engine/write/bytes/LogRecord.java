package io.elanus.engine.write.bytes;

import io.elanus.model.rows.Column;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the log holds: effects, never requests. A delete by filter is logged as the keys it found.
 *
 * <pre>
 * kind (1), record version (1), timestamp (8), then by kind:
 *   1 insert          parts (4), per part: partition (8), batch
 *   2 upsert          the same, then the keys that are deleted before, as a column
 *   3 delete          partitions (4) and their ids (8 each), none for all; keys as a column
 *   4 drop partition  partition (8)
 *   5 truncate
 * </pre>
 *
 * Batches and columns as in {@link ColumnCodec}.
 */
public sealed interface LogRecord {
  int VERSION = 1;

  long timestamp();

  /** Rows; every older row of the replaced keys is deleted before. */
  record Insert(long timestamp, List<PartitionRows> parts, @Nullable Column replaced)
      implements LogRecord {}

  record Delete(long timestamp, Column keys, Set<Long> partitions) implements LogRecord {}

  record DropPartition(long timestamp, long partitionId) implements LogRecord {}

  record Truncate(long timestamp) implements LogRecord {}

  static ByteSink encode(LogRecord record) {
    ByteSink to = new ByteSink();
    int kind =
        switch (record) {
          case Insert insert -> insert.replaced() == null ? 1 : 2;
          case Delete ignored -> 3;
          case DropPartition ignored -> 4;
          case Truncate ignored -> 5;
        };
    to.putByte(kind);
    to.putByte(VERSION);
    to.putLong(record.timestamp());
    switch (record) {
      case Insert insert -> {
        to.putInt(insert.parts().size());
        for (PartitionRows part : insert.parts()) {
          to.putLong(part.partitionId());
          ColumnCodec.putBatch(to, part.rows());
        }
        if (insert.replaced() != null) {
          ColumnCodec.putColumn(to, insert.replaced());
        }
      }
      case Delete delete -> {
        to.putInt(delete.partitions().size());
        new TreeSet<>(delete.partitions()).forEach(to::putLong);
        ColumnCodec.putColumn(to, delete.keys());
      }
      case DropPartition drop -> to.putLong(drop.partitionId());
      case Truncate ignored -> {}
    }
    return to;
  }

  static LogRecord decode(MemorySegment bytes) {
    ByteSink.Source from = new ByteSink.Source(bytes);
    int kind = from.takeByte();
    int version = from.takeByte();
    if (version != VERSION) {
      throw FileHeader.corrupt("a log record has version " + version + ", unknown here");
    }
    long timestamp = from.takeLong();
    return switch (kind) {
      case 1, 2 -> {
        int n = from.takeInt();
        List<PartitionRows> parts = new ArrayList<>();
        for (int i = 0; i < n; i++) {
          long partition = from.takeLong();
          parts.add(new PartitionRows(partition, ColumnCodec.takeBatch(from)));
        }
        yield new Insert(timestamp, parts, kind == 2 ? ColumnCodec.takeColumn(from) : null);
      }
      case 3 -> {
        int n = from.takeInt();
        Set<Long> partitions = new TreeSet<>();
        for (int i = 0; i < n; i++) {
          partitions.add(from.takeLong());
        }
        yield new Delete(timestamp, ColumnCodec.takeColumn(from), partitions);
      }
      case 4 -> new DropPartition(timestamp, from.takeLong());
      case 5 -> new Truncate(timestamp);
      default -> throw FileHeader.corrupt("a log record of unknown kind " + kind);
    };
  }
}
