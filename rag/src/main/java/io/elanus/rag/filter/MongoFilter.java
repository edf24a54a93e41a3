package io.elanus.rag.filter;

import com.fasterxml.jackson.databind.JsonNode;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.filter.Condition.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Reads filters in Mongo's words: {@code {"tags": ["a", "b"], "timestamp": {"$gte": "2026-01-01"},
 * "author.name": {"$ne": "x"}}}. Keys that are no field of a chunk are paths into the user's
 * metadata; {@code metadata.} before a key says so even where a field has the same name.
 *
 * <p>{@value #DEPTH_MAX} levels, {@value #CONDITIONS_MAX} conditions, {@value #VALUES_MAX} values
 * and {@value #CHARACTERS_MAX} characters of them are taken at most.
 */
public final class MongoFilter {
  static final int DEPTH_MAX = 16;
  static final int CONDITIONS_MAX = 256;
  static final int VALUES_MAX = 4_096;
  static final int CHARACTERS_MAX = 1 << 18;
  private static final int KEYS_MAX = 8;
  private static final int KEY_CHARACTERS_MAX = 256;
  private static final String INSIDE = "metadata.";

  private static final Map<String, Relation> RELATIONS =
      Map.of(
          "$eq", Relation.EQUAL,
          "$gt", Relation.ABOVE,
          "$gte", Relation.AT_LEAST,
          "$lt", Relation.BELOW,
          "$lte", Relation.AT_MOST);

  private static final TreeSet<String> KNOWN =
      new TreeSet<>(
          List.of(
              "$and", "$eq", "$exists", "$gt", "$gte", "$in", "$lt", "$lte", "$ne", "$nin", "$not",
              "$or"));

  private int conditions;
  private int values;
  private int characters;

  private MongoFilter() {}

  /**
   * @throws ElanusException INVALID_ARGUMENT with what is wrong, by name
   */
  public static Condition parse(JsonNode filter) {
    return new MongoFilter().filter(filter, 1);
  }

  private Condition filter(JsonNode filter, int depth) {
    if (!filter.isObject()) {
      throw bad("a filter is an object such as {\"tags\": \"a\"}, got %s", shown(filter));
    }
    refuseDeep(depth);
    List<Condition> parts = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : filter.properties()) {
      String key = entry.getKey();
      JsonNode value = entry.getValue();
      parts.add(
          switch (key) {
            case "$and" -> new Condition.And(several(key, value, depth));
            case "$or" -> new Condition.Or(several(key, value, depth));
            case "$not" -> new Condition.Not(filter(value, depth + 1));
            default -> key.startsWith("$") ? unplaced(key) : field(place(key), value, depth);
          });
    }
    return parts.size() == 1 ? parts.getFirst() : new Condition.And(parts);
  }

  private static void refuseDeep(int depth) {
    if (depth > DEPTH_MAX) {
      throw bad("the filter nests deeper than %d levels; flatten it", DEPTH_MAX);
    }
  }

  private static Condition unplaced(String key) {
    if (KNOWN.contains(key)) {
      throw bad("%s stands inside a field, as in {\"year\": {\"%s\": 2026}}", key, key);
    }
    throw unknown(key);
  }

  private static ElanusException unknown(String operator) {
    return bad("the filter operator %s is not known; known are %s", cut(operator), KNOWN);
  }

  private List<Condition> several(String operator, JsonNode value, int depth) {
    if (!value.isArray() || value.isEmpty()) {
      throw bad("%s takes a list of one or more filters, got %s", operator, shown(value));
    }
    List<Condition> parts = new ArrayList<>();
    for (JsonNode part : value) {
      count(1);
      parts.add(filter(part, depth + 1));
    }
    return parts;
  }

  private void count(int more) {
    conditions += more;
    if (conditions > CONDITIONS_MAX) {
      throw bad("the filter has more than %d conditions; use $in for many values", CONDITIONS_MAX);
    }
  }

  static Place place(String key) {
    for (Place.Kind kind : Place.Kind.values()) {
      if (kind != Place.Kind.METADATA && kind.field.equals(key)) {
        return new Place(kind, List.of());
      }
    }
    String path = key.startsWith(INSIDE) ? key.substring(INSIDE.length()) : key;
    List<String> keys = List.of(path.split("\\.", -1));
    if (keys.size() > KEYS_MAX || path.length() > KEY_CHARACTERS_MAX) {
      throw bad(
          "the path %s has more than %d keys or %d characters",
          cut(path), KEYS_MAX, KEY_CHARACTERS_MAX);
    }
    for (String part : keys) {
      if (part.isEmpty() || part.startsWith("$")) {
        throw bad("the path %s has a key that is empty or begins with $", cut(path));
      }
      refuseHalves(part);
    }
    return new Place(Place.Kind.METADATA, keys);
  }

  /** Half of a surrogate pair is no character, and nothing stored holds one. */
  private static void refuseHalves(String text) {
    if (text.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF)) {
      throw bad("%s holds half a character", cut(text));
    }
  }

  private Condition field(Place place, JsonNode value, int depth) {
    if (value.isArray()) {
      return in(place, value);
    }
    if (!value.isObject()) {
      return equal(place, value);
    }
    refuseDeep(depth + 1);
    if (value.isEmpty()) {
      throw bad("%s has no operator; known are %s", place.name(), KNOWN);
    }
    List<Condition> parts = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      parts.add(operator(place, entry.getKey(), entry.getValue(), depth + 1));
    }
    return parts.size() == 1 ? parts.getFirst() : new Condition.And(parts);
  }

  private Condition operator(Place place, String operator, JsonNode value, int depth) {
    return switch (operator) {
      case "$eq" -> equal(place, value);
      case "$ne" -> new Condition.Not(equal(place, value));
      case "$in" -> in(place, value);
      case "$nin" -> new Condition.Not(in(place, value));
      case "$exists" -> exists(place, value);
      case "$gt", "$gte", "$lt", "$lte" -> ordered(place, operator, value);
      case "$not" -> {
        if (!value.isObject()) {
          throw bad("$not takes operators, as in {\"$not\": {\"$gt\": 5}}; for a value use $ne");
        }
        yield new Condition.Not(field(place, value, depth));
      }
      case "$and", "$or" ->
          throw bad("%s stands outside of fields, over a list of filters", operator);
      default -> {
        if (operator.startsWith("$")) {
          throw unknown(operator);
        }
        throw bad(
            "%s is compared with an object; reach into it by a path such as %s.%s",
            place.name(), place.name(), cut(operator));
      }
    };
  }

  private Condition exists(Place place, JsonNode value) {
    if (!value.isBoolean()) {
      throw bad("$exists is true or false, got %s", shown(value));
    }
    count(1);
    Condition exists = new Condition.Exists(place);
    return value.booleanValue() ? exists : new Condition.Not(exists);
  }

  private Condition equal(Place place, JsonNode value) {
    count(1);
    if (value.isNull()) {
      return new Condition.Not(new Condition.Exists(place));
    }
    return new Condition.Compare(place, Relation.EQUAL, value(place, value));
  }

  private Condition ordered(Place place, String operator, JsonNode value) {
    count(1);
    Object constant = value(place, value);
    if (constant instanceof Boolean || place.kind() == Place.Kind.TAGS) {
      throw bad("%s has no order for %s; use $eq, $ne, $in or $nin", place.name(), operator);
    }
    return new Condition.Compare(
        place, java.util.Objects.requireNonNull(RELATIONS.get(operator)), constant);
  }

  private Condition in(Place place, JsonNode list) {
    if (!list.isArray()) {
      throw bad("%s is asked to be in %s, which is no list", place.name(), shown(list));
    }
    count(1);
    List<Object> constants = new ArrayList<>();
    boolean missing = false;
    for (JsonNode value : list) {
      if (value.isNull()) {
        missing = true;
      } else {
        constants.add(value(place, value));
      }
    }
    Condition in = new Condition.In(place, constants);
    return missing
        ? new Condition.Or(List.of(in, new Condition.Not(new Condition.Exists(place))))
        : in;
  }

  private Object value(Place place, JsonNode value) {
    if (++values > VALUES_MAX) {
      throw bad("the filter has more than %d values", VALUES_MAX);
    }
    if (value.isTextual()) {
      characters += value.textValue().length();
      if (characters > CHARACTERS_MAX) {
        throw bad("the values of the filter have more than %d characters", CHARACTERS_MAX);
      }
      refuseHalves(value.textValue());
    }
    Object constant = Constants.of(place, value);
    Place.Kind kind = place.kind();
    boolean fits =
        kind == Place.Kind.METADATA
            || (kind.isNumber() ? constant instanceof Number : constant instanceof String);
    if (!fits) {
      throw bad(
          "%s is %s and cannot be compared with %s",
          place.name(), kind.isNumber() ? "a number" : "text", shown(value));
    }
    return constant;
  }

  static String shown(JsonNode value) {
    return cut(value.toString());
  }

  private static String cut(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }

  static ElanusException bad(String message, Object... parts) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, message.formatted(parts));
  }
}
