package io.elanus.app.rag;

import io.elanus.model.Database;
import io.elanus.rag.embed.Embedder;
import io.elanus.rag.http.Route;
import io.elanus.rag.policy.MandatoryFilters;
import io.elanus.rag.rerank.Reranker;
import io.elanus.rag.retrieve.Retriever;
import io.elanus.rag.retrieve.SearchRetriever;
import io.elanus.rag.retrieve.route.SearchRoutes;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Search: who may see what, the retriever, its routes. */
public final class RetrieveParts implements AutoCloseable {
  private final MandatoryFilters policies;
  private final Retriever retriever;
  private final List<Route> routes = new ArrayList<>();

  private RetrieveParts(MandatoryFilters policies, Retriever retriever) {
    this.policies = policies;
    this.retriever = retriever;
  }

  public static RetrieveParts start(
      RetrieveSettings settings, Database database, Embedder embedder, InstantSource clock) {
    MandatoryFilters policies = MandatoryFilters.NONE;
    Optional<Reranker> reranker = Optional.empty();
    Retriever retriever = new SearchRetriever(database, embedder, policies, reranker, clock);
    RetrieveParts parts = new RetrieveParts(policies, retriever);
    parts.routes.addAll(
        new SearchRoutes(retriever, settings.collection(), reranker.isPresent()).routes());
    return parts;
  }

  /** What every other part asks before it reads rows on behalf of a caller. */
  public MandatoryFilters policies() {
    return policies;
  }

  public Retriever retriever() {
    return retriever;
  }

  public List<Route> routes() {
    return routes;
  }

  @Override
  public void close() {}
}
