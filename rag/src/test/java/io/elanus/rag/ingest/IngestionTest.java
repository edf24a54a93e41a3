package io.elanus.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.Filter;
import io.elanus.rag.chunk.ChunkSettings;
import io.elanus.rag.chunk.HashedWords;
import io.elanus.rag.fixture.Library;
import io.elanus.rag.knowledge.Chunk;
import io.elanus.rag.knowledge.KnowledgeCollections;
import io.elanus.rag.parse.Block;
import io.elanus.rag.parse.Extracted;
import io.elanus.rag.parse.ExtractedBuilder;
import io.elanus.rag.parse.ParseLimits;
import io.elanus.rag.parse.Source;
import io.elanus.rag.policy.ConfiguredFilters;
import io.elanus.rag.policy.MandatoryFilters;
import io.elanus.rag.policy.Rule;
import io.elanus.testkit.oracle.OracleDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IngestionTest {
  private static final String COLLECTION = "docs";
  private static final Caller ME = Caller.SYSTEM;

  private final MemoryDocuments documents = new MemoryDocuments();
  private final AtomicReference<@Nullable ElanusException> trouble = new AtomicReference<>();
  private final CountDownLatch gate = new CountDownLatch(1);
  private OracleDatabase database;
  private KnowledgeCollections collections;
  private ExecutorService executor;
  private Ingestion ingestion;
  private HashedWords embedder;
  private boolean gated;

  @BeforeEach
  void start() {
    database = new OracleDatabase(InstantSource.system());
    embedder = new Troubled();
    Library.create(database, COLLECTION, embedder.model());
    collections = new KnowledgeCollections(database);
    executor = Executors.newVirtualThreadPerTaskExecutor();
    ingestion = ingestion(IngestLimits.DEFAULT, MandatoryFilters.NONE);
  }

  /** Fails as long as it is told to. */
  private final class Troubled extends HashedWords {
    Troubled() {
      super(32, 64);
    }

    @Override
    public List<float[]> embed(List<String> batch, Purpose purpose) {
      ElanusException failure = trouble.get();
      if (failure != null) {
        throw new ElanusException(failure.code(), failure.getMessage());
      }
      return super.embed(batch, purpose);
    }
  }

  private Ingestion ingestion(IngestLimits limits, MandatoryFilters filters) {
    return new Ingestion(
        new Ingestion.Ports(
            database,
            documents,
            embedder,
            this::extract,
            filters,
            InstantSource.system(),
            new SplittableRandom(1)),
        limits);
  }

  /** Lines that begin with # are headings; a document that says "bad" cannot be read. */
  private Extracted extract(Source source) {
    if (gated) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new ElanusException(ErrorCode.NOT_READY, "stopping", e);
      }
    }
    String text = new String(source.content(), StandardCharsets.UTF_8);
    if (text.equals("bad")) {
      throw new ElanusException(ErrorCode.INVALID_ARGUMENT, "it is bad");
    }
    ExtractedBuilder builder = new ExtractedBuilder(ParseLimits.DEFAULT);
    for (String line : text.split("\n")) {
      boolean heading = line.startsWith("# ");
      builder.add(
          heading ? Block.Kind.HEADING : Block.Kind.PARAGRAPH,
          heading ? 1 : 0,
          heading ? line.substring(2) : line);
    }
    return builder.build();
  }

  @AfterEach
  void stop() {
    gate.countDown();
    ingestion.close();
    executor.shutdownNow();
  }

  private static Submission.Item item(String source, String text, String... tags) {
    return new Submission.Item(
        new Labels(source, "", "", "", List.of(tags), OptionalLong.empty(), "{}"),
        text.getBytes(StandardCharsets.UTF_8));
  }

  private static Submission of(Submission.Item... items) {
    return new Submission(
        COLLECTION, ChunkSettings.of(ChunkSettings.Kind.HEADING, 32), List.of(items));
  }

  private ObjectNode ingest(Submission submission) throws InterruptedException {
    return ingest(ME, submission);
  }

  private ObjectNode ingest(Caller caller, Submission submission) throws InterruptedException {
    Ingestion.Ticket ticket = ingestion.submit(caller, submission);
    ticket.await(Instant.now().plusSeconds(30));
    assertThat(ticket.isOver()).as("%s", ticket.shown()).isTrue();
    return ticket.shown();
  }

  private static String counts(ObjectNode job) {
    return "%d embedded, %d kept, %d deleted"
        .formatted(
            job.path("chunks").path("embedded").asInt(),
            job.path("chunks").path("kept").asInt(),
            job.path("chunks").path("deleted").asInt());
  }

  /** The chunks of a document, by their places. */
  private List<Chunk> chunks(String source) {
    List<Chunk> chunks = new ArrayList<>();
    collections
        .stored(ME, COLLECTION, collections.ids(ME, COLLECTION, source))
        .values()
        .forEach(stored -> chunks.add(stored.chunk()));
    chunks.sort((a, b) -> a.index() - b.index());
    return chunks;
  }

  private List<String> texts(String source) {
    return chunks(source).stream().map(Chunk::text).toList();
  }

  private static final String TWO = "# One\nThe first section.\n# Two\nThe second section.";

  @Test
  void aDocumentBecomesChunks() throws InterruptedException {
    ingestion.start(executor, 2);
    ObjectNode job = ingest(of(item("a", TWO, "x", "y")));
    assertThat(job.path("state").asText()).isEqualTo("done");
    assertThat(counts(job)).isEqualTo("2 embedded, 0 kept, 0 deleted");
    List<Chunk> chunks = chunks("a");
    assertThat(texts("a"))
        .containsExactly("One\n\nThe first section.", "Two\n\nThe second section.");
    assertThat(chunks.getFirst().heading()).isEqualTo("One");
    assertThat(chunks.getFirst().tags()).containsExactly("x", "y");
    DocumentRecord record =
        ingestion.document(ME, COLLECTION, DocumentKey.of(0, "a").id()).orElseThrow();
    String text = ingestion.text(record);
    for (Chunk chunk : chunks) {
      assertThat(text.substring(chunk.start(), chunk.end())).isEqualTo(chunk.text());
      assertThat(chunk.documentHash()).isEqualTo(record.hash());
    }
    assertThat(new String(ingestion.content(record), StandardCharsets.UTF_8)).isEqualTo(TWO);
    assertThat(ingestion.documents(ME, COLLECTION, 0, 10)).hasSize(1);
  }

  @Test
  void theSameAgainDoesNothing() throws InterruptedException {
    ingestion.start(executor, 2);
    ingest(of(item("a", TWO)));
    int keys = documents.all.size();
    long texts = embedder.texts();
    ObjectNode job = ingest(of(item("a", TWO)));
    assertThat(job.path("documents").path("unchanged").asInt()).isEqualTo(1);
    assertThat(embedder.texts()).isEqualTo(texts);
    assertThat(documents.all).hasSize(keys + 1);
  }

  @Test
  void whatDidNotChangeKeepsItsKeyAndVector() throws InterruptedException {
    ingestion.start(executor, 2);
    ingest(of(item("a", TWO + "\n# Three\nThe third.")));
    List<Chunk> before = chunks("a");
    long texts = embedder.texts();
    ObjectNode job = ingest(of(item("a", "# One\nThe first section.\n# Two\nSomething else now.")));
    assertThat(counts(job)).isEqualTo("1 embedded, 1 kept, 2 deleted");
    assertThat(embedder.texts()).isEqualTo(texts + 1);
    assertThat(texts("a"))
        .containsExactly("One\n\nThe first section.", "Two\n\nSomething else now.");
    assertThat(chunks("a").getFirst().id()).isEqualTo(before.getFirst().id());
    assertThat(chunks("a").getFirst().documentHash())
        .isNotEqualTo(before.getFirst().documentHash());
    assertThat(documents.list("document/")).as("only the newest version").hasSize(3);
  }

  @Test
  void newLabelsNeedNoVectors() throws InterruptedException {
    ingestion.start(executor, 2);
    ingest(of(item("a", TWO)));
    long texts = embedder.texts();
    ObjectNode job = ingest(of(item("a", TWO, "new")));
    assertThat(counts(job)).isEqualTo("0 embedded, 2 kept, 0 deleted");
    assertThat(embedder.texts()).isEqualTo(texts);
    assertThat(chunks("a")).allSatisfy(chunk -> assertThat(chunk.tags()).containsExactly("new"));
  }

  @Test
  void rowsThatAreGoneComeBack() throws InterruptedException {
    ingestion.start(executor, 2);
    ingest(of(item("a", TWO)));
    database.collections().truncate(ME, COLLECTION);
    assertThat(counts(ingest(of(item("a", TWO))))).isEqualTo("2 embedded, 0 kept, 0 deleted");
    assertThat(texts("a")).hasSize(2);
  }

  @Test
  void theSameTextTwiceInADocumentIsTwoChunks() throws InterruptedException {
    ingestion.start(executor, 2);
    String twice = "# Same\nWords here.\n# Same\nWords here.";
    assertThat(counts(ingest(of(item("a", twice))))).isEqualTo("2 embedded, 0 kept, 0 deleted");
    assertThat(chunks("a").stream().map(Chunk::id).distinct()).hasSize(2);
    assertThat(ingest(of(item("a", twice))).path("documents").path("unchanged").asInt())
        .isEqualTo(1);
  }

  @Test
  void aBadDocumentCostsTheOthersNothing() throws InterruptedException {
    ingestion.start(executor, 2);
    ObjectNode job = ingest(of(item("a", TWO), item("b", "bad"), item("c", TWO)));
    assertThat(job.path("documents").path("ingested").asInt()).isEqualTo(2);
    assertThat(job.path("documents").path("failed").asInt()).isEqualTo(1);
    assertThat(job.path("errors").get(0).path("message").asText())
        .isEqualTo("the document b could not be ingested: it is bad");
    assertThat(texts("c")).hasSize(2);
    assertThat(documents.list("document/")).as("nothing of the bad one stays").hasSize(6);
  }

  @Test
  void anOlderVersionStaysWhereTheNewOneIsBad() throws InterruptedException {
    ingestion.start(executor, 2);
    ingest(of(item("a", TWO)));
    ingest(of(item("a", "bad")));
    assertThat(texts("a")).hasSize(2);
    assertThat(ingestion.document(ME, COLLECTION, DocumentKey.of(0, "a").id())).isPresent();
  }

  @Test
  void anEmbedderThatIsAwayIsWaitedFor() throws InterruptedException {
    ingestion.start(executor, 2);
    trouble.set(new ElanusException(ErrorCode.NOT_READY, "the model is away"));
    Ingestion.Ticket ticket = ingestion.submit(ME, of(item("a", TWO)));
    while (!ticket.shown().path("waiting").asText().equals("the model is away")) {
      Thread.sleep(10);
    }
    assertThat(ticket.isOver()).isFalse();
    trouble.set(null);
    ticket.await(Instant.now().plusSeconds(30));
    assertThat(ticket.shown().path("documents").path("ingested").asInt()).isEqualTo(1);
    assertThat(ticket.shown().has("waiting")).isFalse();
  }

  @Test
  void aFullQueueSaysSo() throws InterruptedException {
    ingestion = ingestion(new IngestLimits(10, 3, 1_000, 1_000, 10, 10), MandatoryFilters.NONE);
    Ingestion.Ticket first = ingestion.submit(ME, of(item("a", TWO), item("b", TWO)));
    int keys = documents.all.size();
    assertThatThrownBy(() -> ingestion.submit(ME, of(item("c", TWO), item("d", TWO))))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY))
        .hasMessageContaining("2 documents");
    assertThatThrownBy(() -> ingestion.submit(ME, of(item("c", "x".repeat(950)))))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY));
    assertThat(documents.all).as("nothing of what was refused was written").hasSize(keys);
    ingestion.start(executor, 1);
    first.await(Instant.now().plusSeconds(30));
    assertThat(counts(ingest(of(item("c", TWO), item("d", TWO)))))
        .isEqualTo("4 embedded, 0 kept, 0 deleted");
  }

  @Test
  void jobsGoOnAfterAStart() throws InterruptedException {
    Ingestion.Ticket ticket = ingestion.submit(ME, of(item("a", TWO), item("b", TWO)));
    String id = ticket.shown().path("id").asText();
    // As after a crash: nothing was closed, nothing else is known than what is durable.
    Ingestion next = ingestion(IngestLimits.DEFAULT, MandatoryFilters.NONE);
    next.start(executor, 1);
    Ingestion.Ticket again = next.ticket(ME, id).orElseThrow();
    again.await(Instant.now().plusSeconds(30));
    assertThat(again.shown().path("state").asText()).isEqualTo("done");
    assertThat(counts(again.shown())).isEqualTo("4 embedded, 0 kept, 0 deleted");
    next.close();
    Ingestion last = ingestion(IngestLimits.DEFAULT, MandatoryFilters.NONE);
    last.start(executor, 1);
    assertThat(last.ticket(ME, id).orElseThrow().shown()).isEqualTo(again.shown());
    last.close();
  }

  @Test
  void aCanceledJobStops() throws InterruptedException {
    gated = true;
    ingestion.start(executor, 1);
    Ingestion.Ticket ticket =
        ingestion.submit(ME, of(item("a", TWO), item("b", TWO), item("c", TWO)));
    while (!ticket.shown().path("state").asText().equals("running")) {
      Thread.sleep(5);
    }
    ObjectNode canceled = ingestion.cancel(ME, ticket.shown().path("id").asText()).orElseThrow();
    assertThat(canceled.path("state").asText()).isEqualTo("canceled");
    gate.countDown();
    ticket.await(Instant.now().plusSeconds(30));
    assertThat(ticket.shown().path("documents").path("canceled").asInt()).isEqualTo(3);
    assertThat(texts("a")).isEmpty();
    assertThat(documents.list("document/")).isEmpty();
  }

  @Test
  void theNewestVersionIsTheOneThatStays() throws InterruptedException {
    trouble.set(new ElanusException(ErrorCode.NOT_READY, "away"));
    ingestion.start(executor, 4);
    Ingestion.Ticket first = ingestion.submit(ME, of(item("a", TWO)));
    while (first.shown().path("waiting").asText().isEmpty()) {
      Thread.sleep(5);
    }
    Ingestion.Ticket second = ingestion.submit(ME, of(item("a", "# New\nOnly this.")));
    trouble.set(null);
    second.await(Instant.now().plusSeconds(30));
    first.await(Instant.now().plusSeconds(30));
    assertThat(texts("a")).containsExactly("New\n\nOnly this.");
  }

  @Test
  void aDeletedDocumentIsGone() throws InterruptedException {
    ingestion.start(executor, 1);
    ingest(of(item("a", TWO), item("b", TWO)));
    String id = DocumentKey.of(0, "a").id();
    assertThat(ingestion.delete(ME, COLLECTION, id)).hasValue(2);
    assertThat(ingestion.delete(ME, COLLECTION, id)).isEmpty();
    assertThat(texts("a")).isEmpty();
    assertThat(texts("b")).hasSize(2);
    assertThat(documents.list("document/")).hasSize(3);
  }

  @Test
  void anotherModelIsRefused() {
    HashedWords other = new HashedWords(32, 64);
    Ingestion strange =
        new Ingestion(
            new Ingestion.Ports(
                database,
                documents,
                new HashedWords(16, 64),
                this::extract,
                MandatoryFilters.NONE,
                InstantSource.system(),
                new SplittableRandom(1)),
            IngestLimits.DEFAULT);
    assertThat(other.model()).isEqualTo(embedder.model());
    assertThatThrownBy(() -> strange.submit(ME, of(item("a", TWO))))
        .hasMessageContaining("(32 numbers)")
        .hasMessageContaining("(16 numbers)");
    assertThat(documents.all).isEmpty();
  }

  @Test
  void longerChunksThanTheModelReadsAreNoted() throws InterruptedException {
    ingestion.start(executor, 1);
    String words = "word ".repeat(500);
    Submission long500 =
        new Submission(
            COLLECTION,
            ChunkSettings.of(ChunkSettings.Kind.HEADING, 500),
            List.of(item("a", words)));
    // The embedder of this test throws where a text would be cut off.
    ObjectNode job = ingest(long500);
    assertThat(job.path("documents").path("ingested").asInt()).isEqualTo(1);
    assertThat(job.path("settings").path("tokens").asInt()).isEqualTo(64);
    assertThat(job.path("notes").get(0).asText()).contains("64 tokens").contains("not 500");
    assertThat(chunks("a").size()).isGreaterThan(7);
  }

  @Test
  void damageOnDiskIsToldAndHarmsNoOther() throws InterruptedException {
    ingestion.submit(ME, of(item("a", TWO), item("b", TWO)));
    String key =
        documents.list("document/").stream()
            .filter(k -> k.contains("content-"))
            .toList()
            .getFirst();
    byte[] damaged = documents.all.get(key).clone();
    damaged[3] ^= 1;
    documents.put(key, damaged);
    documents.put("job/zz", new byte[] {1, 2, 3});
    ingestion.start(executor, 1);
    ObjectNode job = ingest(of(item("c", TWO)));
    assertThat(job.path("documents").path("ingested").asInt()).isEqualTo(1);
    String errors = ingestion.jobs(ME, 10).toString();
    assertThat(errors).contains("damaged on the disk");
    assertThat(
            collections.count(ME, COLLECTION, "a", Filter.ALL)
                + collections.count(ME, COLLECTION, "b", Filter.ALL))
        .isEqualTo(2);
  }

  /** Everybody sees, and writes, what is their team's. */
  private MandatoryFilters byTeam() {
    ObjectNode team = IngestJson.object().put("team", "${caller.team}");
    return new ConfiguredFilters(
        database,
        List.of(new Rule(List.of("*"), List.of(), "*", List.of("*"), team, List.of(), team)),
        Map.of());
  }

  @Test
  void policiesBindWhatIsSeenAndWritten() throws InterruptedException {
    Caller red = new Caller("red", "default", Map.of("team", "red"), Instant.MAX);
    Caller blue = new Caller("blue", "default", Map.of("team", "blue"), Instant.MAX);
    ingestion = ingestion(IngestLimits.DEFAULT, byTeam());
    ingestion.start(executor, 1);
    ObjectNode job = ingest(red, of(item("red.md", TWO)));
    assertThat(job.path("documents").path("ingested").asInt()).isEqualTo(1);
    assertThat(chunks("red.md"))
        .allSatisfy(chunk -> assertThat(chunk.metadata()).contains("\"team\":\"red\""));
    String id = DocumentKey.of(0, "red.md").id();
    assertThat(ingestion.document(blue, COLLECTION, id)).isEmpty();
    assertThat(ingestion.documents(blue, COLLECTION, 0, 10)).isEmpty();
    assertThat(ingestion.delete(blue, COLLECTION, id)).isEmpty();
    assertThat(ingestion.jobs(blue, 10)).isEmpty();
    assertThat(ingestion.ticket(blue, job.path("id").asText())).isEmpty();
    assertThatThrownBy(() -> ingestion.submit(blue, of(item("red.md", "# Mine\nnow"))))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_PERMITTED));
    assertThat(texts("red.md")).hasSize(2);
    assertThat(ingestion.documents(red, COLLECTION, 0, 10)).hasSize(1);
    assertThat(ingestion.document(red, COLLECTION, id)).isPresent();
    assertThat(ingestion.jobs(red, 10)).hasSize(1);
    assertThat(ingestion.delete(red, COLLECTION, id)).hasValue(2);
  }
}
