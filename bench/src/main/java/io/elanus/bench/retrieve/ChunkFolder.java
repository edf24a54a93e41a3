package io.elanus.bench.retrieve;

import io.elanus.engine.database.FolderLogs;
import io.elanus.engine.database.LocalDatabase;
import io.elanus.engine.database.Stores;
import io.elanus.engine.write.WriteConfig;
import io.elanus.model.Caller;
import io.elanus.model.query.InsertRequest;
import io.elanus.model.schema.IndexSpec;
import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.Model;
import io.elanus.rag.embed.Tokens;
import io.elanus.rag.knowledge.Chunk;
import io.elanus.rag.knowledge.ChunkRows;
import io.elanus.rag.knowledge.KnowledgeSchema;
import io.elanus.store.catalog.SqliteCatalog;
import io.elanus.store.log.LocalLogFiles;
import io.elanus.store.object.LocalObjects;
import io.elanus.store.time.HybridTimestamps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A database with a collection of chunks, sealed and indexed. */
final class ChunkFolder implements AutoCloseable {
  static final String COLLECTION = "documents";
  static final Model MODEL = new Model("made-up", "1", 384, 256);
  private static final int TOPICS = 200;
  private static final int WORDS = 20_000;
  private static final int BATCH = 2_000;
  private static final int TEXT_WORDS = 120;
  private static final int QUERY_WORDS = 8;

  final LocalDatabase database;
  final List<String> queries = new ArrayList<>();
  final Map<String, float[]> vectors = new HashMap<>();
  private final ExecutorService search = Executors.newFixedThreadPool(2);
  private final ExecutorService background = Executors.newSingleThreadExecutor();
  private final SqliteCatalog catalog;
  private final Random random = new Random(7);
  private final float[][] topics = new float[TOPICS][];

  ChunkFolder(int rows, int queryCount) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("elanus-bench");
    catalog = SqliteCatalog.open(folder.resolve("catalog.db"));
    InstantSource clock = InstantSource.system();
    Stores stores =
        new Stores(
            catalog,
            new LocalObjects(folder.resolve("objects")),
            new FolderLogs(folder.resolve("log"), 64L << 20, LocalLogFiles::new),
            new HybridTimestamps(clock, catalog));
    database =
        LocalDatabase.open(
            stores, new LocalDatabase.Setup(search, background, clock, WriteConfig.DEFAULT));
    for (int topic = 0; topic < TOPICS; topic++) {
      topics[topic] = gaussian();
    }
    fill(rows);
    for (int query = 0; query < queryCount; query++) {
      int topic = random.nextInt(TOPICS);
      String text = text(topic, QUERY_WORDS);
      queries.add(text);
      vectors.put(text, near(topic));
    }
  }

  private void fill(int rows) throws InterruptedException {
    database.collections().create(Caller.SYSTEM, KnowledgeSchema.spec(COLLECTION, MODEL));
    for (IndexSpec index : KnowledgeSchema.indexes()) {
      database.indexes().create(Caller.SYSTEM, COLLECTION, index);
    }
    database.collections().load(Caller.SYSTEM, COLLECTION, List.of());
    for (int from = 0; from < rows; from += BATCH) {
      List<Chunk> chunks = new ArrayList<>();
      List<float[]> dense = new ArrayList<>();
      for (int row = from; row < Math.min(rows, from + BATCH); row++) {
        int topic = random.nextInt(TOPICS);
        chunks.add(chunk(row, topic));
        dense.add(near(topic));
      }
      database
          .rows()
          .insert(
              Caller.SYSTEM,
              new InsertRequest(COLLECTION, "", ChunkRows.of(chunks, dense, MODEL.dimension())));
    }
    database.jobs().flush(Caller.SYSTEM, COLLECTION);
    database.jobs().compact(Caller.SYSTEM, COLLECTION);
    while (database.backlog().unindexedRows() + database.backlog().sealingSegments() > 0) {
      Thread.sleep(500);
    }
  }

  private Chunk chunk(int row, int topic) {
    return new Chunk(
        "chunk-%08d".formatted(row),
        "document-%d".formatted(row / 20),
        row % 20,
        text(topic, TEXT_WORDS),
        "A title",
        "Part > Section",
        0,
        700,
        "hash",
        List.of("tag" + topic % 10),
        1_760_000_000_000L + row,
        "{\"tenant\":\"%d\"}".formatted(topic % 4));
  }

  private String text(int topic, int words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      double rare = Math.pow(WORDS, random.nextDouble());
      int word = random.nextInt(3) == 0 ? topic * 50 + random.nextInt(50) : (int) rare;
      text.append("w").append(word).append(' ');
    }
    return text.toString();
  }

  private float[] gaussian() {
    float[] vector = new float[MODEL.dimension()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  private float[] near(int topic) {
    float[] vector = gaussian();
    double length = 0;
    for (int i = 0; i < vector.length; i++) {
      vector[i] += 1.5f * topics[topic][i];
      length += vector[i] * vector[i];
    }
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= (float) Math.sqrt(length);
    }
    return vector;
  }

  /** Answers at once, as a cache of embeddings does. */
  Embedder embedder() {
    return new Embedder() {
      @Override
      public Model model() {
        return MODEL;
      }

      @Override
      public List<float[]> embed(List<String> texts, Purpose purpose) {
        return texts.stream().map(text -> Objects.requireNonNull(vectors.get(text))).toList();
      }

      @Override
      public Tokens tokens() {
        throw new IllegalStateException("nothing is cut here");
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {
    database.close();
    catalog.close();
    search.shutdownNow();
    background.shutdownNow();
  }
}
