package io.elanus.engine.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.engine.segment.SealedSegment;
import io.elanus.engine.segment.Segment;
import io.elanus.engine.segment.Snapshot;
import io.elanus.engine.write.bytes.PartitionRows;
import io.elanus.index.RowBitmap;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.Columns;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import io.elanus.store.catalog.MemoryCatalog;
import io.elanus.store.log.LocalLog;
import io.elanus.store.log.LocalLogFiles;
import io.elanus.store.object.LocalObjects;
import io.elanus.store.time.HybridTimestamps;
import io.elanus.testkit.fixture.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random writes, flushes, compactions, restarts and crashes against a plain map. */
class WritePathTest {
  private static final WriteConfig SMALL = new WriteConfig(1 << 20, 60, 40, 100_000, 3, 1_000);
  private static final Field KEY =
      Field.named("id", DataType.INT64).id(100).primaryKey(true).build();
  private static final Field TEXT =
      Field.named("text", DataType.VARCHAR).id(101).maxLength(100).nullable(true).build();
  private static final Field VECTOR =
      Field.named("v", DataType.FLOAT_VECTOR).id(102).dim(4).build();
  private static final Field TAGS =
      Field.named("tags", DataType.ARRAY)
          .id(103)
          .elementType(DataType.VARCHAR)
          .maxCapacity(8)
          .maxLength(20)
          .nullable(true)
          .build();
  private static final Schema SCHEMA =
      new Schema("c", "", List.of(KEY, TEXT, VECTOR, TAGS), true, 0);

  @TempDir Path folder;
  private final MemoryCatalog catalog = new MemoryCatalog();
  private final Queue<Runnable> background = new ArrayDeque<>();

