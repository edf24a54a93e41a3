package io.elanus.engine.write;

import io.elanus.engine.segment.GrowingSegment;
import io.elanus.engine.write.bytes.PartitionRows;
import io.elanus.model.rows.Column;
import io.elanus.model.schema.Schema;

/**
 * What rows will take, at most, when they are written.
 *
 * @param memoryBytes off the heap
 * @param heapBytes on it
 * @param diskBytes in the log, and once more when they are sealed
 */
record Room(long memoryBytes, long heapBytes, long diskBytes) {
  static Room of(Schema schema, Iterable<PartitionRows> parts) {
    long memory = 0;
    long heap = 0;
    long disk = 0;
    for (PartitionRows part : parts) {
      int rows = part.rows().size();
      long bytes = 0;
      for (Column column : part.rows().columns().values()) {
        bytes += bytes(column);
      }
      memory += GrowingSegment.memoryBytes(schema, rows);
      heap += GrowingSegment.heapBytes(schema, rows, bytes);
      disk += 2 * bytes;
    }
    return new Room(memory, heap, disk);
  }

  private static long bytes(Column column) {
    return switch (column) {
      case Column.Bools bools -> bools.size();
      case Column.Longs longs -> 8L * longs.size();
      case Column.Floats floats -> 4L * floats.size();
      case Column.Doubles doubles -> 8L * doubles.size();
      case Column.Strings strings -> texts(strings);
      case Column.Jsons jsons -> jsons(jsons);
      case Column.Arrays arrays -> arrays(arrays);
      case Column.FloatVectors floats -> 4L * floats.values().length;
      case Column.ByteVectors bytes -> bytes.values().length;
      case Column.SparseVectors sparse -> 8L * sparse.values().length;
    };
  }

  private static long texts(Column.Strings strings) {
    long bytes = 0;
    for (String text : strings.values()) {
      bytes += 4 + (text == null ? 0 : text.length());
    }
    return bytes;
  }

  private static long jsons(Column.Jsons jsons) {
    long bytes = 0;
    for (byte[] json : jsons.values()) {
      bytes += 4 + (json == null ? 0 : json.length);
    }
    return bytes;
  }

  private static long arrays(Column.Arrays arrays) {
    long bytes = 0;
    for (Column array : arrays.values()) {
      bytes += 16 + (array == null ? 0 : bytes(array));
    }
    return bytes;
  }

  boolean fits(Limits limits) {
    return memoryBytes <= limits.memory().leftBytes() && heapBytes <= limits.heap().leftBytes();
  }

  /** Throws MEMORY_LIMIT or DISK_LIMIT with a sentence. */
  void require(Limits limits) {
    limits.memory().require(memoryBytes, GrowingSegment.GROWING_ROWS);
    limits.heap().require(heapBytes, GrowingSegment.GROWING_ROWS);
    limits.disk().require(diskBytes);
  }
}
