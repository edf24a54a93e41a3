package io.elanus.bench.cluster;

import io.elanus.engine.database.FolderLogs;
import io.elanus.engine.database.LocalDatabase;
import io.elanus.engine.database.Stores;
import io.elanus.engine.write.WriteConfig;
import io.elanus.model.Caller;
import io.elanus.model.info.CollectionSpec;
import io.elanus.model.info.CompactionInfo;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.Filter;
import io.elanus.model.query.InsertRequest;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import io.elanus.store.catalog.SqliteCatalog;
import io.elanus.store.log.LocalLogFiles;
import io.elanus.store.object.LocalObjects;
import io.elanus.store.time.HybridTimestamps;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Microseconds of the process's CPU for a search and a query whose filter passes a twentieth of the
 * values of a field, over two collections of the same rows in ten segments: of one the field is the
 * clustering key. They take turns; the median of the rounds, and the ratio within each:
 *
 * <pre>java … io.elanus.bench.cluster.ClusteredRange [rows [dim [rounds]]]</pre>
 */
public final class ClusteredRange {
  private static final Caller ME = Caller.SYSTEM;
  private static final int VALUES = 1_000_000;
  private static final int SEGMENTS = 10;
  private static final int CALLS = 1_000;
  private static final List<String> NAMES = List.of("plain", "clustered");

  private final LocalDatabase database;
  private final int rows;
  private final int dim;
  private final Random random = new Random(11);

  private ClusteredRange(LocalDatabase database, int rows, int dim) {
    this.database = database;
    this.rows = rows;
    this.dim = dim;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    int rows = args.length > 0 ? Integer.parseInt(args[0]) : 200_000;
    int dim = args.length > 1 ? Integer.parseInt(args[1]) : 64;
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 15;
    Path folder = Files.createTempDirectory("elanus-bench");
    ExecutorService background = Executors.newSingleThreadExecutor();
    ExecutorService search = Executors.newSingleThreadExecutor();
    int most = rows / SEGMENTS;
    WriteConfig writes = new WriteConfig(1L << 30, most, 1_024, most, 4, 4);
    InstantSource clock = InstantSource.system();
    try (SqliteCatalog catalog = SqliteCatalog.open(folder.resolve("catalog.db"))) {
      Stores stores =
          new Stores(
              catalog,
              new LocalObjects(folder.resolve("objects")),
              new FolderLogs(folder.resolve("log"), 64L << 20, LocalLogFiles::new),
              new HybridTimestamps(clock, catalog));
      try (LocalDatabase database =
          LocalDatabase.open(stores, new LocalDatabase.Setup(search, background, clock, writes))) {
        ClusteredRange bench = new ClusteredRange(database, rows, dim);
        bench.fill();
        bench.measure(rounds);
      }
    } finally {
      background.shutdownNow();
      search.shutdownNow();
    }
  }

  private void fill() throws InterruptedException {
    for (String name : NAMES) {
      Field.Builder key = Field.named("n", DataType.INT64).clusteringKey(name.equals("clustered"));
      Schema schema =
          new Schema(
              name,
              "",
              List.of(
                  Field.named("id", DataType.INT64).primaryKey(true).build(),
                  key.build(),
                  Field.named("v", DataType.FLOAT_VECTOR).dim(dim).build()),
              false,
              0);
      database
          .collections()
          .create(ME, new CollectionSpec(schema, Consistency.Level.STRONG, Map.of(), 0, 0));
      database
          .indexes()
          .create(ME, name, new IndexSpec("v", "v", "HNSW", Metric.L2, Map.of(), Map.of()));
      database.collections().load(ME, name, List.of());
    }
    int batch = rows / SEGMENTS;
    for (int first = 0; first < rows; first += batch) {
      RowBatch batchOfRows = batch(first, batch);
      for (String name : NAMES) {
        database.rows().insert(ME, new InsertRequest(name, "", batchOfRows));
        database.jobs().flush(ME, name);
      }
    }
    settle(database.jobs().cluster(ME, "clustered"));
    while (database.backlog().unindexedRows() > 0) {
      Thread.sleep(200);
    }
    for (String name : NAMES) {
      System.out.printf(
          "%s: %d segments%n", name, database.collections().segments(ME, name).size());
    }
  }

  private RowBatch batch(int first, int count) {
    long[] ids = new long[count];
    long[] values = new long[count];
    float[] vectors = new float[count * dim];
    for (int i = 0; i < count; i++) {
      ids[i] = first + i;
      values[i] = random.nextInt(VALUES);
    }
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = (float) random.nextGaussian();
    }
    return new RowBatch(
        count,
        Map.of(
            "id", new Column.Longs(DataType.INT64, ids, null),
            "n", new Column.Longs(DataType.INT64, values, null),
            "v", new Column.FloatVectors(dim, vectors)));
  }

  private void settle(long id) throws InterruptedException {
    while (database.jobs().compaction(ME, id).state() != CompactionInfo.State.COMPLETED) {
      Thread.sleep(200);
    }
  }

  /** Calls one collection. */
  private interface Call {
    void on(String name, Filter filter);
  }

  private void measure(int rounds) {
    print("search", rounds, this::search);
    print("count", rounds, this::count);
    System.out.printf("segments left out: %d%n", database.skippedSegments());
  }

  private void print(String what, int rounds, Call call) {
    double[] plain = new double[rounds];
    double[] clustered = new double[rounds];
    double[] ratios = new double[rounds];
    for (int round = -3; round < rounds; round++) {
      double before = micros("plain", call);
      double after = micros("clustered", call);
      if (round >= 0) {
        plain[round] = before;
        clustered[round] = after;
        ratios[round] = before / after;
      }
    }
    for (double[] all : List.of(plain, clustered, ratios)) {
      Arrays.sort(all);
    }
    System.out.printf(
        "%s: plain %.0f us, clustered %.0f us, ratio %.2f (%.2f to %.2f)%n",
        what,
        plain[rounds / 2],
        clustered[rounds / 2],
        ratios[rounds / 2],
        ratios[0],
        ratios[rounds - 1]);
  }

  /** No two filters are alike: segments remember the rows of those that come again. */
  private double micros(String name, Call call) {
    var process =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long start = process.getProcessCpuTime();
    for (int i = 0; i < CALLS; i++) {
      int from = random.nextInt(VALUES - VALUES / 20);
      call.on(name, Filter.of("%d <= n < %d".formatted(from, from + VALUES / 20)));
    }
    return (process.getProcessCpuTime() - start) / 1e3 / CALLS;
  }

  private void search(String name, Filter filter) {
    float[] query = new float[dim];
    for (int i = 0; i < dim; i++) {
      query[i] = (float) random.nextGaussian();
    }
    database
        .rows()
        .search(
            ME,
            SearchRequest.of(name, new Column.FloatVectors(dim, query), 10)
                .filter(filter)
                .consistency(Consistency.STRONG)
                .build());
  }

  private void count(String name, Filter filter) {
    database
        .rows()
        .query(
            ME,
            new QueryRequest(
                name,
                List.of(),
                filter,
                List.of(QueryRequest.COUNT),
                QueryRequest.NO_LIMIT,
                0,
                Consistency.STRONG,
                false));
  }
}
