package io.elanus.model.query;

import java.util.Map;

/**
 * A filter as the user wrote it: an expression with {@code {name}} placeholders and the values
 * bound to them (Boolean, Long, Double, String, List of these). Parsed and typed only in the
 * engine.
 */
public record Filter(String expression, Map<String, Object> parameters) {
  /** Every row passes. */
  public static final Filter ALL = new Filter("", Map.of());

  public Filter {
    parameters = Map.copyOf(parameters);
  }

  public static Filter of(String expression) {
    return new Filter(expression, Map.of());
  }

  public boolean isAll() {
    return expression.isBlank();
  }
}
