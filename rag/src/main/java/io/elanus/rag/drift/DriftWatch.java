package io.elanus.rag.drift;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.document.Documents;
import io.elanus.rag.embed.Model;
import io.elanus.rag.knowledge.KnowledgeCollections;
import io.elanus.rag.retrieve.KnownCollections;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the vectors of questions, and of what lies in a collection, with how they once were.
 *
 * <p>A search hands its vector over and goes on; where more come than are looked at, some are
 * passed over, which a comparison of distributions bears. Everything else is done by {@link #tick},
 * which one thread calls now and then. Documents are sampled: their keys are hashes, so that the
 * first of them in order are a fair choice.
 *
 * <p>Another model, or another collection of the same name, begins anew.
 */
public final class DriftWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DriftWatch.class);
  private static final String PREFIX = "drift/";
  private static final int WAITING_MAX = 1_024;

  /** Vectors of documents that are looked at, and the least of them. */
  static final int SAMPLE = 1_024;

  static final int SAMPLE_MIN = 128;

  /** Collections watched at a time; some 20 KiB each. */
  static final int COLLECTIONS_MAX = 256;

  private static final long PAUSE_NANOS = Duration.ofMinutes(5).toNanos();

  private record Passing(String database, String collection, float[] vector) {}

  private final Database database;
  private final KnownCollections known;
  private final KnowledgeCollections knowledge;
  private final Documents documents;
  private final MeterRegistry registry;
  private final LongSupplier nanos;
  private final BlockingQueue<Passing> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final Counter passedOver;

  // All below under this lock, which no search takes.
  private final Map<Long, Watched> watched = new HashMap<>();
  private final Map<Integer, Features> features = new HashMap<>();

  /** A collection under watch. */
  private static final class Watched {
    final Gauges gauges;
    DriftFile.Content content;
    long sampledOperation = -1;
    long pauseUntil;
    boolean unsaved;
    final String database;

    Watched(Gauges gauges, DriftFile.Content content, String database, long now) {
      this.gauges = gauges;
      this.content = content;
      this.database = database;
      this.pauseUntil = now;
    }
  }

  /** What is exported; NaN where too little is known. */
  private static final class Gauges {
    volatile double questions = Double.NaN;
    volatile double documents = Double.NaN;
    final List<Gauge> registered = new ArrayList<>();
  }

  /**
   * How far things have moved.
   *
   * @param questions empty where too few were asked
   * @param questionsBaseline vectors it is compared with
   * @param documents empty where there are too few
   */
  public record Status(
      String collection,
      String model,
      OptionalDouble questions,
      long questionsBaseline,
      long questionsRecent,
      OptionalDouble documents,
      long documentsBaseline,
      long documentsSampled) {}

  /**
   * @param documents where it is kept over restarts
   */
  public DriftWatch(
      Database database, Documents documents, MeterRegistry registry, LongSupplier nanos) {
    this.database = database;
    this.known = new KnownCollections(database);
    this.knowledge = new KnowledgeCollections(database);
    this.documents = documents;
    this.registry = registry;
    this.nanos = nanos;
    this.passedOver =
        Counter.builder("elanus_rag_drift_passed_over")
            .description("questions that were not looked at, as too many came at once")
            .register(registry);
  }

  /** A question's vector goes by; costs its copy. */
  void asked(String ofDatabase, String collection, float[] vector) {
    if (!waiting.offer(new Passing(ofDatabase, collection, vector.clone()))) {
      passedOver.increment();
    }
  }

  /** Looks at what has gone by, and at collections that have changed; writes it down. */
  public synchronized void tick() {
    List<Passing> some = new ArrayList<>();
    waiting.drainTo(some);
    for (Passing each : some) {
      try {
        take(each);
      } catch (ElanusException e) {
        // The collection is gone, or another model's: nothing to compare.
        LOG.debug("a question is not looked at for drift", e);
      }
    }
    for (long id : List.copyOf(watched.keySet())) {
      try {
        refresh(id);
      } catch (ElanusException e) {
        if (e.code() == ErrorCode.COLLECTION_NOT_FOUND) {
          forget(id);
        } else {
          LOG.debug("a collection is not looked at for drift", e);
        }
      }
    }
  }

  private void take(Passing passing) {
    Watched of = watched(Caller.in(passing.database), passing.collection);
    if (of == null || zero(passing.vector)) {
      return;
    }
    of.content.questions().add(features(passing.vector.length).of(passing.vector));
    of.unsaved = true;
  }

  private static boolean zero(float[] vector) {
    for (float x : vector) {
      if (x != 0) {
        return false;
      }
    }
    return true;
  }

  private Features features(int dimension) {
    return features.computeIfAbsent(dimension, Features::new);
  }

  /** Null where too many are watched already. */
  private @Nullable Watched watched(Caller caller, String name) {
    KnownCollections.Known collection = known.of(caller, name);
    String model = model(collection.model());
    long id = collection.version().id();
    Watched there = watched.get(id);
    if (there == null) {
      if (watched.size() >= COLLECTIONS_MAX) {
        return null;
      }
      there =
          new Watched(
              gauges(caller.database(), collection.version().name()),
              read(id, model),
              caller.database(),
              nanos.getAsLong());
      watched.put(id, there);
    }
    if (!there.content.model().equals(model)) {
      begin(there, model);
    }
    return there;
  }

  private static String model(Model model) {
    return "%s %s %d".formatted(model.name(), model.version(), model.dimension());
  }

  private static void begin(Watched of, String model) {
    of.content = new DriftFile.Content(model, new Series(), new Mean(), new Mean());
    of.sampledOperation = -1;
    of.unsaved = true;
  }

  private DriftFile.Content read(long id, String model) {
    try {
      return documents
          .get(PREFIX + id)
          .map(DriftFile::decode)
          .orElseGet(() -> new DriftFile.Content(model, new Series(), new Mean(), new Mean()));
    } catch (ElanusException e) {
      LOG.warn("the drift watch of a collection begins anew: {}", e.getMessage());
      return new DriftFile.Content(model, new Series(), new Mean(), new Mean());
    }
  }

  private Gauges gauges(String ofDatabase, String collection) {
    Gauges gauges = new Gauges();
    gauges.registered.add(gauge(ofDatabase, collection, "questions", () -> gauges.questions));
    gauges.registered.add(gauge(ofDatabase, collection, "documents", () -> gauges.documents));
    return gauges;
  }

  private Gauge gauge(String ofDatabase, String collection, String of, Supplier<Number> value) {
    return Gauge.builder("elanus_rag_drift_ratio", value)
        .description("how far vectors have moved from their baseline, over its spread")
        .tag("database", ofDatabase)
        .tag("collection", collection)
        .tag("of", of)
        .strongReference(true)
        .register(registry);
  }

  private void refresh(long id) {
    Watched of = watched.get(id);
    if (of == null) {
      throw new IllegalStateException("only what is watched is looked at");
    }
    Caller caller = Caller.in(of.database);
    String name = knowledge.describe(caller, id).name();
    of.gauges.questions = of.content.questions().drift().orElse(Double.NaN);
    if (nanos.getAsLong() - of.pauseUntil < 0) {
      return;
    }
    of.pauseUntil = nanos.getAsLong() + PAUSE_NANOS;
    sample(caller, name, of);
    save(id, of);
  }

  /** Reads a sample where something was written since the last. */
  private void sample(Caller caller, String name, Watched of) {
    Watched same = watched(caller, name);
    if (same != of) {
      return;
    }
    long operation = database.collections().version(caller, name).operation();
    if (operation != of.sampledOperation) {
      of.sampledOperation = operation;
      Mean now = new Mean();
      for (float[] vector : knowledge.sample(caller, name, SAMPLE)) {
        if (!zero(vector)) {
          now.add(features(vector.length).of(vector));
        }
      }
      boolean first = of.content.baseline().count() == 0 && now.count() >= SAMPLE_MIN;
      of.content =
          new DriftFile.Content(
              of.content.model(), of.content.questions(), first ? now : of.content.baseline(), now);
      of.unsaved = true;
    }
    of.gauges.documents = documents(of.content).orElse(Double.NaN);
  }

  private static OptionalDouble documents(DriftFile.Content content) {
    boolean enough =
        content.baseline().count() >= SAMPLE_MIN && content.documents().count() >= SAMPLE_MIN;
    return enough
        ? OptionalDouble.of(content.baseline().drift(content.documents()))
        : OptionalDouble.empty();
  }

  private void save(long id, Watched of) {
    if (of.unsaved) {
      of.unsaved = false;
      documents.put(PREFIX + id, DriftFile.encode(of.content));
    }
  }

  private void forget(long id) {
    Watched gone = watched.remove(id);
    if (gone != null) {
      gone.gauges.registered.forEach(registry::remove);
    }
    documents.delete(PREFIX + id);
  }

  /**
   * As things are now; documents are sampled anew where they have changed.
   *
   * @throws ElanusException COLLECTION_NOT_FOUND
   */
  public synchronized Status status(Caller caller, String collection) {
    tick();
    Watched of = required(caller, collection);
    sample(caller, collection, of);
    Series.Snapshot questions = of.content.questions().snapshot();
    return new Status(
        known.of(caller, collection).version().name(),
        of.content.model(),
        of.content.questions().drift(),
        questions.baseline().count(),
        questions.recent().count(),
        documents(of.content),
        of.content.baseline().count(),
        of.content.documents().count());
  }

  /** The documents of now, and the questions of from now on, are what is compared with. */
  public synchronized void reset(Caller caller, String collection) {
    Watched of = required(caller, collection);
    begin(of, of.content.model());
    sample(caller, collection, of);
    of.gauges.questions = Double.NaN;
    save(known.of(caller, collection).version().id(), of);
  }

  private Watched required(Caller caller, String collection) {
    Watched of = watched(caller, collection);
    if (of == null) {
      throw new ElanusException(
          ErrorCode.UNSUPPORTED,
          "drift is watched in %d collections already, which is the most"
              .formatted(COLLECTIONS_MAX));
    }
    return of;
  }

  /** Writes down what is not yet. */
  @Override
  public synchronized void close() {
    tick();
    watched.forEach(this::save);
    watched.values().forEach(each -> each.gauges.registered.forEach(registry::remove));
    watched.clear();
  }
}
