package io.elanus.rag.filter;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks a condition of one chunk in memory; the same answer as the database's to its expression. */
public final class Evaluator {
  private Evaluator() {}

  public static boolean test(Condition condition, DocumentFields fields) {
    return switch (condition) {
      case Condition.And and -> and.parts().stream().allMatch(part -> test(part, fields));
      case Condition.Or or -> or.parts().stream().anyMatch(part -> test(part, fields));
      case Condition.Not not -> !test(not.inner(), fields);
      case Condition.Exists exists -> exists(exists.place(), fields);
      case Condition.In in ->
          in.values().stream()
              .anyMatch(value -> compare(in.place(), Condition.Relation.EQUAL, value, fields));
      case Condition.Compare c -> compare(c.place(), c.relation(), c.value(), fields);
    };
  }

  private static boolean exists(Place place, DocumentFields fields) {
    return switch (place.kind()) {
      case SOURCE_ID, CHUNK_INDEX, TIMESTAMP -> true;
      case TITLE -> !fields.title().isEmpty();
      case HEADING -> !fields.heading().isEmpty();
      case TAGS -> !fields.tags().isEmpty();
      case METADATA -> at(fields.metadata(), place.keys()) != null;
    };
  }

  private static boolean compare(
      Place place, Condition.Relation relation, Object constant, DocumentFields fields) {
    return switch (place.kind()) {
      case SOURCE_ID -> holds(relation, fields.sourceId(), constant);
      case TITLE -> holds(relation, fields.title(), constant);
      case HEADING -> holds(relation, fields.heading(), constant);
      case CHUNK_INDEX -> holds(relation, (long) fields.chunkIndex(), constant);
      case TIMESTAMP -> holds(relation, fields.timestampMillis(), constant);
      case TAGS -> fields.tags().stream().anyMatch(tag -> holds(relation, tag, constant));
      case METADATA -> inside(relation, at(fields.metadata(), place.keys()), constant);
    };
  }

  private static boolean inside(
      Condition.Relation relation, @Nullable JsonNode value, Object constant) {
    if (value == null) {
      return false;
    }
    if (!value.isArray()) {
      return holds(relation, scalar(value), constant);
    }
    if (relation == Condition.Relation.EQUAL) {
      for (JsonNode item : value) {
        if (holds(relation, scalar(item), constant)) {
          return true;
        }
      }
    }
    return false;
  }

  /** What lies there; null where there is nothing, or JSON's null. */
  private static @Nullable JsonNode at(JsonNode metadata, List<String> keys) {
    JsonNode at = metadata;
    for (String key : keys) {
      JsonNode next =
          at.isArray() && key.matches("\\d{1,9}") ? at.get(Integer.parseInt(key)) : at.get(key);
      if (next == null) {
        return null;
      }
      at = next;
    }
    return at.isNull() ? null : at;
  }

  private static @Nullable Object scalar(JsonNode value) {
    if (value.isTextual()) {
      return value.textValue();
    }
    if (value.isBoolean()) {
      return value.booleanValue();
    }
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return value.longValue();
    }
    return value.isNumber() ? (Object) value.doubleValue() : null;
  }

  private static boolean holds(
      Condition.Relation relation, @Nullable Object value, Object constant) {
    return switch (value) {
      case String a when constant instanceof String b -> relation.holds(byCodePoints(a, b));
      case Number a when constant instanceof Number b -> relation.holds(byNumber(a, b));
      case Boolean a when constant instanceof Boolean b -> relation.holds(Boolean.compare(a, b));
      case null, default -> false;
    };
  }

  /** The order of UTF-8, which is not that of UTF-16. */
  private static int byCodePoints(String a, String b) {
    int[] x = a.codePoints().toArray();
    int[] y = b.codePoints().toArray();
    return java.util.Arrays.compare(x, y);
  }

  private static int byNumber(Number a, Number b) {
    if (!Double.isFinite(a.doubleValue()) || !Double.isFinite(b.doubleValue())) {
      return Double.compare(a.doubleValue(), b.doubleValue());
    }
    return exact(a).compareTo(exact(b));
  }

  private static BigDecimal exact(Number number) {
    return number instanceof Long n ? BigDecimal.valueOf(n) : new BigDecimal(number.doubleValue());
  }
}
