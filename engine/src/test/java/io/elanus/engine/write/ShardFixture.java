package io.elanus.engine.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.engine.segment.Segment;
import io.elanus.engine.segment.Snapshot;
import io.elanus.engine.write.bytes.PartitionRows;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.Columns;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.time.Timestamps;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A shard over disks in memory that outlive it: what is closed, dropped or dies is opened again
 * from what reached them. A row is a key and a value; the vector repeats the value.
 */
final class ShardFixture {
  static final Field KEY = Field.named("id", DataType.INT64).id(100).primaryKey(true).build();
  static final Field VALUE = Field.named("value", DataType.INT64).id(101).build();
  static final Field VECTOR = Field.named("v", DataType.FLOAT_VECTOR).id(102).dim(2).build();
  static final Schema SCHEMA = new Schema("c", "", List.of(KEY, VALUE, VECTOR), false, 0);

  /** The same with the value as clustering key. */
  static final Schema KEYED =
      SCHEMA.withFields(
          List.of(KEY, VALUE.toBuilder().clusteringKey(true).nullable(true).build(), VECTOR), 0);

  static final WriteConfig SMALL = new WriteConfig(1 << 20, 10, 8, 100_000, 3, 3);

  final MemoryObjects objects = new MemoryObjects();
  final FaultyLog.Disk log = new FaultyLog.Disk();
  final AtomicLong clock = new AtomicLong();
  Schema schema = SCHEMA;
  WriteConfig config = SMALL;
  Executor background = Runnable::run;
  Limits limits = Limits.none();

  /** Opens the shard; work in the background runs in the caller unless that was changed. */
  WritePath open(Faults faults) {
    WritePath path =
        WritePath.open(
            new WriteSetup(
                1,
                schema,
                new FaultyObjects(objects, faults),
                "c/",
                new FaultyLog(log, faults),
                timestamps(),
                background,
                config,
                limits,
                7));
    path.indexes(
        List.of(
            new IndexTarget(
                1, VECTOR, new IndexSpec("v", "v", "HNSW", Metric.L2, Map.of(), Map.of())),
            new IndexTarget(
                2, VALUE, new IndexSpec("value", "value", "STL_SORT", null, Map.of(), Map.of()))));
    return path;
  }

  private Timestamps timestamps() {
    return new Timestamps() {
      @Override
      public long next() {
        return clock.incrementAndGet();
      }

      @Override
      public long last() {
        return clock.get();
      }
    };
  }

  static PartitionRows rows(long partition, long[] keys, long value) {
    long[] values = new long[keys.length];
    Arrays.fill(values, value);
    float[] vectors = new float[2 * keys.length];
    Arrays.fill(vectors, value);
    return new PartitionRows(
        partition,
        new RowBatch(
            keys.length,
            Map.of(
                "id", new Column.Longs(DataType.INT64, keys, null),
                "value", new Column.Longs(DataType.INT64, values, null),
                "v", new Column.FloatVectors(2, vectors))));
  }

  static Column keys(long... keys) {
    return Columns.keys(DataType.INT64, Arrays.stream(keys).boxed().toList());
  }

  static void upsert(WritePath path, long partition, long[] keys, long value) {
    path.upsert(List.of(rows(partition, keys, value)), keys(keys));
  }

  static void delete(WritePath path, long... keys) {
    path.delete(keys(keys), Set.of());
  }

  /** All visible rows; fails where a key is there twice or a column differs from its vector. */
  static Map<Long, Long> read(WritePath path) {
    try (Snapshot snapshot = path.snapshot()) {
      return read(snapshot);
    }
  }

  static Map<Long, Long> read(Snapshot snapshot) {
    Map<Long, Long> found = new TreeMap<>();
    List<Long> twice = new ArrayList<>();
    float[] vector = new float[2];
    for (Segment segment : snapshot.segments()) {
      for (int row : segment.visibleAt(snapshot.timestamp()).toArray()) {
        long key = segment.column(KEY).longAt(row);
        long value = segment.column(VALUE).longAt(row);
        if (found.put(key, value) != null) {
          twice.add(key);
        }
        segment.column(VECTOR).vectorAt(row, MemorySegment.ofArray(vector), 0);
        assertThat(vector).containsOnly(value);
      }
    }
    assertThat(twice).as("keys that are visible twice").isEmpty();
    return found;
  }
}
