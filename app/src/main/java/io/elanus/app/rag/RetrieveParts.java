package io.elanus.app.rag;

import io.elanus.app.telemetry.Tracing;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.cache.AccessLog;
import io.elanus.rag.cache.CacheCounts;
import io.elanus.rag.cache.CachedRetriever;
import io.elanus.rag.cache.Prefetch;
import io.elanus.rag.document.Documents;
import io.elanus.rag.drift.DriftRoutes;
import io.elanus.rag.drift.DriftWatch;
import io.elanus.rag.drift.WatchedRows;
import io.elanus.rag.embed.Embedders;
import io.elanus.rag.export.ExportRoutes;
import io.elanus.rag.http.Route;
import io.elanus.rag.policy.ConfiguredFilters;
import io.elanus.rag.policy.MandatoryFilters;
import io.elanus.rag.policy.PolicyRoutes;
import io.elanus.rag.redis.RedisConfig;
import io.elanus.rag.redis.RedisStore;
import io.elanus.rag.reembed.Activity;
import io.elanus.rag.reembed.ShadowedRetriever;
import io.elanus.rag.rerank.HttpReranker;
import io.elanus.rag.rerank.OnnxReranker;
import io.elanus.rag.rerank.Reranker;
import io.elanus.rag.retrieve.Retriever;
import io.elanus.rag.retrieve.SearchRetriever;
import io.elanus.rag.retrieve.route.SearchRoutes;
import io.elanus.rag.telemetry.SeenDatabase;
import io.elanus.rag.telemetry.SeenReranker;
import io.elanus.rag.telemetry.SeenRetriever;
import io.elanus.rag.telemetry.Telemetry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Search: who may see what, the retriever, its caches, its routes. */
public final class RetrieveParts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RetrieveParts.class);
  private static final int TICK_SECONDS = 2;

  private final Deque<AutoCloseable> begun = new ArrayDeque<>();
  private final List<Route> routes = new ArrayList<>();
  private final InstantSource clock;
  private final MandatoryFilters policies;
  private final Optional<Reranker> reranker;
  private final Retriever uncached;
  private final ShadowedRetriever shadowed;
  private final Retriever retriever;

  private RetrieveParts(
      RetrieveSettings settings,
      PolicySettings policy,
      Database database,
      Embedders embedders,
      Activity activity,
      InstantSource clock,
      Documents documents,
      Tracing tracing,
      Telemetry telemetry,
      MeterRegistry registry) {
    this.clock = clock;
    ExecutorService threads = tracing.carried(Executors.newVirtualThreadPerTaskExecutor());
    begun.push(threads::shutdownNow);
    policies =
        policy.rules().isEmpty()
            ? MandatoryFilters.NONE
            : new ConfiguredFilters(database, policy.rules(), policy.attributes());
    reranker = reranker(settings, threads).map(each -> new SeenReranker(each, telemetry));
    reranker.ifPresent(begun::push);
    DriftWatch drift = drift(database, documents, registry);
    Retriever search =
        new SearchRetriever(
            new SeenDatabase(database, new WatchedRows(database.rows(), drift), telemetry),
            embedders,
            policies,
            reranker,
            clock);
    Retriever remembered =
        settings
            .cache()
            .map(
                cache -> {
                  CachedRetriever.Parts parts =
                      new CachedRetriever.Parts(
                          cache,
                          reranker.map(Reranker::name).orElse(""),
                          settings.redis().map(redis -> shared(redis, threads)),
                          clock,
                          threads,
                          new CacheCounts(registry),
                          new AccessLog());
                  return cached(settings, search, database, parts);
                })
            .orElse(search);
    uncached = new SearchRetriever(database, embedders, policies, reranker, clock);
    shadowed = new ShadowedRetriever(remembered, activity);
    retriever = new SeenRetriever(shadowed, telemetry);
    String collection = settings.collection();
    routes.addAll(new SearchRoutes(retriever, collection, reranker.isPresent()).routes());
    routes.addAll(new PolicyRoutes(policies, collection).routes());
    routes.addAll(new ExportRoutes(database, policies, collection, threads).routes());
    routes.addAll(new DriftRoutes(drift, policies, collection).routes());
  }

  public static RetrieveParts start(
      RetrieveSettings settings,
      PolicySettings policy,
      Database database,
      Embedders embedders,
      Activity activity,
      InstantSource clock,
      Documents documents,
      Tracing tracing,
      Telemetry telemetry,
      MeterRegistry registry) {
    return new RetrieveParts(
        settings, policy, database, embedders, activity, clock, documents, tracing, telemetry,
        registry);
  }

  private Optional<Reranker> reranker(RetrieveSettings settings, ExecutorService threads) {
    if (settings.reranker().isPresent() && settings.crossEncoder().isPresent()) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "rag.search has a reranker and a cross-encoder; configure one of them");
    }
    if (settings.crossEncoder().isPresent()) {
      ExecutorService cores =
          Executors.newFixedThreadPool(
              Runtime.getRuntime().availableProcessors(),
              Thread.ofPlatform().name("rerank-", 0).daemon(true).factory());
      begun.push(cores::shutdownNow);
      return Optional.of(new OnnxReranker(settings.crossEncoder().get(), cores));
    }
    return settings.reranker().map(config -> new HttpReranker(config, threads, System::nanoTime));
  }

  /**
   * Without a prefix of the user's, answers are this run's own: a folder that is restored or copied
   * may count its writes again, and would meet answers of another past.
   */
  private RedisStore shared(RedisConfig config, ExecutorService threads) {
    String prefix =
        config.prefix().isEmpty() ? "elanus:" + UUID.randomUUID() + ":" : config.prefix();
    RedisStore store = new RedisStore(config.withPrefix(prefix), threads, System::nanoTime);
    begun.push(store);
    return store;
  }

  private Retriever cached(
      RetrieveSettings settings, Retriever search, Database database, CachedRetriever.Parts parts) {
    CachedRetriever cached = new CachedRetriever(search, database, policies, parts);
    Prefetch prefetch = new Prefetch(cached, parts.log(), clock);
    ScheduledExecutorService ticks =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("prefetch").daemon(true).factory());
    begun.push(ticks::shutdownNow);
    settings
        .warmUp()
        .ifPresent(
            file -> {
              WarmUp warmUp = WarmUp.read(file, settings.collection(), reranker.isPresent());
              ticks.execute(() -> LOG.info("{}", warmUp.run(prefetch)));
            });
    if (settings.prefetch()) {
      ticks.scheduleWithFixedDelay(
          () -> tick(prefetch::tick, "a prefetch"), TICK_SECONDS, TICK_SECONDS, TimeUnit.SECONDS);
    }
    return cached;
  }

  private DriftWatch drift(Database database, Documents documents, MeterRegistry registry) {
    DriftWatch drift = new DriftWatch(database, documents, registry, System::nanoTime);
    begun.push(drift);
    ScheduledExecutorService ticks =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("drift").daemon(true).factory());
    // Not interrupted: closing the watch waits for what it is writing.
    begun.push(ticks::shutdown);
    ticks.scheduleWithFixedDelay(
        () -> tick(drift::tick, "the drift watch"), TICK_SECONDS, TICK_SECONDS, TimeUnit.SECONDS);
    return drift;
  }

  /** A tick that throws would be the last. */
  private static void tick(Runnable work, String name) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.error("{} failed by a bug", name, e);
    }
  }

  /** What every other part asks before it reads rows on behalf of a caller. */
  public MandatoryFilters policies() {
    return policies;
  }

  public Retriever retriever() {
    return retriever;
  }

  /** Past the cache, and seen by nobody. */
  public Retriever uncached() {
    return uncached;
  }

  /** Where questions that were answered may be had. */
  public ShadowedRetriever shadowed() {
    return shadowed;
  }

  /** Whether a request may ask for one. */
  public boolean hasReranker() {
    return reranker.isPresent();
  }

  public List<Route> routes() {
    return routes;
  }

  @Override
  public void close() {
    while (!begun.isEmpty()) {
      try {
        begun.pop().close();
      } catch (Exception e) {
        LOG.warn("a part of search did not stop cleanly", e);
      }
    }
  }
}
