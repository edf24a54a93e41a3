package io.elanus.rag.generate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.generate.GenerationFailed.Hope;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The protocol's JSON: the request, the pieces of an answer, and what a refusal says. */
final class ChatWire {
  static final String DONE = "[DONE]";
  private static final ObjectMapper JSON = new ObjectMapper();

  static {
    JSON.getFactory()
        .setStreamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(50).build());
  }

  private ChatWire() {}

  /**
   * A part of an answer; what is absent was not said.
   *
   * @param text empty where the part holds none
   * @param finish why it ended
   */
  record Part(
      String text, @Nullable String finish, OptionalInt promptTokens, OptionalInt textTokens) {}

  static byte[] request(GeneratorConfig config, Prompt prompt) {
    ObjectNode body = JSON.createObjectNode();
    body.put("model", config.model());
    ArrayNode messages = body.putArray("messages");
    for (Prompt.Message message : prompt.messages()) {
      messages.addObject().put("role", message.role().word()).put("content", message.text());
    }
    body.put(config.tokenField(), prompt.tokensMax());
    config.temperature().ifPresent(value -> body.put("temperature", value));
    body.put("stream", true);
    body.putObject("stream_options").put("include_usage", true);
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** One event of a stream. */
  static Part part(String data) throws GenerationFailed {
    return part(data, "delta");
  }

  /** A whole answer, of a server that does not stream. */
  static Part whole(String body) throws GenerationFailed {
    return part(body, "message");
  }

  private static Part part(String data, String field) throws GenerationFailed {
    JsonNode node;
    try {
      node = JSON.readTree(data);
    } catch (JsonProcessingException e) {
      throw GenerationFailed.down("sent something that is not JSON");
    }
    if (!node.isObject()) {
      throw GenerationFailed.down("sent something that is not an answer");
    }
    if (node.hasNonNull("error")) {
      throw GenerationFailed.down("broke off with an error" + said(node));
    }
    JsonNode choice = node.path("choices").path(0);
    JsonNode usage = node.path("usage");
    JsonNode finish = choice.path("finish_reason");
    if (choice.isMissingNode() && !usage.isObject() && !node.path("choices").isArray()) {
      throw GenerationFailed.down("sent something that is not an answer");
    }
    return new Part(
        choice.path(field).path("content").asText(""),
        finish.isTextual() ? finish.asText() : null,
        tokens(usage.path("prompt_tokens")),
        tokens(usage.path("completion_tokens")));
  }

  private static OptionalInt tokens(JsonNode count) {
    return count.canConvertToInt() && count.intValue() >= 0
        ? OptionalInt.of(count.intValue())
        : OptionalInt.empty();
  }

  /** What a status other than 200 means. */
  static GenerationFailed refusal(int status, String body, @Nullable String retryAfter) {
    String words = " (" + status + said(tree(body)) + ")";
    return switch (status) {
      case 401, 403 ->
          new GenerationFailed(
              ErrorCode.NOT_READY,
              Hope.NONE,
              "refuses the key it is given" + words + "; check the generator's key",
              Duration.ZERO);
      case 404 ->
          new GenerationFailed(
              ErrorCode.NOT_READY,
              Hope.NONE,
              "does not know the model or the path"
                  + words
                  + "; check the generator's address and model",
              Duration.ZERO);
      case 408, 429 ->
          new GenerationFailed(
              ErrorCode.BUSY, Hope.LATER, "asks to wait" + words, pause(retryAfter));
      case 400, 413, 422 ->
          new GenerationFailed(
              ErrorCode.INVALID_ARGUMENT, Hope.NONE, "refuses the request" + words, Duration.ZERO);
      default ->
          status >= 500
              ? new GenerationFailed(
                  ErrorCode.NOT_READY, Hope.DOWN, "failed" + words, pause(retryAfter))
              : new GenerationFailed(
                  ErrorCode.NOT_READY,
                  Hope.NONE,
                  "answered with a status that none of its protocol is" + words,
                  Duration.ZERO);
    };
  }

  /** Only a word of the provider's: its sentences may quote the key or the prompt. */
  private static String said(JsonNode body) {
    for (String field : new String[] {"code", "type"}) {
      String word = body.path("error").path(field).asText("");
      if (word.matches("[a-z_]{1,64}")) {
        return " " + word;
      }
    }
    return "";
  }

  private static JsonNode tree(String body) {
    try {
      JsonNode node = JSON.readTree(body);
      return node == null ? JSON.createObjectNode() : node;
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode();
    }
  }

  /** Seconds; a date is not looked at. */
  private static Duration pause(@Nullable String retryAfter) {
    return retryAfter != null && retryAfter.strip().matches("\\d{1,5}")
        ? Duration.ofSeconds(Long.parseLong(retryAfter.strip()))
        : Duration.ZERO;
  }
}
