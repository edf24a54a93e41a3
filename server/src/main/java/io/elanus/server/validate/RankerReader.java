package io.elanus.server.validate;

import com.fasterxml.jackson.databind.JsonNode;
import io.elanus.model.query.Ranker;
import io.milvus.grpc.FunctionSchema;
import io.milvus.grpc.FunctionScore;
import io.milvus.grpc.FunctionType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How the hit lists of a hybrid search are fused: said by {@code strategy} and {@code params} among
 * the rank parameters, or, by newer clients, as a function of type Rerank.
 */
final class RankerReader {
  static final int SEARCHES_MAX = 1024;
  private static final double RRF_K_DEFAULT = 60;
  private static final double RRF_K_END = 16_384;

  private RankerReader() {}

  static Ranker read(KeyValues params, FunctionScore function, int searches) {
    if (function.getFunctionsCount() > 0) {
      return ofFunction(function, searches);
    }
    Map<String, String> settings =
        params.text("params").map(json -> KeyValues.object("params", json)).orElse(Map.of());
    return of(params.text("strategy").orElse("rrf"), settings, searches);
  }

  private static Ranker ofFunction(FunctionScore score, int searches) {
    FunctionSchema function = score.getFunctions(0);
    if (score.getFunctionsCount() > 1) {
      throw Problems.unsupported(
          "a hybrid search takes one ranker, got %d functions", score.getFunctionsCount());
    }
    if (function.getType() != FunctionType.Rerank) {
      throw Problems.unsupported(
          "function %s of type %s cannot rank; use a Rerank function",
          function.getName(), function.getType());
    }
    Map<String, String> settings = KeyValues.of(function.getParamsList()).asMap();
    String reranker = settings.getOrDefault("reranker", "");
    if (reranker.isBlank()) {
      throw Problems.missing(
          "function %s does not say its reranker; use rrf or weighted", function.getName());
    }
    return of(reranker, settings, searches);
  }

  private static Ranker of(String strategy, Map<String, String> settings, int searches) {
    return switch (strategy.toLowerCase(java.util.Locale.ROOT)) {
      case "rrf" -> rrf(settings);
      case "weighted" -> weighted(settings, searches);
      default ->
          throw Problems.unsupported("ranker %s is not offered; use rrf or weighted", strategy);
    };
  }

  private static Ranker rrf(Map<String, String> settings) {
    String text = settings.get("k");
    double k = RRF_K_DEFAULT;
    if (text != null) {
      try {
        k = Double.parseDouble(text.trim());
      } catch (NumberFormatException e) {
        throw Problems.argument("the type of rank param k should be a number, got '%s'", text);
      }
    }
    if (!(k > 0 && k < RRF_K_END)) {
      throw Problems.argument("the rank params k should be in range (0, %d), got %s", 16384, k);
    }
    return new Ranker.Rrf(k);
  }

  private static Ranker weighted(Map<String, String> settings, int searches) {
    String text = settings.get("weights");
    if (text == null) {
      throw Problems.missing("the weighted ranker needs weights, one per sub-search");
    }
    JsonNode array = KeyValues.json("weights", text);
    List<Double> weights = new ArrayList<>();
    if (!array.isArray()) {
      throw Problems.argument("weights should be a list of numbers, got '%s'", text);
    }
    for (JsonNode weight : array) {
      if (!weight.isNumber() || !(weight.doubleValue() >= 0 && weight.doubleValue() <= 1)) {
        throw Problems.argument(
            "rank param weight should be a number in range [0, 1], got %s", weight);
      }
      weights.add(weight.doubleValue());
    }
    if (weights.size() != searches) {
      throw Problems.argument(
          "the length of weights param mismatch with ann search requests: %d weights for %d searches",
          weights.size(), searches);
    }
    String normalize = settings.getOrDefault("norm_score", "false");
    return new Ranker.Weighted(weights, normalize.trim().equalsIgnoreCase("true"));
  }
}
