package io.elanus.rag.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionVersion;
import io.elanus.rag.policy.MandatoryFilters;
import io.elanus.rag.redis.RedisStore;
import io.elanus.rag.retrieve.Found;
import io.elanus.rag.retrieve.KnownCollections;
import io.elanus.rag.retrieve.Question;
import io.elanus.rag.retrieve.QuestionLimits;
import io.elanus.rag.retrieve.Retriever;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A retriever that remembers answers, in memory and perhaps in Redis.
 *
 * <p>An answer is kept under the version that the collection had before it was looked for, and
 * served while the version is the same: what a search saw is never older than that. Only where the
 * question allows for age, an answer of an older version is served, with its age, and found anew
 * behind it. Of several that ask the same at once, one searches.
 *
 * <p>Not kept: answers that lack a stage, answers of collections whose rows expire, and answers
 * during whose search the collection was renamed or redefined.
 */
public final class CachedRetriever implements Retriever {
  private static final Duration REFRESH_PATIENCE = Duration.ofSeconds(30);

  private final Retriever inner;
  private final Database database;
  private final MandatoryFilters policies;
  private final Parts parts;
  private final KnownCollections known;
  private final Cache<Subject, Kept> memory;
  private final Flights flights = new Flights();

  /**
   * What a cache may be made of besides.
   *
   * @param reranker its name; empty where there is none
   * @param shared what other processes remember too
   * @param threads for finding anew what was served with some age
   * @param log is told what is asked
   */
  public record Parts(
      CacheConfig config,
      String reranker,
      Optional<RedisStore> shared,
      InstantSource clock,
      ExecutorService threads,
      CacheCounts counts,
      AccessLog log) {}

  public CachedRetriever(
      Retriever inner, Database database, MandatoryFilters policies, Parts parts) {
    this.inner = inner;
    this.database = database;
    this.policies = policies;
    this.parts = parts;
    this.known = new KnownCollections(database);
    this.memory =
        Caffeine.newBuilder()
            .maximumWeight(parts.config().bytesMax())
            .<Subject, Kept>weigher((subject, kept) -> kept.bytes())
            .executor(Runnable::run)
            .build();
  }

  @Override
  public Found find(Caller caller, Question question) {
    QuestionLimits.check(question);
    KnownCollections.Known collection = known.of(caller, question.collection());
    Key key = key(caller, question, collection);
    parts.log().asked(key.subject(), caller, question);
    if (collection.expires()) {
      return inner.find(caller, question);
    }
    Kept kept = memory.getIfPresent(key.subject());
    if (kept == null) {
      return load(caller, question, key);
    }
    if (kept.isCurrent(key.version())) {
      parts.counts().hit();
      return cached(kept, 0);
    }
    long age = Math.max(1, parts.clock().millis() - kept.foundMillis());
    if (age <= question.tuning().staleMillisMax() && kept.isSameDefinition(key.version())) {
      parts.counts().stale();
      refresh(caller, question, key);
      return cached(kept, age);
    }
    return load(caller, question, key);
  }

  /** All at once: they wait for the same model, and the same again for each other. */
  @Override
  public List<Found> findAll(Caller caller, List<Question> questions) {
    List<Future<Found>> running = new ArrayList<>();
    try {
      for (Question question : questions) {
        running.add(parts.threads().submit(() -> find(caller, question)));
      }
      List<Found> all = new ArrayList<>();
      for (Future<Found> one : running) {
        all.add(one.get());
      }
      return all;
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case ElanusException told -> throw new ElanusException(told.code(), told.getMessage(), e);
        case null, default -> throw new IllegalStateException("a search failed by a bug", e);
      }
    } catch (RejectedExecutionException e) {
      throw new ElanusException(ErrorCode.NOT_READY, "the server is stopping", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ElanusException(ErrorCode.CANCELED, "the search was given up", e);
    } finally {
      running.forEach(one -> one.cancel(true));
    }
  }

  /** Finds the answer anew where it is not that of the newest version; a prefetch. */
  void renew(Caller caller, Question question) {
    KnownCollections.Known collection = known.of(caller, question.collection());
    Key key = key(caller, question, collection);
    Kept kept = memory.getIfPresent(key.subject());
    if (!collection.expires() && (kept == null || !kept.isCurrent(key.version()))) {
      load(caller, question, key);
    }
  }

  private static Found cached(Kept kept, long staleMillis) {
    return new Found(kept.found().passages(), List.of(), true, staleMillis);
  }

