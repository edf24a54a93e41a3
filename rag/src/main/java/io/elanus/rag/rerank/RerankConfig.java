package io.elanus.rag.rerank;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * A reranker over HTTP.
 *
 * @param address of the rerank call itself, such as {@code http://127.0.0.1:8080/rerank}
 * @param model named in the call; empty where the server has one
 * @param key sent as a bearer token; never shown
 * @param candidates it looks at
 * @param batch most texts of one call
 * @param timeout of one question, over all its calls
 */
public record RerankConfig(
    URI address,
    Shape shape,
    String model,
    Optional<String> key,
    int candidates,
    int batch,
    Duration timeout) {
  /** How the call and its answer look. */
  public enum Shape {
    /** {@code {query, texts}} answered by {@code [{index, score}]}. */
    TEI,
    /** {@code {model, query, documents}} by {@code {results: [{index, relevance_score}]}}. */
    COHERE,
    /** As Cohere's, without documents sent back. */
    JINA
  }

  @Override
  public String toString() {
    return "%s at %s".formatted(shape, address);
  }
}
