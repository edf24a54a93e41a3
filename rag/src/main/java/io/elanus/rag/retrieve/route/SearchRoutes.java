package io.elanus.rag.retrieve.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import io.elanus.rag.http.RagCall;
import io.elanus.rag.http.Route;
import io.elanus.rag.retrieve.Found;
import io.elanus.rag.retrieve.Question;
import io.elanus.rag.retrieve.Retriever;
import java.util.List;

/** {@code POST /v1/search}, for one query or several. */
public final class SearchRoutes {
  private final Retriever retriever;
  private final String collection;
  private final boolean reranker;

  /**
   * @param collection that is searched where none is named
   * @param reranker whether one is configured
   */
  public SearchRoutes(Retriever retriever, String collection, boolean reranker) {
    this.retriever = retriever;
    this.collection = collection;
    this.reranker = reranker;
  }

  public List<Route> routes() {
    return List.of(Route.post("/v1/search", this::search));
  }

  /**
   * The question of a body that speaks as one of a search does, for other routes that look for
   * passages first.
   *
   * @param collection that is meant where none is named
   * @param reranker whether one is configured
   */
  public static Question question(ObjectNode body, String collection, boolean reranker) {
    return SearchBody.read(body, collection, reranker).questions().getFirst();
  }

  private HttpResponse search(RagCall call) {
    long start = System.nanoTime();
    SearchBody body = SearchBody.read(call.body(), collection, reranker);
    List<Found> found =
        body.batch()
            ? retriever.findAll(call.caller(), body.questions())
            : List.of(retriever.find(call.caller(), body.questions().getFirst()));
    double tookMillis = (System.nanoTime() - start) / 1e6;
    SearchReply reply = new SearchReply(body.explain());
    byte[] json =
        body.batch() ? reply.batch(found, tookMillis) : reply.single(found.getFirst(), tookMillis);
    return HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, HttpData.wrap(json));
  }
}
