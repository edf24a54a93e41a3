package io.elanus.server.validate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.milvus.grpc.KeyValuePair;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A request's list of key-value pairs. Clients stringify what they have: Python sends {@code True},
 * Java {@code true}, and any number may come as a JSON string.
 */
public final class KeyValues {
  private static final int DEPTH_MAX = 64;
  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Where clients put parameters as one JSON object instead of, or besides, flat keys. */
  private static final String NESTED = "params";

  private final Map<String, String> values;

  private KeyValues(Map<String, String> values) {
    this.values = values;
  }

  /** The pairs as they came; of a key given twice the last one counts. */
  public static KeyValues of(List<KeyValuePair> pairs) {
    Map<String, String> values = new LinkedHashMap<>();
    for (KeyValuePair pair : pairs) {
      values.put(pair.getKey(), pair.getValue());
    }
    return new KeyValues(values);
  }

  /** The pairs, with the members of the JSON object {@code params} beside the flat keys. */
  public static KeyValues flattened(List<KeyValuePair> pairs) {
    KeyValues flat = of(pairs);
    String nested = flat.values.remove(NESTED);
    if (nested != null && !nested.isBlank()) {
      object(NESTED, nested).forEach(flat.values::putIfAbsent);
    }
    return flat;
  }

  public Map<String, String> asMap() {
    return Map.copyOf(values);
  }

  /** The pairs without those of these keys. */
  Map<String, String> without(Set<String> keys) {
    Map<String, String> rest = new LinkedHashMap<>(values);
    rest.keySet().removeAll(keys);
    return rest;
  }

  /** The value, absent also where it is empty. */
  Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key)).map(String::trim).filter(v -> !v.isEmpty());
  }

  boolean flag(String key) {
    return text(key).map(v -> flag(key, v)).orElse(false);
  }

  private static boolean flag(String key, String value) {
    if (value.equalsIgnoreCase("true") || value.equals("1")) {
      return true;
    }
    if (value.equalsIgnoreCase("false") || value.equals("0")) {
      return false;
    }
    throw Problems.argument("parameter %s should be true or false, got '%s'", key, value);
  }

  int integer(String key, int otherwise) {
    return text(key).map(v -> integer(key, v)).orElse(otherwise);
  }

  Optional<Float> number(String key) {
    return text(key).map(v -> number(key, v));
  }

  static int integer(String key, String value) {
    try {
      return Integer.parseInt(unquoted(value));
    } catch (NumberFormatException e) {
      throw Problems.argument("parameter %s should be an integer, got '%s'", key, value);
    }
  }

  private static float number(String key, String value) {
    try {
      float number = Float.parseFloat(unquoted(value));
      if (!Float.isNaN(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, as NaN is.
    }
    throw Problems.argument("parameter %s should be a number, got '%s'", key, value);
  }

  private static String unquoted(String value) {
    String text = value.trim();
    boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1).trim() : text;
  }

  /** One member of a JSON object as text, empty where it is not there. */
  public static String member(String what, String json, String key) {
    return object(what, json).getOrDefault(key, "");
  }

  /**
   * The members of a JSON object as text: strings bare, everything else as JSON; nulls left out.
   */
  static Map<String, String> object(String key, String json) {
    JsonNode node = json(key, json);
    if (!node.isObject()) {
      throw Problems.argument("%s should be a JSON object, got '%s'", key, brief(json));
    }
    Map<String, String> members = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      JsonNode value = member.getValue();
      if (!value.isNull()) {
        members.put(member.getKey(), value.isTextual() ? value.textValue() : value.toString());
      }
    }
    return members;
  }

  static JsonNode json(String key, String json) {
    try {
      JsonNode node = JSON.readTree(json);
      if (node != null && !node.isMissingNode()) {
        return node;
      }
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      // Told below; the library's own text would name its classes.
    }
    throw Problems.argument("%s is not valid JSON: '%s'", key, brief(json));
  }

  private static String brief(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "…";
  }
}
