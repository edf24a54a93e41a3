package io.elanus.rag.embed.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.elanus.rag.embed.remote.Wire.MalformedAnswer;
import java.io.IOException;

/** What both spellings share. */
final class Json {
  private static final int DEPTH_MAX = 20;
  static final ObjectMapper MAPPER = new ObjectMapper();

  static {
    MAPPER
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build());
  }

  private Json() {}

  static JsonNode read(byte[] body) throws MalformedAnswer {
    try {
      return MAPPER.readTree(body);
    } catch (IOException e) {
      throw new MalformedAnswer("its answer is no JSON");
    }
  }

  static byte[] write(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON is always written", e);
    }
  }

  static float[] vector(JsonNode numbers) throws MalformedAnswer {
    if (!numbers.isArray()) {
      throw new MalformedAnswer("an embedding in its answer is no list of numbers");
    }
    float[] vector = new float[numbers.size()];
    for (int d = 0; d < vector.length; d++) {
      JsonNode number = numbers.get(d);
      if (!number.isNumber()) {
        throw new MalformedAnswer("an embedding in its answer holds what is no number");
      }
      vector[d] = number.floatValue();
    }
    return vector;
  }
}
