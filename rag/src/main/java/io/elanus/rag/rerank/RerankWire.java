package io.elanus.rag.rerank;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Calls and answers of rerankers as JSON. */
final class RerankWire {
  private static final ObjectMapper JSON = new ObjectMapper();

  static {
    JSON.getFactory()
        .setStreamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(20).build());
  }

  private RerankWire() {}

  static byte[] call(RerankConfig config, String query, List<String> texts) throws IOException {
    ObjectNode body = JSON.createObjectNode();
    if (!config.model().isEmpty()) {
      body.put("model", config.model());
    }
    body.put("query", query);
    boolean tei = config.shape() == RerankConfig.Shape.TEI;
    ArrayNode list = body.putArray(tei ? "texts" : "documents");
    texts.forEach(list::add);
    switch (config.shape()) {
      case TEI -> body.put("raw_scores", false).put("return_text", false).put("truncate", true);
      case COHERE -> body.put("top_n", texts.size());
      case JINA -> body.put("top_n", texts.size()).put("return_documents", false);
    }
    return JSON.writeValueAsBytes(body);
  }

  /**
   * The score of every text.
   *
   * @throws IOException where the answer is none, with what is wrong
   */
  static double[] scores(RerankConfig config, byte[] answer, int count) throws IOException {
    boolean tei = config.shape() == RerankConfig.Shape.TEI;
    JsonNode body = JSON.readTree(answer);
    JsonNode results = tei ? body : body.path("results");
    if (!results.isArray() || results.size() != count) {
      throw new IOException("does not score each of the %d texts".formatted(count));
    }
    double[] scores = new double[count];
    Arrays.fill(scores, Double.NaN);
    for (JsonNode result : results) {
      JsonNode index = result.path("index");
      double score = result.path(tei ? "score" : "relevance_score").asDouble(Double.NaN);
      boolean known = index.isInt() && index.intValue() >= 0 && index.intValue() < count;
      if (!known || !Double.isFinite(score) || !Double.isNaN(scores[index.intValue()])) {
        throw new IOException("names a text that was not sent, or one twice, or no score");
      }
      scores[index.intValue()] = score;
    }
    return scores;
  }
}
