package io.elanus.model.query;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Search parameters of an index by their Milvus names (ef, nprobe, recall …), as text; booleans may
 * come as "True". Numbers are parsed by who needs them, wrong ones refused there.
 */
public record SearchParams(Map<String, String> values) {
  public static final SearchParams NONE = new SearchParams(Map.of());

  public SearchParams {
    values = Map.copyOf(values);
  }

  /** The integer of that name; NumberFormatException where it is no integer. */
  public OptionalInt integer(String name) {
    String text = values.get(name);
    return text == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text.trim()));
  }

  /** The number of that name; NumberFormatException where it is none. */
  public OptionalDouble number(String name) {
    String text = values.get(name);
    return text == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(Double.parseDouble(text.trim()));
  }
}
