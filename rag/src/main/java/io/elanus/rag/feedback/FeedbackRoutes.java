package io.elanus.rag.feedback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.document.Documents;
import io.elanus.rag.http.RagCall;
import io.elanus.rag.http.RagService;
import io.elanus.rag.http.Route;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * {@code POST /v1/feedback}: {@code query}, {@code source_id}, {@code thumbs} ({@code up} or {@code
 * down}), and if wanted {@code chunk_id}, {@code collection}, {@code note}; durable when it is
 * answered. {@code GET /v1/feedback}: what the same caller sent, oldest first; nobody sees
 * another's.
 *
 * <p>Key: {@code feedback/<principal, its bytes in hexadecimal>/<milliseconds, 15 digits>-<id>}.
 */
public final class FeedbackRoutes {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CHARACTERS_MAX = 8192;
  private static final Set<String> KEYS =
      new TreeSet<>(List.of("query", "source_id", "chunk_id", "collection", "thumbs", "note"));

  private final Documents documents;
  private final InstantSource clock;
  private final Supplier<String> ids;

  /**
   * @param ids never the same twice; letters, digits and hyphens
   */
  public FeedbackRoutes(Documents documents, InstantSource clock, Supplier<String> ids) {
    this.documents = documents;
    this.clock = clock;
    this.ids = ids;
  }

  public List<Route> routes() {
    return List.of(Route.post("/v1/feedback", this::take), Route.get("/v1/feedback", this::list));
  }

  private HttpResponse take(RagCall call) {
    ObjectNode body = call.body();
    body.fieldNames()
        .forEachRemaining(
            key -> {
              if (!KEYS.contains(key)) {
                throw bad("unknown key %s; known are %s".formatted(key, KEYS));
              }
            });
    ObjectNode kept = JSON.createObjectNode();
    Instant now = clock.instant();
    String id = ids.get();
    kept.put("id", id).put("at", now.toString());
    kept.put("query", text(body, "query", true));
    kept.put("source_id", text(body, "source_id", true));
    String thumbs = text(body, "thumbs", true);
    if (!thumbs.equals("up") && !thumbs.equals("down")) {
      throw bad("thumbs must be up or down, got " + thumbs);
    }
    kept.put("thumbs", thumbs);
    for (String key : List.of("chunk_id", "collection", "note")) {
      kept.put(key, text(body, key, false));
    }
    String key = "%s%015d-%s".formatted(folder(call.caller()), now.toEpochMilli(), id);
    documents.put(key, bytes(kept));
    return RagService.reply(HttpStatus.CREATED, kept);
  }

  private HttpResponse list(RagCall call) {
    ArrayNode all = JSON.createArrayNode();
    for (String key : documents.list(folder(call.caller()))) {
      Optional<byte[]> content = documents.get(key);
      if (content.isPresent()) {
        all.add(read(key, content.get()));
      }
    }
    ObjectNode reply = JSON.createObjectNode();
    reply.set("feedback", all);
    return RagService.reply(reply);
  }

  private static String folder(Caller caller) {
    byte[] name = caller.principal().getBytes(StandardCharsets.UTF_8);
    return "feedback/p" + HexFormat.of().formatHex(name) + "/";
  }

  private static String text(ObjectNode body, String key, boolean needed) {
    JsonNode value = body.path(key);
    if (!needed && (value.isMissingNode() || value.isNull())) {
      return "";
    }
    if (!value.isTextual() || needed && value.textValue().isBlank()) {
      throw bad(key + " must be a text");
    }
    if (value.textValue().length() > CHARACTERS_MAX) {
      throw bad("%s must not be longer than %d characters".formatted(key, CHARACTERS_MAX));
    }
    return value.textValue();
  }

  private static byte[] bytes(ObjectNode node) {
    try {
      return JSON.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON is always written", e);
    }
  }

  private static JsonNode read(String key, byte[] content) {
    try {
      return JSON.readTree(content);
    } catch (IOException e) {
      throw new ElanusException(
          ErrorCode.DATA_CORRUPT, "the feedback under %s cannot be read".formatted(key), e);
    }
  }

  private static ElanusException bad(String sentence) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, sentence);
  }
}
