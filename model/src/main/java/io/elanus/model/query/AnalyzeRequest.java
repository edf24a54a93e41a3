package io.elanus.model.query;

import java.util.List;

/**
 * Texts to be taken apart.
 *
 * @param analyzerParams of the analyzer as JSON; empty for the standard one, or where a field says
 * @param collection whose field has the analyzer; empty to take {@code analyzerParams}
 */
public record AnalyzeRequest(
    List<String> texts, String analyzerParams, String collection, String field) {
  public AnalyzeRequest {
    texts = List.copyOf(texts);
  }
}
