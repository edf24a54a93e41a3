package io.elanus.rag.embed.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.rag.embed.Embedder.Purpose;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** {@code POST /embeddings} as OpenAI has it; answers as floats or as base64 of float32. */
final class OpenAiWire implements Wire {
  private final RemoteConfig config;

  OpenAiWire(RemoteConfig config) {
    this.config = config;
  }

  @Override
  public String path() {
    return "/embeddings";
  }

  @Override
  public byte[] question(List<String> texts, Purpose purpose) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("model", config.model());
    body.put("encoding_format", "float");
    if (config.askDimension()) {
      body.put("dimensions", config.dimension());
    }
    texts.forEach(body.putArray("input")::add);
    return Json.write(body);
  }

  @Override
  public List<float[]> answer(byte[] body, int texts) throws MalformedAnswer {
    JsonNode data = Json.read(body).path("data");
    if (!data.isArray() || data.size() != texts) {
      throw new MalformedAnswer(
          "its answer has %d embeddings for %d texts".formatted(data.size(), texts));
    }
    float[][] vectors = new float[texts][];
    for (JsonNode one : data) {
      JsonNode index = one.path("index");
      int at = index.isInt() ? index.intValue() : -1;
      if (at < 0 || at >= texts || vectors[at] != null) {
        throw new MalformedAnswer("an embedding in its answer has the index " + index);
      }
      JsonNode embedding = one.path("embedding");
      vectors[at] = embedding.isTextual() ? packed(embedding.textValue()) : Json.vector(embedding);
    }
    return Arrays.asList(vectors);
  }

  private static float[] packed(String base64) throws MalformedAnswer {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new MalformedAnswer("an embedding in its answer is no base64");
    }
    if (bytes.length % Float.BYTES != 0) {
      throw new MalformedAnswer("an embedding in its answer ends inside of a number");
    }
    float[] vector = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
    return vector;
  }
}