  private WritePath open() {
    try {
      LocalLog log = LocalLog.open(new LocalLogFiles(folder.resolve("log")), 1 << 14);
      return WritePath.open(
          new WriteSetup(
              1,
              SCHEMA,
              new LocalObjects(folder.resolve("objects")),
              "c/",
              log,
              new HybridTimestamps(InstantSource.system(), catalog),
              background::add,
              SMALL,
              7));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void runBackground() {
    for (Runnable task = background.poll(); task != null; task = background.poll()) {
      task.run();
    }
  }

  /** What a row holds beside its key; the partition tells where. */
  private record Row(long partition, String text, float first, List<String> tags) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void equalsAMapWhateverHappens(long fallbackSeed) {
    Random random = new Random(Seeds.seed(fallbackSeed));
    Map<Long, Row> model = new TreeMap<>();
    Map<Long, Map<Long, Row>> past = new TreeMap<>();
    WritePath path = open();
    path.indexes(targets());
    long nextKey = 2;
    for (int step = 0; step < 400; step++) {
      int dice = random.nextInt(100);
      if (dice < 35) {
        long partition = random.nextInt(3);
        List<Long> keys = new ArrayList<>();
        for (int i = random.nextInt(20) + 1; i > 0; i--) {
          keys.add(nextKey++);
        }
        past.put(path.insert(List.of(rows(partition, keys, random, model))), snapshotOf(model));
      } else if (dice < 60) {
        List<Long> keys = someKeys(random, nextKey, 8);
        keys.forEach(model::remove);
        path.upsert(
            List.of(rows(random.nextInt(3), keys, random, model)),
            Columns.keys(DataType.INT64, keys));
      } else if (dice < 72) {
        List<Long> keys = someKeys(random, nextKey, 10);
        path.delete(Columns.keys(DataType.INT64, keys), Set.of());
        keys.forEach(model::remove);
      } else if (dice < 76) {
        long residue = random.nextInt(7);
        path.deleteWhere(snapshot -> keysWhere(snapshot, residue), Set.of());
        model.keySet().removeIf(key -> key % 7 == residue && key % 5 == 0);
      } else if (dice < 80) {
        path.flush();
      } else if (dice < 84) {
        path.compact(false);
      } else if (dice < 85) {
        long gone = random.nextInt(3);
        path.dropPartition(gone);
        model.values().removeIf(row -> row.partition() == gone);
      } else if (dice < 90) {
        runBackground();
      } else if (dice < 95) {
        path.close();
        background.clear();
        path = open();
        path.indexes(targets());
      } else {
        // A crash: the old path is forgotten, and its background work never runs.
        background.clear();
        path = open();
        path.indexes(targets());
      }
      if (step % 5 == 0) {
        assertThat(read(path)).isEqualTo(model);
        assertThat(path.rowCount(partition -> true)).isEqualTo(model.size());
      }
    }
    runBackground();
    assertThat(read(path)).isEqualTo(model);
    path.flush();
    assertThat(read(path)).isEqualTo(model);
    assertThat(past).isNotEmpty();
    path.close();
  }

  @Test
  void indexesWhatIsSealedAndTellsHowFarItIs() {
    WritePath path = open();
    Map<Long, Row> model = new HashMap<>();
    List<Long> keys = java.util.stream.LongStream.range(0, 200).boxed().toList();
    path.insert(List.of(rows(0, keys, new Random(1), model)));
    path.indexes(targets());
    path.flush();
    assertThat(path.progress(1).pendingRows()).isEqualTo(200);
    runBackground();
    assertThat(path.progress(1))
        .isEqualTo(new IndexProgress(200, 200, 0, false, Map.of("HNSW", 200L), ""));
    path.close();
    WritePath again = open();
    try (Snapshot snapshot = again.snapshot()) {
      Segment sealed = snapshot.segments().getFirst();
      assertThat(sealed).isInstanceOf(SealedSegment.class);
      assertThat(sealed.vectorIndex(VECTOR)).isNotNull();
      assertThat(sealed.scalarIndex(TEXT)).isNotNull();
    }
    again.indexes(List.of());
    runBackground();
    try (Snapshot snapshot = again.snapshot()) {
      assertThat(snapshot.segments().getFirst().vectorIndex(VECTOR)).isNull();
    }
    again.close();
  }

  @Test
  void readsThePastAsItWas() {
    WritePath path = open();
    Map<Long, Row> model = new HashMap<>();
    path.insert(List.of(rows(0, List.of(1L, 2L, 3L), new Random(1), model)));
    long before = path.visible();
    path.delete(Columns.keys(DataType.INT64, List.of(2L)), Set.of());
    path.upsert(
        List.of(rows(0, List.of(3L), new Random(2), new HashMap<>())),
        Columns.keys(DataType.INT64, List.of(3L)));
    try (Snapshot snapshot = path.snapshot()) {
      Segment growing = snapshot.segments().getFirst();
      assertThat(growing.visibleAt(before).cardinality()).isEqualTo(3);
      assertThat(growing.visibleAt(snapshot.timestamp()).cardinality()).isEqualTo(2);
    }
    path.close();
  }

  private static List<IndexTarget> targets() {
    return List.of(
        new IndexTarget(
            1, VECTOR, new IndexSpec("v", "v", "HNSW", Metric.L2, Map.of("M", "8"), Map.of())),
        new IndexTarget(
            2, TEXT, new IndexSpec("text", "text", "INVERTED", null, Map.of(), Map.of())));
  }

  private static Map<Long, Row> snapshotOf(Map<Long, Row> model) {
    return new HashMap<>(model);
  }

  private static List<Long> someKeys(Random random, long nextKey, int n) {
    Set<Long> keys = new java.util.TreeSet<>();
    for (int i = 0; i < n; i++) {
      keys.add(1 + (long) random.nextInt((int) Math.max(1, nextKey - 1)));
    }
    return List.copyOf(keys);
  }

  private static PartitionRows rows(
      long partition, List<Long> keys, Random random, Map<Long, Row> model) {
    int n = keys.size();
    String[] texts = new String[n];
    float[] vectors = new float[4 * n];
    Column[] tags = new Column[n];
    byte[][] meta = new byte[n][];
    for (int i = 0; i < n; i++) {
      texts[i] = random.nextInt(5) == 0 ? null : "t" + random.nextInt(50) + "ä";
      vectors[4 * i] = random.nextFloat();
      String[] values = new String[random.nextInt(3)];
      Arrays.setAll(values, j -> "g" + random.nextInt(9));
      tags[i] = random.nextInt(4) == 0 ? null : new Column.Strings(values);
      meta[i] = ("{\"k\":" + keys.get(i) + "}").getBytes();
      List<String> list = tags[i] == null ? null : List.of(values);
      model.put(keys.get(i), new Row(partition, texts[i], vectors[4 * i], list));
    }
    Map<String, Column> columns = new HashMap<>();
    columns.put("id", Columns.keys(DataType.INT64, keys));
    columns.put("text", new Column.Strings(texts));
    columns.put("v", new Column.FloatVectors(4, vectors));
    columns.put("tags", new Column.Arrays(DataType.VARCHAR, tags));
    columns.put(Schema.DYNAMIC_FIELD, new Column.Jsons(meta));
    return new PartitionRows(partition, new RowBatch(n, columns));
  }

  private static Column keysWhere(Snapshot snapshot, long residue) {
    List<Object> keys = new ArrayList<>();
    for (Segment segment : snapshot.segments()) {
      RowBitmap rows = segment.visibleAt(snapshot.timestamp());
      for (int row : rows.toArray()) {
        long key = segment.column(KEY).longAt(row);
        if (key % 7 == residue && key % 5 == 0) {
          keys.add(key);
        }
      }
    }
    return Columns.keys(DataType.INT64, keys);
  }

  private static Map<Long, Row> read(WritePath path) {
    Map<Long, Row> found = new TreeMap<>();
    try (Snapshot snapshot = path.snapshot()) {
      for (Segment segment : snapshot.segments()) {
        int[] rows = segment.visibleAt(snapshot.timestamp()).toArray();
        Column.Strings texts = (Column.Strings) segment.column(TEXT).gather(rows);
        Column.FloatVectors vectors = (Column.FloatVectors) segment.column(VECTOR).gather(rows);
        Column.Arrays tags = (Column.Arrays) segment.column(TAGS).gather(rows);
        for (int i = 0; i < rows.length; i++) {
          long key = segment.column(KEY).longAt(rows[i]);
          Column elements = tags.values()[i];
          List<String> list =
              elements == null ? null : List.of(((Column.Strings) elements).values());
          Row row =
              new Row(segment.partitionId(), texts.values()[i], vectors.values()[4 * i], list);
          assertThat(found.put(key, row)).as("key %s twice", key).isNull();
          assertThat(segment.rowsOf(key)).contains(rows[i]);
        }
      }
    }
    return found;
  }
}
