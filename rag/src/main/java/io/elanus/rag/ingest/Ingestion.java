package io.elanus.rag.ingest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.query.Filter;
import io.elanus.rag.chunk.ChunkSettings;
import io.elanus.rag.document.Documents;
import io.elanus.rag.embed.Embedders;
import io.elanus.rag.embed.Model;
import io.elanus.rag.hash.Sha256;
import io.elanus.rag.knowledge.Chunk;
import io.elanus.rag.knowledge.KnowledgeCollections;
import io.elanus.rag.knowledge.KnowledgeSchema;
import io.elanus.rag.knowledge.ShelfGate;
import io.elanus.rag.parse.Extractor;
import io.elanus.rag.policy.MandatoryFilters;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The door: documents in, jobs to look at, documents to look up and to delete. */
public final class Ingestion implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ingestion.class);

  private final KnowledgeCollections collections;
  private final Embedders embedders;
  private final ShelfGate gate;
  private final IngestLimits limits;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final DocumentShelf shelf;
  private final Access access;
  private final JobBoard board;
  private final DocumentWorker worker;
  private volatile boolean closed;
  private long lastMillis;

  /**
   * What it stands on.
   *
   * @param filters what callers are bound to
   * @param gate that all who write documents pass
   */
  public record Ports(
      Database database,
      Documents documents,
      Embedders embedders,
      Extractor extractor,
      MandatoryFilters filters,
      InstantSource clock,
      RandomGenerator random,
      ShelfGate gate) {
    /** Where nobody puts one collection in the place of another. */
    public Ports(
        Database database,
        Documents documents,
        Embedders embedders,
        Extractor extractor,
        MandatoryFilters filters,
        InstantSource clock,
        RandomGenerator random) {
      this(database, documents, embedders, extractor, filters, clock, random, new ShelfGate());
    }
  }

  public Ingestion(Ports ports, IngestLimits limits) {
    collections = new KnowledgeCollections(ports.database());
    embedders = ports.embedders();
    gate = ports.gate();
    this.limits = limits;
    clock = ports.clock();
    random = ports.random();
    shelf = new DocumentShelf(ports.documents());
    access = new Access(ports.filters(), collections);
    board = new JobBoard(ports.documents(), limits, clock);
    worker = new DocumentWorker(collections, shelf, access, ports, gate);
  }

  /**
   * Reads the jobs of before, and goes on with those that were not over.
   *
   * @param executor a thread of its own for each worker; they mostly wait
   */
  public void start(Executor executor, int workers) {
    board.load();
    for (int i = 0; i < workers; i++) {
      executor.execute(this::work);
    }
  }

  private void work() {
    while (!closed) {
      Work work;
      try {
        work = board.take();
      } catch (InterruptedException e) {
        return;
      }
      work(work);
    }
  }

  private void work(Work work) {
    Outcome outcome;
    try {
      outcome = worker.ingest(work, board);
    } catch (ElanusException e) {
      ErrorCode.Kind kind = e.code().kind();
      if (closed || kind == ErrorCode.Kind.RETRY || kind == ErrorCode.Kind.RESOURCE) {
        board.later(work, e);
        return;
      }
      if (kind == ErrorCode.Kind.INTERNAL) {
        LOG.error("a document could not be ingested", e);
      }
      outcome = failed(work, e.code(), e.getMessage());
    } catch (RuntimeException e) {
      if (closed) {
        // What it stands on was closed under it; the next start does it again.
        board.later(work, new ElanusException(ErrorCode.NOT_READY, "the server is stopping", e));
        return;
      }
      LOG.error("a document could not be ingested, by a bug", e);
      outcome =
          failed(
              work,
              ErrorCode.INTERNAL,
              "the server failed by a mistake of its own; its log has the details");
    }
    board.finish(work, outcome);
  }

  private static Outcome failed(Work work, ErrorCode code, String why) {
    return Outcome.failed(
        code.name(),
        "the document %s could not be ingested: %s".formatted(work.labels().sourceId(), why));
  }

  /**
   * Takes documents in; durable when this returns. Those that are there already, as they are, are
   * done at once.
   *
   * @throws ElanusException BUSY where too many wait; NOT_PERMITTED, INVALID_ARGUMENT for the whole
   *     where one of them cannot be taken
   */
  public Ticket submit(Caller caller, Submission submission) {
    check(submission);
    long bytes = submission.documents().stream().mapToLong(d -> d.content().length).sum();
    board.checkRoom(submission.documents().size(), bytes);
    Caller owner = OwnerJson.patient(caller);
    CollectionInfo collection = collections.open(owner, submission.collection(), embedders);
    Model model = KnowledgeSchema.model(collection);
    long documents = KnowledgeSchema.shelf(collection);
    ChunkSettings effective = submission.settings().within(model.tokensMax());
    List<Labels> stamped = new ArrayList<>();
    for (Submission.Item item : submission.documents()) {
      Labels labels = access.stamped(owner, collection.name(), item.labels());
      long timestamp = labels.timestampMillis().orElse(clock.millis());
      access.checkPlace(owner, collection.name(), labels);
      access.checkChunk(owner, collection.name(), labels, 0, timestamp, labels.title(), "");
      stamped.add(labels);
    }
    String id = nextId();
    List<Work> works = new ArrayList<>();
    List<Labels> unchanged = new ArrayList<>();
    int number = 0;
    for (int i = 0; i < submission.documents().size(); i++) {
      Submission.Item item = submission.documents().get(i);
      Labels labels = stamped.get(i);
      String hash = Sha256.hex(item.content());
      DocumentKey key = DocumentKey.of(documents, labels.sourceId());
      if (isUnchanged(owner, collection.name(), key, labels, hash, effective)) {
        unchanged.add(labels);
        continue;
      }
      String contentKey = DocumentShelf.contentKey(key, id, number);
      shelf.putContent(contentKey, item.content());
      works.add(
          new Work(
              id,
              number++,
              owner,
              documents,
              submission.settings(),
              labels,
              hash,
              item.content().length,
              contentKey));
    }
    Job.Head head =
        new Job.Head(
            id,
            owner,
            collection.name(),
            documents,
            effective,
            notes(submission.settings(), effective, model),
            submission.documents().size(),
            clock.millis());
    Job job = new Job(head, works, limits.errorsKept());
    unchanged.forEach(l -> job.count(l.sourceId(), Outcome.UNCHANGED, clock.millis()));
    board.add(job);
    return new Ticket(job);
  }

  private static List<String> notes(ChunkSettings asked, ChunkSettings effective, Model model) {
    return asked.tokens() <= effective.tokens()
        ? List.of()
        : List.of(
            "chunks have at most %d tokens, all that the model %s reads, not %d"
                .formatted(effective.tokens(), model.name(), asked.tokens()));
  }

  private void check(Submission submission) {
    int count = submission.documents().size();
    if (count == 0) {
      throw new ElanusException(ErrorCode.MISSING_ARGUMENT, "there are no documents to ingest");
    }
    if (count > limits.jobDocumentsMax()) {
      throw new ElanusException(
          ErrorCode.TOO_LARGE,
          "%d documents at once are too many; send at most %d"
              .formatted(count, limits.jobDocumentsMax()));
    }
  }

  private boolean isUnchanged(
      Caller owner,
      String collection,
      DocumentKey key,
      Labels labels,
      String hash,
      ChunkSettings settings) {
    if (board.isPending(key)) {
      return false;
    }
    Optional<DocumentRecord> record = shelf.record(key);
    return record.isPresent()
        && record.get().isSame(labels, hash, settings)
        && collections.count(owner, collection, labels.sourceId(), Filter.ALL)
            == record.get().chunks();
  }

  /** Ascends with time, also where the clock does not. */
  private synchronized String nextId() {
    lastMillis = Math.max(clock.millis(), lastMillis + 1);
    return "%011x%08x".formatted(lastMillis, random.nextInt());
  }

  /** A job that was accepted. */
  public final class Ticket {
    private final Job job;

    private Ticket(Job job) {
      this.job = job;
    }

    public ObjectNode shown() {
      return board.shown(job);
    }

    /** Until it is over, or the time is. */
    public void await(Instant until) throws InterruptedException {
      board.await(job, until);
    }

    public boolean isOver() {
      return board.shown(job).has("finished");
    }
  }

  /** The caller's jobs, newest first. */
  public ArrayNode jobs(Caller caller, int limit) {
    ArrayNode shown = IngestJson.object().putArray("jobs");
    for (Job job : board.list()) {
      if (shown.size() < limit && isVisible(caller, job)) {
        shown.add(board.shown(job));
      }
    }
    return shown;
  }

  /** Empty where there is none that the caller sees. */
  public Optional<Ticket> ticket(Caller caller, String id) {
    return find(caller, id).map(Ticket::new);
  }

  /** What waits is dropped, what is being worked on stops soon. */
  public Optional<ObjectNode> cancel(Caller caller, String id) {
    Optional<Job> job = find(caller, id);
    job.ifPresent(board::cancel);
    return job.map(board::shown);
  }

  private Optional<Job> find(Caller caller, String id) {
    return board.job(id).filter(job -> isVisible(caller, job));
  }

  /** Errors name documents, so a bound caller sees its own jobs alone. */
  private boolean isVisible(Caller caller, Job job) {
    return caller.database().equals(job.head.owner().database())
        && (OwnerJson.same(caller, job.head.owner())
            || !access.isBound(caller, job.head.collection()));
  }

  /** One page of the documents that the caller sees, each by its first chunk. */
  public List<Chunk> documents(Caller caller, String collection, int offset, int limit) {
    CollectionInfo info = collections.describe(caller, collection);
    return collections.documents(
        caller, info.name(), access.filter(caller, info.name()), offset, limit);
  }

  /** Empty where there is none that the caller sees. */
  public Optional<DocumentRecord> document(Caller caller, String collection, String id) {
    return record(caller, collections.describe(caller, collection), id);
  }

  private Optional<DocumentRecord> record(Caller caller, CollectionInfo info, String id) {
    if (!id.matches("[0-9a-f]{32}")) {
      return Optional.empty();
    }
    return shelf
        .record(new DocumentKey(KnowledgeSchema.shelf(info), id))
        .filter(record -> access.sees(caller, info.name(), record.labels().sourceId()));
  }

  public String text(DocumentRecord record) {
    return shelf.text(record).orElseThrow(Ingestion::gone);
  }

  public byte[] content(DocumentRecord record) {
    return shelf.content(record.contentKey()).orElseThrow(Ingestion::gone);
  }

  private static ElanusException gone() {
    return new ElanusException(
        ErrorCode.NOT_READY, "the document was replaced or deleted this moment; ask again");
  }

  /**
   * With its chunks. What waits to be ingested into it is dropped.
   *
   * @return how many chunks there were; empty where there is no document that the caller sees
   */
  public OptionalInt delete(Caller caller, String collection, String id) {
    CollectionInfo info = collections.describe(caller, collection);
    Optional<DocumentRecord> record = record(caller, info, id);
    if (record.isEmpty()) {
      return OptionalInt.empty();
    }
    String source = record.get().labels().sourceId();
    DocumentKey key = DocumentKey.of(KnowledgeSchema.shelf(info), source);
    int[] deleted = new int[1];
    board.alone(
        key,
        () -> {
          try (ShelfGate.Pass pass = gate.enter(key.shelf())) {
            String name = collections.ofShelf(caller, key.shelf()).name();
            List<String> ids = collections.ids(caller, name, source);
            collections.delete(caller, name, ids);
            shelf.deleteAll(key);
            deleted[0] = ids.size();
          }
        });
    return OptionalInt.of(deleted[0]);
  }

  /** Documents that wait or are being worked on. */
  public int waitingDocuments() {
    return board.waitingDocuments();
  }

  /** Takes nothing more; workers stop after the batch they are at, and the rest is for later. */
  @Override
  public void close() {
    closed = true;
    board.close();
  }
}
