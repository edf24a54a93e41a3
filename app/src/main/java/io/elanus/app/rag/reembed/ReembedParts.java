package io.elanus.app.rag.reembed;

import io.elanus.app.rag.RetrieveParts;
import io.elanus.app.rag.StoredDocuments;
import io.elanus.model.Database;
import io.elanus.rag.embed.Embedders;
import io.elanus.rag.http.Route;
import io.elanus.rag.knowledge.ShelfGate;
import io.elanus.rag.reembed.Activity;
import io.elanus.rag.reembed.Reembeddings;
import io.elanus.rag.reembed.ShadowQuestions;
import io.elanus.rag.reembed.route.ReembeddingRoutes;
import io.elanus.rag.reembed.shadow.Pairs;
import io.elanus.store.object.ObjectStore;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Re-embedding: its threads, the questions that are asked twice, its routes. */
public final class ReembedParts implements AutoCloseable {
  private final ExecutorService threads;
  private final Reembeddings reembeddings;
  private final List<Route> routes;

  private ReembedParts(ExecutorService threads, Reembeddings reembeddings, List<Route> routes) {
    this.threads = threads;
    this.reembeddings = reembeddings;
    this.routes = routes;
  }

  /** With what was not over before the last stop. */
  public static ReembedParts start(
      ReembedSettings settings,
      Database database,
      ObjectStore objects,
      Embedders embedders,
      RetrieveParts retrieve,
      ShelfGate gate,
      Activity activity,
      String collection,
      InstantSource clock) {
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("reembed-", 0).factory());
    Pairs pairs = new Pairs(retrieve.uncached(), System::nanoTime, clock);
    SecureRandom random = new SecureRandom();
    Reembeddings reembeddings =
        new Reembeddings(
            new Reembeddings.Ports(
                database,
                new StoredDocuments(objects),
                embedders,
                retrieve.policies(),
                gate,
                activity,
                pairs,
                clock,
                random,
                threads));
    ShadowQuestions shadow =
        new ShadowQuestions(
            reembeddings, database, activity, pairs, settings.shadowShare(), random, clock);
    retrieve.shadowed().follow(shadow);
    threads.execute(shadow::run);
    reembeddings.start();
    return new ReembedParts(
        threads,
        reembeddings,
        new ReembeddingRoutes(reembeddings, collection, settings.textsPerSecond()).routes());
  }

  public List<Route> routes() {
    return routes;
  }

  @Override
  public void close() {
    reembeddings.close();
    threads.shutdownNow();
  }
}
