package io.elanus.rag.retrieve.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.filter.Expression;
import io.elanus.rag.retrieve.Question;
import io.elanus.rag.retrieve.Question.Mode;
import io.elanus.rag.retrieve.Tuning;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * A search as it was sent.
 *
 * @param batch whether {@code queries} were asked for, not one {@code query}
 * @param explain whether hits say why
 */
record SearchBody(List<Question> questions, boolean batch, boolean explain) {
  static final int QUERIES_MAX = 64;
  private static final int TOP_K = 10;

  private static final Set<String> KEYS =
      new TreeSet<>(
          List.of(
              "candidates",
              "collection",
              "diversity",
              "explain",
              "filter",
              "group_by",
              "max_stale",
              "mode",
              "neighbours",
              "queries",
              "query",
              "recall",
              "rerank",
              "rrf_k",
              "top_k",
              "weights"));

  /**
   * @param collection that is meant where none is named
   * @param reranker whether there is one
   */
  static SearchBody read(ObjectNode body, String collection, boolean reranker) {
    for (var entry : body.properties()) {
      if (!KEYS.contains(entry.getKey())) {
        throw bad("a search has no key %s; known are %s", entry.getKey(), KEYS);
      }
    }
    if (body.path("rerank").asBoolean(false) && !reranker) {
      throw bad("rerank is asked for, but no reranker is configured; set rag-rerank-url");
    }
    List<String> texts = texts(body);
    List<Question> questions = new ArrayList<>();
    Question first = question(body, texts.getFirst(), collection);
    for (String text : texts) {
      questions.add(first.withText(text));
    }
    return new SearchBody(questions, body.has("queries"), flag(body, "explain", true));
  }

  private static List<String> texts(ObjectNode body) {
    JsonNode queries = body.get("queries");
    JsonNode query = body.get("query");
    if ((query == null) == (queries == null)) {
      throw bad("give either query, a text, or queries, a list of texts");
    }
    if (query != null) {
      if (!query.isTextual()) {
        throw bad("query must be a text");
      }
      return List.of(query.textValue());
    }
    if (!queries.isArray() || queries.isEmpty() || queries.size() > QUERIES_MAX) {
      throw bad("queries must be a list of 1 to %d texts", QUERIES_MAX);
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode text : queries) {
      if (!text.isTextual()) {
        throw bad("queries must be a list of 1 to %d texts", QUERIES_MAX);
      }
      texts.add(text.textValue());
    }
    return texts;
  }

  private static Question question(ObjectNode body, String text, String collection) {
    return new Question(
        text(body, "collection", collection),
        text,
        integer(body, "top_k", TOP_K),
        Expression.own(body.path("filter")),
        mode(text(body, "mode", "hybrid")),
        integer(body, "neighbours", 0),
        byDocument(body),
        number(body, "diversity", 0),
        flag(body, "rerank", true),
        tuning(body));
  }

  private static Mode mode(String name) {
    for (Mode mode : Mode.values()) {
      if (mode.name().toLowerCase(Locale.ROOT).equals(name)) {
        return mode;
      }
    }
    throw bad("mode must be hybrid, dense or text, got %s", name);
  }

  private static boolean byDocument(ObjectNode body) {
    String group = text(body, "group_by", "");
    if (!group.isEmpty() && !group.equals("document")) {
      throw bad("group_by must be document, got %s", group);
    }
    return !group.isEmpty();
  }

  private static Tuning tuning(ObjectNode body) {
    JsonNode weights = body.path("weights");
    if (!weights.isMissingNode() && !weights.isObject()) {
      throw bad("weights must be an object such as {\"dense\": 1, \"text\": 0.5}");
    }
    for (var entry : weights.properties()) {
      if (!entry.getKey().equals("dense") && !entry.getKey().equals("text")) {
        throw bad("weights are of dense and text, not of %s", entry.getKey());
      }
    }
    double stale = number(body, "max_stale", 0);
    if (!(stale >= 0 && stale <= 86_400)) {
      throw bad("max_stale must be from 0 to 86400 seconds, got %s", stale);
    }
    double recall = number(body, "recall", 0);
    if (body.has("recall") && !(recall > 0)) {
      throw bad("recall must be above 0 and below 1, got %s", recall);
    }
    return new Tuning(
        recall,
        integer(body, "candidates", 0),
        number(body, "rrf_k", Tuning.FUSION_CONSTANT),
        number(weights, "dense", 1),
        number(weights, "text", 1),
        (long) (stale * 1000));
  }

  private static String text(JsonNode body, String key, String absent) {
    JsonNode value = body.get(key);
    if (value == null || value.isNull()) {
      return absent;
    }
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw bad("%s must be a text", key);
    }
    return value.textValue();
  }

  private static int integer(JsonNode body, String key, int absent) {
    JsonNode value = body.get(key);
    if (value == null || value.isNull()) {
      return absent;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw bad("%s must be an integer", key);
    }
    return value.intValue();
  }

  private static double number(JsonNode body, String key, double absent) {
    JsonNode value = body.get(key);
    if (value == null || value.isNull()) {
      return absent;
    }
    if (!value.isNumber()) {
      throw bad("%s must be a number", key);
    }
    return value.doubleValue();
  }

  private static boolean flag(JsonNode body, String key, boolean absent) {
    JsonNode value = body.get(key);
    if (value == null || value.isNull()) {
      return absent;
    }
    if (!value.isBoolean()) {
      throw bad("%s must be true or false", key);
    }
    return value.booleanValue();
  }

  private static ElanusException bad(String message, Object... parts) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, message.formatted(parts));
  }
}
