package io.elanus.rag.embed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.embed.Embedder.Purpose;
import io.elanus.rag.http.RagCall;
import io.elanus.rag.http.RagService;
import io.elanus.rag.http.Route;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * {@code POST /v1/embeddings} in OpenAI's shape: {@code input} is a text or a list of at most
 * 2,048, {@code encoding_format} {@code float} or {@code base64} (float32, little-endian). {@code
 * model} may be absent or must name one that this server has. Beyond OpenAI's: {@code purpose},
 * {@code query} or {@code document} (the default), for models that tell them apart.
 */
public final class EmbeddingRoute {
  private static final int TEXTS_MAX = 2048;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Embedders embedders;

  public EmbeddingRoute(Embedders embedders) {
    this.embedders = embedders;
  }

  public Route route() {
    return Route.post("/v1/embeddings", this::answer);
  }

  private HttpResponse answer(RagCall call) {
    ObjectNode body = call.body();
    List<String> texts = texts(body.path("input"));
    boolean packed = choice(body, "encoding_format", List.of("float", "base64")).equals("base64");
    Purpose purpose =
        choice(body, "purpose", List.of("document", "query")).equals("query")
            ? Purpose.QUERY
            : Purpose.DOCUMENT;
    JsonNode asked = body.path("model");
    Embedder embedder =
        asked.isMissingNode() || asked.isNull()
            ? embedders.usual()
            : embedders.named(asked.asText());
    Model model = embedder.model();
    JsonNode dimensions = body.path("dimensions");
    if (!dimensions.isMissingNode() && dimensions.asLong() != model.dimension()) {
      throw bad(
          "the model %s has %d dimensions, not %s"
              .formatted(model.name(), model.dimension(), dimensions));
    }
    List<float[]> vectors = embedder.embed(texts, purpose);
    long tokens = 0;
    for (String text : texts) {
      tokens += Math.min(embedder.tokens().count(text), model.tokensMax());
    }
    return RagService.reply(reply(vectors, packed, model, tokens));
  }

  private static ObjectNode reply(List<float[]> vectors, boolean packed, Model model, long tokens) {
    ObjectNode reply = NODES.objectNode();
    reply.put("object", "list");
    ArrayNode data = reply.putArray("data");
    for (int i = 0; i < vectors.size(); i++) {
      ObjectNode one = data.addObject();
      one.put("object", "embedding");
      one.put("index", i);
      if (packed) {
        one.put("embedding", base64(vectors.get(i)));
      } else {
        ArrayNode numbers = one.putArray("embedding");
        for (float x : vectors.get(i)) {
          numbers.add(x);
        }
      }
    }
    reply.put("model", model.name());
    reply.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
    return reply;
  }

  private static String base64(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  private static List<String> texts(JsonNode input) {
    if (input.isTextual()) {
      return List.of(input.textValue());
    }
    if (!input.isArray() || input.isEmpty()) {
      throw bad("input must be a text or a list of texts");
    }
    if (input.size() > TEXTS_MAX) {
      throw new ElanusException(
          ErrorCode.TOO_LARGE,
          "input has %d texts; at most %d go in one call".formatted(input.size(), TEXTS_MAX));
    }
    List<String> texts = new ArrayList<>(input.size());
    for (JsonNode text : input) {
      if (!text.isTextual()) {
        throw bad(
            "input[%d] must be a text; lists of token numbers are not taken"
                .formatted(texts.size()));
      }
      texts.add(text.textValue());
    }
    return texts;
  }

  /** The first is the default. */
  private static String choice(ObjectNode body, String key, List<String> known) {
    JsonNode value = body.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return known.getFirst();
    }
    if (!value.isTextual() || !known.contains(value.textValue())) {
      throw bad("%s must be one of %s, got %s".formatted(key, known, value));
    }
    return value.textValue();
  }

  private static ElanusException bad(String sentence) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, sentence);
  }
}
