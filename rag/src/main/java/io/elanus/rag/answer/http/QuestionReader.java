package io.elanus.rag.answer.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.rag.retrieve.Question;
import io.elanus.rag.retrieve.route.SearchRoutes;
import java.util.List;

/**
 * Reads out of a request's body where is looked and how, in a search's words: collection, filter,
 * top_k, mode and the like.
 *
 * @param collection that is meant where none is named
 * @param reranker whether one is configured
 */
public record QuestionReader(String collection, boolean reranker) {
  /** Keys of a search that say nothing about what is looked for. */
  private static final List<String> NOT_HERE = List.of("query", "queries", "explain");

  /** What of a search a body in OpenAI's shape may say beside OpenAI's own. */
  private static final List<String> BESIDE =
      List.of(
          "collection",
          "filter",
          "top_k",
          "mode",
          "neighbours",
          "diversity",
          "rerank",
          "group_by",
          "recall",
          "candidates",
          "rrf_k",
          "weights",
          "max_stale");

  /**
   * INVALID_ARGUMENT for what neither a search nor this body knows.
   *
   * @param own keys of the body that are not about the search
   * @param text what is looked for
   * @param topK where the body does not say
   */
  Question strict(ObjectNode body, List<String> own, String text, int topK) {
    ObjectNode search = body.deepCopy();
    search.remove(own);
    for (String key : NOT_HERE) {
      if (search.has(key)) {
        throw AnswerRoutes.bad("an answer has no key " + key + "; ask by question");
      }
    }
    return question(search, text, topK);
  }

  /** What the body says beside its own, which is not looked at. */
  Question lenient(ObjectNode body, String text, int topK) {
    return question(body.deepCopy().retain(BESIDE), text, topK);
  }

  private Question question(ObjectNode search, String text, int topK) {
    if (!search.hasNonNull("top_k")) {
      search.put("top_k", topK);
    }
    search.put("query", text);
    return SearchRoutes.question(search, collection, reranker);
  }
}