  /** The policy comes first: no subject without it, and without a subject nothing is looked up. */
  private Key key(Caller caller, Question question, KnownCollections.Known collection) {
    CollectionVersion version = collection.version();
    MandatoryFilters.Bound bound = policies.of(caller, version.name());
    Subject subject =
        Subject.of(
            caller.database(),
            version,
            bound.key(),
            question,
            collection.model(),
            parts.reranker());
    return new Key(subject, version);
  }

  /** What is looked for: an answer to this, of this state. */
  record Key(Subject subject, CollectionVersion version) {
    String shared() {
      return "answer:%s:%d:%d"
          .formatted(subject.digest(), version.definition(), version.operation());
    }
  }

  private Found load(Caller caller, Question question, Key key) {
    List<String> degraded = new ArrayList<>();
    Kept kept = fromShared(key, degraded);
    if (kept != null) {
      memory.put(key.subject(), kept);
      parts.counts().sharedHit();
      return cached(kept, 0);
    }
    Flights.Flight flight = flights.join(key);
    if (!flight.isMine()) {
      Found found = flight.await(remaining(caller));
      if (found != null) {
        parts.counts().hit();
        return new Found(found.passages(), found.degraded(), true);
      }
      // Whoever searched did not get through; that was perhaps their own deadline.
      return found(caller, question, key, degraded);
    }
    Found found = null;
    try {
      Kept landed = memory.getIfPresent(key.subject());
      if (landed != null && landed.isCurrent(key.version())) {
        parts.counts().hit();
        found = cached(landed, 0);
        return found;
      }
      found = found(caller, question, key, degraded);
      return found;
    } finally {
      flights.land(key, flight, found);
    }
  }

  private Found found(Caller caller, Question question, Key key, List<String> degraded) {
    parts.counts().miss();
    long startMillis = parts.clock().millis();
    Question named = question.withCollection(key.version().name());
    Found found = inner.find(caller, named);
    if (found.degraded().isEmpty() && isUnchanged(caller, key)) {
      Kept kept = new Kept(key.version(), found, startMillis);
      keep(key, kept, degraded);
    }
    if (degraded.isEmpty()) {
      return found;
    }
    degraded.addAll(found.degraded());
    return new Found(found.passages(), degraded, false);
  }

  /** Whether the name still means the collection that the key is of, defined as it was. */
  private boolean isUnchanged(Caller caller, Key key) {
    try {
      CollectionVersion after = database.collections().version(caller, key.version().name());
      return after.id() == key.version().id() && after.definition() == key.version().definition();
    } catch (ElanusException e) {
      // It was dropped meanwhile.
      return false;
    }
  }

  /** A newer answer stays: two searches may end in another order than they began in. */
  private void keep(Key key, Kept kept, List<String> degraded) {
    memory
        .asMap()
        .merge(
            key.subject(),
            kept,
            (old, fresh) ->
                old.isSameDefinition(fresh.version())
                        && old.version().operation() > fresh.version().operation()
                    ? old
                    : fresh);
    if (parts.shared().isPresent() && degraded.isEmpty()) {
      try {
        byte[] bytes = KeptCodec.encode(key.subject(), kept);
        parts.shared().get().put(key.shared(), bytes, parts.config().sharedLife());
      } catch (ElanusException e) {
        degraded.add("not remembered for others: " + e.getMessage());
      }
    }
  }

  private @Nullable Kept fromShared(Key key, List<String> degraded) {
    if (parts.shared().isEmpty()) {
      return null;
    }
    try {
      return parts
          .shared()
          .get()
          .get(key.shared())
          .flatMap(bytes -> KeptCodec.decode(key.subject(), bytes))
          .filter(kept -> kept.isCurrent(key.version()))
          .orElse(null);
    } catch (ElanusException e) {
      degraded.add("searched without the shared cache: " + e.getMessage());
      return null;
    }
  }

  private void refresh(Caller caller, Question question, Key key) {
    Caller patient =
        new Caller(
            caller.principal(),
            caller.database(),
            caller.attributes(),
            parts.clock().instant().plus(REFRESH_PATIENCE));
    if (flights.isFlying(key)) {
      return;
    }
    try {
      parts.threads().execute(() -> loadQuietly(patient, question, key));
    } catch (RejectedExecutionException e) {
      // The server is stopping.
    }
  }

  private void loadQuietly(Caller caller, Question question, Key key) {
    try {
      load(caller, question, key);
    } catch (ElanusException e) {
      // Whoever asks next is told.
      parts.counts().failedRefresh();
    }
  }

  private Duration remaining(Caller caller) {
    Duration left = Duration.between(parts.clock().instant(), caller.deadline());
    if (left.isNegative() || left.isZero()) {
      throw new ElanusException(
          ErrorCode.TIMEOUT, "the search was not done when its deadline came; allow it more time");
    }
    return left;
  }
}
