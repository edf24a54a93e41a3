package io.elanus.rag.filter;

import com.fasterxml.jackson.databind.JsonNode;
import io.elanus.model.query.Filter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a condition as an expression of the database. Values are bound to parameters, never
 * written; keys of the metadata are written as escaped strings.
 *
 * <p>The database knows a third truth, for values that are missing. Negations are pushed down to
 * the leaves, where a negated one also accepts what is missing; a leaf that is not negated may be
 * unknown, which and, or and the search itself take for false.
 */
public final class Expression {
  /** Of the parameters of what callers ask for themselves. */
  private static final String OWN = "own_";

  private final String prefix;
  private final Map<String, Object> parameters = new HashMap<>();

  private Expression(String prefix) {
    this.prefix = prefix;
  }

  /**
   * @param prefix of the parameters' names: filters with different ones can be joined
   */
  public static Filter of(Condition condition, String prefix) {
    if (condition.equals(Condition.ALWAYS)) {
      return Filter.ALL;
    }
    Expression expression = new Expression(prefix);
    String text = expression.write(condition, false);
    return new Filter(text, expression.parameters);
  }

  /**
   * The filter that a caller asks for itself, in Mongo's words.
   *
   * @param filter null or missing where none is asked for
   */
  public static Filter own(JsonNode filter) {
    return filter.isMissingNode() || filter.isNull()
        ? Filter.ALL
        : of(MongoFilter.parse(filter), OWN);
  }

  /** Rows that pass both; the names of their parameters must differ. */
  public static Filter both(Filter first, Filter second) {
    if (first.isAll()) {
      return second;
    }
    if (second.isAll()) {
      return first;
    }
    Map<String, Object> all = new HashMap<>(first.parameters());
    for (Map.Entry<String, Object> parameter : second.parameters().entrySet()) {
      if (all.putIfAbsent(parameter.getKey(), parameter.getValue()) != null) {
        throw MongoFilter.bad(
            "two filters to be joined both have a parameter %s; rename one", parameter.getKey());
      }
    }
    return new Filter("(" + first.expression() + ") and (" + second.expression() + ")", all);
  }

  private String write(Condition condition, boolean negated) {
    return switch (condition) {
      case Condition.And and -> joined(and.parts(), !negated, negated);
      case Condition.Or or -> joined(or.parts(), negated, negated);
      case Condition.Not not -> write(not.inner(), !negated);
      case Condition.Compare compare -> leaf(compare.place(), compare(compare), negated);
      case Condition.In in -> in(in, negated);
      case Condition.Exists exists -> exists(exists.place(), negated);
    };
  }

  private String joined(List<Condition> parts, boolean and, boolean negated) {
    if (parts.isEmpty()) {
      return Boolean.toString(and);
    }
    List<String> written = new ArrayList<>();
    for (Condition part : parts) {
      written.add(write(part, negated));
    }
    return written.size() == 1
        ? written.getFirst()
        : "(" + String.join(and ? " and " : " or ", written) + ")";
  }

  private String leaf(Place place, String positive, boolean negated) {
    if (!negated) {
      return "(" + positive + ")";
    }
    return place.kind() == Place.Kind.METADATA
        ? "(not (exists %s) or not (%s))".formatted(path(place), positive)
        : "(not (%s))".formatted(positive);
  }

  private String compare(Condition.Compare compare) {
    Place place = compare.place();
    String value = bound(compare.value());
    if (compare.relation() != Condition.Relation.EQUAL) {
      return path(place) + " " + compare.relation().sign + " " + value;
    }
    return switch (place.kind()) {
      case TAGS -> "array_contains(%s, %s)".formatted(path(place), value);
      case METADATA ->
          "%s == %s or json_contains(%s, %s)".formatted(path(place), value, path(place), value);
      default -> path(place) + " == " + value;
    };
  }

  private String in(Condition.In in, boolean negated) {
    if (in.values().isEmpty()) {
      return Boolean.toString(negated);
    }
    Place place = in.place();
    String values = bound(in.values());
    String positive =
        switch (place.kind()) {
          case TAGS -> "array_contains_any(%s, %s)".formatted(path(place), values);
          case METADATA ->
              "%s in %s or json_contains_any(%s, %s)"
                  .formatted(path(place), values, path(place), values);
          default -> path(place) + " in " + values;
        };
    return leaf(place, positive, negated);
  }

  private String exists(Place place, boolean negated) {
    String sign = negated ? "==" : "!=";
    return switch (place.kind()) {
      case METADATA -> "(%s(exists %s))".formatted(negated ? "not " : "", path(place));
      case TAGS -> "(array_length(%s) %s 0)".formatted(path(place), sign);
      case TITLE, HEADING -> "(%s %s %s)".formatted(path(place), sign, bound(""));
      case SOURCE_ID, CHUNK_INDEX, TIMESTAMP -> Boolean.toString(!negated);
    };
  }

  private String bound(Object value) {
    String name = prefix + parameters.size();
    parameters.put(name, value);
    return "{" + name + "}";
  }

  private static String path(Place place) {
    StringBuilder path = new StringBuilder(place.kind().field);
    for (String key : place.keys()) {
      path.append('[').append(quoted(key)).append(']');
    }
    return path.toString();
  }

  /** Everything but plain letters and digits is written as the number of its character. */
  private static String quoted(String key) {
    StringBuilder out = new StringBuilder("\"");
    key.codePoints()
        .forEach(
            c -> {
              boolean plain =
                  (c >= 'a' && c <= 'z')
                      || (c >= 'A' && c <= 'Z')
                      || (c >= '0' && c <= '9')
                      || c == '_'
                      || c == '-'
                      || c == ' ';
              if (plain) {
                out.append((char) c);
              } else {
                out.append("\\U%08X".formatted(c));
              }
            });
    return out.append('"').toString();
  }
}
