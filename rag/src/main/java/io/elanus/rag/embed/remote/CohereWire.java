package io.elanus.rag.embed.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.rag.embed.Embedder.Purpose;
import java.util.ArrayList;
import java.util.List;

/** {@code POST /embed} of Cohere's second version, which knows questions from documents. */
final class CohereWire implements Wire {
  private final RemoteConfig config;

  CohereWire(RemoteConfig config) {
    this.config = config;
  }

  @Override
  public String path() {
    return "/embed";
  }

  @Override
  public byte[] question(List<String> texts, Purpose purpose) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("model", config.model());
    body.put("input_type", purpose == Purpose.QUERY ? "search_query" : "search_document");
    body.putArray("embedding_types").add("float");
    if (config.askDimension()) {
      body.put("output_dimension", config.dimension());
    }
    texts.forEach(body.putArray("texts")::add);
    return Json.write(body);
  }

  @Override
  public List<float[]> answer(byte[] body, int texts) throws MalformedAnswer {
    JsonNode floats = Json.read(body).path("embeddings").path("float");
    if (!floats.isArray() || floats.size() != texts) {
      throw new MalformedAnswer(
          "its answer has %d embeddings for %d texts".formatted(floats.size(), texts));
    }
    List<float[]> vectors = new ArrayList<>(texts);
    for (JsonNode one : floats) {
      vectors.add(Json.vector(one));
    }
    return vectors;
  }
}
