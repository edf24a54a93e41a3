package io.elanus.rag.reembed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.Filter;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.rows.RowBatch;
import io.elanus.rag.document.Documents;
import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.Embedders;
import io.elanus.rag.embed.Model;
import io.elanus.rag.embed.SeveralEmbedders;
import io.elanus.rag.fixture.Library;
import io.elanus.rag.fixture.WordEmbedder;
import io.elanus.rag.knowledge.Chunk;
import io.elanus.rag.knowledge.ChunkRows;
import io.elanus.rag.knowledge.KnowledgeCollections;
import io.elanus.rag.knowledge.KnowledgeSchema;
import io.elanus.rag.knowledge.ShelfGate;
import io.elanus.rag.knowledge.StoredChunks;
import io.elanus.rag.policy.MandatoryFilters;
import io.elanus.rag.reembed.shadow.Pairs;
import io.elanus.rag.retrieve.SearchRetriever;
import io.elanus.testkit.oracle.OracleDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** A library, two models, and a server's worth of re-embedding over it. */
final class Bench implements AutoCloseable {
  static final String NAME = "documents";
  static final Caller ME = Caller.SYSTEM;
  static final Model OTHER = new Model("other", "2", 32, 512);

  final OracleDatabase database = new OracleDatabase(InstantSource.system());
  final Map<String, byte[]> stored = new ConcurrentHashMap<>();
  final WordEmbedder words = new WordEmbedder();
  final WordEmbedder other = new WordEmbedder(OTHER);
  final Embedders embedders;
  final ShelfGate gate = new ShelfGate();
  final Activity activity = new Activity(System::nanoTime, Bench::nap);
  final KnowledgeCollections collections = new KnowledgeCollections(database);
  final MandatoryFilters filters;
  private final List<ExecutorService> threads = new ArrayList<>();

  Bench() {
    this(database -> MandatoryFilters.NONE);
  }

  Bench(Function<Database, MandatoryFilters> policy) {
    Map<String, Embedder> byName = new LinkedHashMap<>();
    byName.put(words.model().name(), words);
    byName.put(OTHER.name(), other);
    embedders = new SeveralEmbedders(byName);
    this.filters = policy.apply(database);
    Library.create(database, NAME);
  }

  /** Waits are short here. */
  private static void nap(Duration duration) throws InterruptedException {
    Thread.sleep(Math.min(2, duration.toMillis()));
  }

  Documents documents() {
    return new Documents() {
      @Override
      public void put(String key, byte[] content) {
        stored.put(key, content);
      }

      @Override
      public Optional<byte[]> get(String key) {
        return Optional.ofNullable(stored.get(key));
      }

      @Override
      public void delete(String key) {
        stored.remove(key);
      }

      @Override
      public List<String> list(String prefix) {
        return stored.keySet().stream().filter(key -> key.startsWith(prefix)).sorted().toList();
      }
    };
  }

  SearchRetriever retriever() {
    return new SearchRetriever(
        database, embedders, filters, Optional.empty(), InstantSource.system());
  }

  /** A server that starts. */
  Reembeddings start(Database over, Documents documents) {
    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    threads.add(executor);
    InstantSource clock = InstantSource.system();
    Reembeddings started =
        new Reembeddings(
            new Reembeddings.Ports(
                over,
                documents,
                embedders,
                filters,
                gate,
                activity,
                new Pairs(retriever(), System::nanoTime, clock),
                clock,
                new SplittableRandom(1),
                executor));
    started.start();
    return started;
  }

  Reembeddings start() {
    return start(database, documents());
  }

  /** Ends the newest server's threads in the middle of what they do. */
  void stopThreads() {
    threads.forEach(ExecutorService::shutdownNow);
    threads.clear();
  }

  static Reembeddings.Request toOther() {
    return new Reembeddings.Request(NAME, OTHER.name(), Duration.ZERO, 0);
  }

  static void until(BooleanSupplier condition) {
    Instant end = Instant.now().plusSeconds(30);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as("it takes for ever").isBefore(end);
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static String state(Reembeddings all, String id) {
    return all.shown(ME, id).map(one -> one.path("state").asText()).orElse("gone");
  }

  String ready(Reembeddings all) {
    String id = all.begin(ME, toOther()).path("id").asText();
    until(() -> state(all, id).equals("ready"));
    return id;
  }

  static Chunk chunk(int number, String text) {
    return new Chunk(
        "key%04d".formatted(number),
        "source" + number % 7,
        number,
        text,
        "Title " + number % 7,
        "Heading",
        number,
        number + text.length(),
        "hash",
        List.of("tag" + number % 3),
        1_760_000_000_000L + number,
        "{\"n\":%d}".formatted(number));
  }

  /** As a worker of ingestion writes. */
  void write(List<Chunk> chunks) {
    long shelf = shelf();
    try (ShelfGate.Pass pass = gate.enter(shelf)) {
      CollectionInfo now = collections.ofShelf(ME, shelf);
      Model model = KnowledgeSchema.model(now);
      List<float[]> vectors =
          embedders
              .of(model, now.name())
              .embed(chunks.stream().map(Chunk::embedded).toList(), Embedder.Purpose.DOCUMENT);
      collections.upsert(ME, now.name(), ChunkRows.of(chunks, vectors, model.dimension()));
    }
  }

  void delete(List<String> keys) {
    long shelf = shelf();
    try (ShelfGate.Pass pass = gate.enter(shelf)) {
      collections.delete(ME, collections.ofShelf(ME, shelf).name(), keys);
    }
  }

  long shelf() {
    return KnowledgeSchema.shelf(database.collections().describe(ME, NAME));
  }

  /** What lies in a collection, each vector checked to be its model's; a key twice is a failure. */
  Map<String, Chunk> content(String collection) {
    CollectionInfo info = database.collections().describe(ME, collection);
    Model model = KnowledgeSchema.model(info);
    List<String> fields = new ArrayList<>(StoredChunks.FIELDS);
    fields.add(KnowledgeSchema.DENSE);
    RowBatch rows =
        database
            .rows()
            .query(
                ME,
                new QueryRequest(
                    collection,
                    List.of(),
                    Filter.ALL,
                    fields,
                    16_384,
                    0,
                    Consistency.STRONG,
                    false))
            .rows();
    Map<String, Chunk> all = new TreeMap<>();
    List<Chunk> chunks = StoredChunks.of(rows);
    for (int row = 0; row < chunks.size(); row++) {
      Chunk chunk = chunks.get(row);
      assertThat(all.put(chunk.id(), chunk)).as("twice: %s", chunk.id()).isNull();
      assertThat((float[]) rows.require(KnowledgeSchema.DENSE).get(row))
          .isEqualTo(WordEmbedder.vector(chunk.embedded(), model.dimension()));
    }
    return all;
  }

  String model(String collection) {
    return KnowledgeSchema.model(database.collections().describe(ME, collection)).name();
  }

  static String aside(ObjectNode shown) {
    return shown.path("aside").asText();
  }

  @Override
  public void close() {
    stopThreads();
  }
}
