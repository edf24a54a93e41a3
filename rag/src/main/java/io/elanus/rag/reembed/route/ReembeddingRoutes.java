package io.elanus.rag.reembed.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.http.RagCall;
import io.elanus.rag.http.RagService;
import io.elanus.rag.http.Route;
import io.elanus.rag.reembed.Reembeddings;
import io.elanus.rag.reembed.Reembeddings.Request;
import io.elanus.rag.reembed.shadow.QuestionSet;
import io.elanus.rag.retrieve.Question.Mode;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * {@code /v1/reembeddings}.
 *
 * <pre>
 * POST   /v1/reembeddings                {collection, model, keep_hours, texts_per_second} → 202
 * GET    /v1/reembeddings?limit          /v1/reembeddings/{id}
 * GET    /v1/reembeddings/{id}/report
 * POST   /v1/reembeddings/{id}/questions {name, mode, questions: [{id, query, relevant: {SOURCE_ID: GAIN}}]}
 * POST   /v1/reembeddings/{id}/switch    /rollback  /finish
 * DELETE /v1/reembeddings/{id}           cancels
 * </pre>
 */
public final class ReembeddingRoutes {
  private static final int LISTED = 100;
  private static final int QUESTIONS_MAX = 1_000;
  private static final int HOURS_MAX = 24 * 366;
  private static final int TEXTS_MAX = 1_000_000;

  private final Reembeddings reembeddings;
  private final String collectionDefault;
  private final int textsPerSecond;

  /**
   * @param collectionDefault that is meant where none is named
   * @param textsPerSecond where a request does not say
   */
  public ReembeddingRoutes(
      Reembeddings reembeddings, String collectionDefault, int textsPerSecond) {
    this.reembeddings = reembeddings;
    this.collectionDefault = collectionDefault;
    this.textsPerSecond = textsPerSecond;
  }

  public List<Route> routes() {
    String one = "/v1/reembeddings/{id}";
    return List.of(
        Route.post("/v1/reembeddings", this::begin),
        Route.get("/v1/reembeddings", this::list),
        Route.get(one, call -> answer(call, reembeddings.shown(call.caller(), id(call)))),
        Route.get(
            one + "/report", call -> answer(call, reembeddings.report(call.caller(), id(call)))),
        Route.post(one + "/questions", this::ask),
        Route.post(
            one + "/switch",
            call -> answer(call, reembeddings.switchOver(call.caller(), id(call)))),
        Route.post(
            one + "/rollback",
            call -> answer(call, reembeddings.rollBack(call.caller(), id(call)))),
        Route.post(
            one + "/finish", call -> answer(call, reembeddings.finish(call.caller(), id(call)))),
        Route.delete(one, call -> answer(call, reembeddings.cancel(call.caller(), id(call)))));
  }

  private static String id(RagCall call) {
    return call.path("id");
  }

  private HttpResponse begin(RagCall call) {
    ObjectNode body = call.body();
    known(body, "collection", "model", "keep_hours", "texts_per_second");
    String model = text(body, "model", "");
    if (model.isEmpty()) {
      throw new ElanusException(
          ErrorCode.MISSING_ARGUMENT, "model is missing: the name of a model of this server");
    }
    Request request =
        new Request(
            text(body, "collection", collectionDefault),
            model,
            Duration.ofHours(number(body, "keep_hours", 0, HOURS_MAX)),
            number(body, "texts_per_second", textsPerSecond, TEXTS_MAX));
    return RagService.reply(HttpStatus.ACCEPTED, reembeddings.begin(call.caller(), request));
  }

  private HttpResponse list(RagCall call) {
    String limit = call.context().queryParam("limit");
    if (limit != null && !limit.matches("[1-9]\\d{0,2}")) {
      throw bad("limit is a number from 1 to 999, got %s", shortened(limit));
    }
    int most = limit == null ? LISTED : Integer.parseInt(limit);
    ObjectNode reply = JsonNodeFactory.instance.objectNode();
    reply.set("reembeddings", reembeddings.list(call.caller(), most));
    return RagService.reply(reply);
  }

  private HttpResponse ask(RagCall call) {
    return answer(call, reembeddings.ask(call.caller(), id(call), questions(call.body())));
  }

  private static QuestionSet questions(ObjectNode body) {
    known(body, "name", "mode", "questions");
    Map<String, String> questions = new LinkedHashMap<>();
    Map<String, Map<String, Integer>> gains = new HashMap<>();
    JsonNode all = body.path("questions");
    if (!all.isArray() || all.isEmpty() || all.size() > QUESTIONS_MAX) {
      throw bad("questions must be a list of 1 to %d", QUESTIONS_MAX);
    }
    for (JsonNode one : all) {
      if (!(one instanceof ObjectNode question)) {
        throw bad("each of questions is an object with query");
      }
      known(question, "id", "query", "relevant");
      String query = text(question, "query", "");
      if (query.isBlank()) {
        throw bad("a question has no query");
      }
      String id = text(question, "id", Integer.toString(questions.size() + 1));
      if (questions.put(id, query) != null) {
        throw bad("two questions have the id %s", shortened(id));
      }
      for (Map.Entry<String, JsonNode> entry : question.path("relevant").properties()) {
        if (!entry.getValue().canConvertToInt()) {
          throw bad("relevant has whole numbers by source_id, got %s", entry.getValue());
        }
        gains
            .computeIfAbsent(id, q -> new HashMap<>())
            .put(entry.getKey(), entry.getValue().intValue());
      }
    }
    Mode mode =
        switch (text(body, "mode", "hybrid")) {
          case "hybrid" -> Mode.HYBRID;
          case "dense" -> Mode.DENSE;
          case String other -> throw bad("mode is hybrid or dense, got %s", shortened(other));
        };
    return new QuestionSet(text(body, "name", ""), questions, gains, mode);
  }

  private static void known(ObjectNode body, String... keys) {
    TreeSet<String> known = new TreeSet<>(List.of(keys));
    for (Map.Entry<String, JsonNode> entry : body.properties()) {
      if (!known.contains(entry.getKey())) {
        throw bad("unknown key %s; known are %s", shortened(entry.getKey()), known);
      }
    }
  }

  private static String text(ObjectNode body, String key, String absent) {
    JsonNode value = body.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    if (!value.isTextual()) {
      throw bad("%s must be a text", key);
    }
    return value.textValue();
  }

  private static int number(ObjectNode body, String key, int absent, int most) {
    JsonNode value = body.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    if (!value.isIntegralNumber() || value.longValue() < 0 || value.longValue() > most) {
      throw bad("%s is a whole number from 0 to %d, got %s", key, most, value);
    }
    return value.intValue();
  }

  private static HttpResponse answer(RagCall call, Optional<ObjectNode> found) {
    return found
        .map(RagService::reply)
        .orElseGet(
            () ->
                RagService.reply(
                    HttpStatus.NOT_FOUND,
                    RagService.error(
                        bad(
                            "there is no re-embedding %s; GET /v1/reembeddings lists them",
                            shortened(id(call))))));
  }

  private static ElanusException bad(String sentence, Object... values) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, sentence.formatted(values));
  }

  private static String shortened(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
