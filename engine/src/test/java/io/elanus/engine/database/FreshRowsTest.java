package io.elanus.engine.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.engine.write.WriteConfig;
import io.elanus.model.Caller;
import io.elanus.model.info.CollectionSpec;
import io.elanus.model.info.IndexInfo;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.DeleteRequest;
import io.elanus.model.query.Filter;
import io.elanus.model.query.InsertRequest;
import io.elanus.model.query.SearchParams;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import io.elanus.testkit.fixture.Clustered;
import io.elanus.testkit.fixture.Seeds;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What recall is while rows come and go. */
class FreshRowsTest {
  private static final Caller ME = Caller.SYSTEM;
  private static final int DIM = 64;
  private static final int QUERIES = 100;
  private static final int K = 10;

  /** No segment is large enough for an index. */
  private static final WriteConfig UNINDEXED =
      new WriteConfig(128L << 20, 500_000, 1_000_000, 4_000_000, 100, 4);

  @TempDir Path folder;
  private FolderDatabase database;

  @BeforeEach
  void open() {
    database = FolderDatabase.open(folder, WriteConfig.DEFAULT);
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** Two full chunks have codes once they were searched, the rest of the rows is scanned. */
  @Test
  void growingRowsAreFoundBeforeAndAfterTheyHaveCodes() {
    Clustered data = Clustered.of(10_000, DIM, 60, QUERIES, Seeds.seed(71));
    boolean[] alive = new boolean[data.rows()];
    create("grown", "HNSW", Metric.COSINE);
    insert("grown", data, IntStream.range(0, data.rows()).toArray(), alive);
    assertThat(recall("grown", data, alive, Metric.COSINE)).isGreaterThanOrEqualTo(0.995);
    delete("grown", IntStream.range(0, 3_000).toArray(), alive);
    for (int i = 0; i < 3; i++) {
      assertThat(recall("grown", data, alive, Metric.COSINE)).isGreaterThanOrEqualTo(0.995);
    }
  }

  /** Sealed and without an index yet, they are searched as growing rows are. */
  @Test
  void sealedRowsAreFoundBeforeTheirIndexIsBuilt() {
    database.close();
    database = FolderDatabase.open(folder, UNINDEXED);
    Clustered data = Clustered.of(10_000, DIM, 60, QUERIES, Seeds.seed(74));
    boolean[] alive = new boolean[data.rows()];
    create("sealed", "HNSW", Metric.L2);
    insert("sealed", data, IntStream.range(0, data.rows()).toArray(), alive);
    database.jobs().flush(ME, "sealed");
    delete("sealed", IntStream.range(0, 3_000).toArray(), alive);
    for (int i = 0; i < 3; i++) {
      assertThat(recall("sealed", data, alive, Metric.L2)).isGreaterThanOrEqualTo(0.995);
    }
  }

  /** Rows with an index say how near others must be; those without one are found all the same. */
  @Test
  void rowsWithAndWithoutAnIndexAreFoundTogether() {
    Clustered data = Clustered.of(12_000, DIM, 60, QUERIES, Seeds.seed(75));
    boolean[] alive = new boolean[data.rows()];
    int[] all = IntStream.range(0, data.rows()).toArray();
    create("mixed", "HNSW", Metric.COSINE);
    insert("mixed", data, Arrays.copyOfRange(all, 0, 5_000), alive);
    indexed("mixed");
    insert("mixed", data, Arrays.copyOfRange(all, 5_000, 12_000), alive);
    delete("mixed", Arrays.copyOfRange(all, 4_000, 6_000), alive);
    for (int i = 0; i < 3; i++) {
      assertThat(recall("mixed", data, alive, Metric.COSINE)).isGreaterThanOrEqualTo(0.97);
    }
  }

  /** Of rows that are equally near the smaller keys are answered, wherever they lie. */
  @Test
  void keysDecideBetweenEqualsOfDifferentParts() {
    Clustered one = Clustered.of(100, DIM, 1, 1, Seeds.seed(76));
    float[] same = one.vector(0);
    create("ties", "FLAT", Metric.L2);
    insertCopies("ties", same, IntStream.range(500, 600).asLongStream().toArray());
    database.jobs().flush(ME, "ties");
    insertCopies("ties", same, IntStream.range(0, 100).asLongStream().toArray());
    SearchRequest request =
        SearchRequest.of("ties", new Column.FloatVectors(DIM, one.queries()), K)
            .consistency(Consistency.STRONG)
            .build();
    assertThat(((Column.Longs) database.rows().search(ME, request).ids()).values())
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  private void insertCopies(String name, float[] vector, long[] keys) {
    float[] vectors = new float[keys.length * DIM];
    for (int i = 0; i < keys.length; i++) {
      System.arraycopy(vector, 0, vectors, i * DIM, DIM);
    }
    Map<String, Column> columns = new HashMap<>();
    columns.put("id", new Column.Longs(DataType.INT64, keys, null));
    columns.put("v", new Column.FloatVectors(DIM, vectors));
    database.rows().insert(ME, new InsertRequest(name, "", new RowBatch(keys.length, columns)));
  }

  @Test
  void growingRowsOfAFlatFieldAreFoundExactly() {
    Clustered data = Clustered.of(9_000, DIM, 60, QUERIES, Seeds.seed(72));
    boolean[] alive = new boolean[data.rows()];
    create("flat", "FLAT", Metric.L2);
    insert("flat", data, IntStream.range(0, data.rows()).toArray(), alive);
    for (int i = 0; i < 2; i++) {
      assertThat(recall("flat", data, alive, Metric.L2)).isEqualTo(1);
    }
  }

  /** Ten rounds in which 30 % of the rows are deleted and inserted again. */
  @Test
  void recallAfterManyRoundsIsThatOfAFreshBuild() {
    Clustered data = Clustered.of(6_000, DIM, 60, QUERIES, Seeds.seed(73));
    int[] all = IntStream.range(0, data.rows()).toArray();
    boolean[] alive = new boolean[data.rows()];
    create("fresh", "AUTOINDEX", Metric.L2);
    insert("fresh", data, all, alive);
    indexed("fresh");
    double fresh = recall("fresh", data, alive, Metric.L2);
    create("churned", "AUTOINDEX", Metric.L2);
    insert("churned", data, all, alive);
    indexed("churned");
    SplittableRandom random = new SplittableRandom(5);
    for (int round = 0; round < 10; round++) {
      int[] some = IntStream.of(all).filter(row -> random.nextInt(10) < 3).toArray();
      delete("churned", some, alive);
      insert("churned", data, some, alive);
      database.jobs().flush(ME, "churned");
    }
    double unsettled = recall("churned", data, alive, Metric.L2);
    indexed("churned");
    double churned = recall("churned", data, alive, Metric.L2);
    assertThat(fresh).isGreaterThanOrEqualTo(0.94);
    assertThat(unsettled).isGreaterThanOrEqualTo(fresh - 0.01);
    assertThat(churned).isGreaterThanOrEqualTo(fresh - 0.01);
  }

  private void create(String name, String index, Metric metric) {
    Schema schema =
        new Schema(
            name,
            "",
            List.of(
                Field.named("id", DataType.INT64).primaryKey(true).build(),
                Field.named("v", DataType.FLOAT_VECTOR).dim(DIM).build()),
            false,
            0);
    database
        .collections()
        .create(ME, new CollectionSpec(schema, Consistency.Level.STRONG, Map.of(), 0, 0));
    database.indexes().create(ME, name, new IndexSpec("v", "", index, metric, Map.of(), Map.of()));
    database.collections().load(ME, name, List.of());
  }

  private void insert(String name, Clustered data, int[] rows, boolean[] alive) {
    for (int from = 0; from < rows.length; from += 2_000) {
      int[] some = Arrays.copyOfRange(rows, from, Math.min(rows.length, from + 2_000));
      float[] vectors = new float[some.length * DIM];
      for (int i = 0; i < some.length; i++) {
        System.arraycopy(data.vector(some[i]), 0, vectors, i * DIM, DIM);
        alive[some[i]] = true;
      }
      Map<String, Column> columns = new HashMap<>();
      long[] keys = IntStream.of(some).asLongStream().toArray();
      columns.put("id", new Column.Longs(DataType.INT64, keys, null));
      columns.put("v", new Column.FloatVectors(DIM, vectors));
      database.rows().insert(ME, new InsertRequest(name, "", new RowBatch(some.length, columns)));
    }
  }

  private void delete(String name, int[] rows, boolean[] alive) {
    for (int row : rows) {
      alive[row] = false;
    }
    String keys = Arrays.toString(rows);
    database
        .rows()
        .delete(ME, new DeleteRequest(name, "", Filter.of("id in " + keys), Consistency.STRONG));
  }

  /** Seals everything and waits until it is indexed. */
  private void indexed(String name) {
    database.jobs().flush(ME, name);
    IndexInfo index = database.indexes().describe(ME, name, "").getFirst();
    while (index.pendingRows() > 0) {
      Thread.onSpinWait();
      index = database.indexes().describe(ME, name, "").getFirst();
    }
    assertThat(index.failure()).isEmpty();
  }

  private double recall(String name, Clustered data, boolean[] alive, Metric metric) {
    Column.FloatVectors queries = new Column.FloatVectors(DIM, data.queries());
    SearchRequest request =
        SearchRequest.of(name, queries, K)
            .consistency(Consistency.STRONG)
            .params(SearchParams.NONE)
            .build();
    long[] found = ((Column.Longs) database.rows().search(ME, request).ids()).values();
    assertThat(found).hasSize(QUERIES * K);
    int hits = 0;
    for (int q = 0; q < QUERIES; q++) {
      int[] right = nearest(data, q, alive, metric);
      for (int i = 0; i < K; i++) {
        hits += Arrays.binarySearch(right, (int) found[q * K + i]) >= 0 ? 1 : 0;
      }
    }
    return hits / (double) (QUERIES * K);
  }

  private static int[] nearest(Clustered data, int q, boolean[] alive, Metric metric) {
    float[] query = data.query(q);
    double[] distances = new double[data.rows()];
    for (int row = 0; row < data.rows(); row++) {
      double squared = 0;
      double dot = 0;
      double length = 0;
      for (int d = 0; d < DIM; d++) {
        double value = data.vectors()[row * DIM + d];
        squared += (value - query[d]) * (value - query[d]);
        dot += value * query[d];
        length += value * value;
      }
      distances[row] = metric == Metric.L2 ? squared : -dot / Math.sqrt(length);
    }
    return IntStream.range(0, data.rows())
        .filter(row -> alive[row])
        .boxed()
        .sorted((a, b) -> Double.compare(distances[a], distances[b]))
        .limit(K)
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }
}
