package io.elanus.testkit.filter;

import io.elanus.model.query.Filter;
import io.elanus.model.rows.Column;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import io.elanus.testkit.filter.Node.Condition;
import io.elanus.testkit.filter.Node.Operand;
import io.elanus.testkit.json.Json;
import io.elanus.testkit.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A filter, ready to be asked about rows. A row is a map of field names to values as {@link
 * Column#get} answers them. Truth is a Boolean, null for unknown (Kleene's logic); a row passes
 * where it is true.
 */
public final class RowFilter {
  private final @Nullable Condition condition;

  private RowFilter(@Nullable Condition condition) {
    this.condition = condition;
  }

  /** FilterException where the expression means nothing for the schema. */
  public static RowFilter of(Filter filter, Schema schema) {
    return new RowFilter(
        filter.isAll()
            ? null
            : FilterParser.parse(filter.expression(), schema, filter.parameters()));
  }

  public boolean passes(Map<String, @Nullable Object> row) {
    return condition == null || Boolean.TRUE.equals(truth(condition, row));
  }

  private static @Nullable Boolean truth(Condition condition, Map<String, @Nullable Object> row) {
    return switch (condition) {
      case Node.Constant constant -> constant.value();
      case Node.And and -> joined(and.parts(), row, false);
      case Node.Or or -> joined(or.parts(), row, true);
      case Node.Not not -> {
        Boolean truth = truth(not.condition(), row);
        yield truth == null ? null : (Boolean) !truth;
      }
      case Node.IsNull isNull -> value(isNull.operand(), row) == null;
      case Node.Compare compare -> compare(compare, row);
      case Node.In in -> {
        Object value = value(in.operand(), row);
        yield value == null ? null : (Boolean) in(in, value);
      }
      case Node.Like like -> {
        Object value = value(like.operand(), row);
        yield value == null
            ? null
            : (Boolean) (value instanceof String text && matches(text, like.pattern()));
      }
      case Node.Matches matches -> {
        Object value = value(matches.operand(), row);
        yield value == null
            ? null
            : (Boolean) (value instanceof String text && matches.pattern().matcher(text).find());
      }
      case Node.TextMatch match ->
          row.get(match.field().name()) instanceof String text
              ? (Boolean) (Words.common(match.field(), text, match.query()) >= match.least())
              : null;
      case Node.PhraseMatch match ->
          row.get(match.field().name()) instanceof String text
              ? (Boolean) Words.hasPhrase(match.field(), text, match.phrase(), match.slop())
              : null;
      case Node.Contains contains -> {
        Object value = value(contains.array(), row);
        yield value == null ? null : (Boolean) contains(contains, value);
      }
    };
  }

  /** The deciding value is false for and, true for or. */
  private static @Nullable Boolean joined(
      List<Condition> parts, Map<String, @Nullable Object> row, boolean deciding) {
    boolean unknown = false;
    for (Condition part : parts) {
      Boolean truth = truth(part, row);
      if (truth == null) {
        unknown = true;
      } else if (truth == deciding) {
        return deciding;
      }
    }
    return unknown ? null : (Boolean) !deciding;
  }

  private static @Nullable Boolean compare(
      Node.Compare compare, Map<String, @Nullable Object> row) {
    Object left = value(compare.left(), row);
    Object right = value(compare.right(), row);
    if (left == null || right == null) {
      return null;
    }
    left = rounded(left, compare.left(), compare.right());
    right = rounded(right, compare.right(), compare.left());
    Integer order = Values.compare(left, right);
    return switch (compare.operator()) {
      case "==" -> order != null && order == 0;
      case "!=" -> order == null || order != 0;
      case "<" -> order != null && order < 0;
      case "<=" -> order != null && order <= 0;
      case ">" -> order != null && order > 0;
      default -> order != null && order >= 0;
    };
  }

  /**
   * A constant is compared with a field, or an element of it, in the field's own precision; two
   * fields are compared as they are.
   */
  private static Object rounded(Object value, Operand of, Operand against) {
    return of instanceof Node.Literal ? rounded(value, against) : value;
  }

  private static Object rounded(Object value, Operand against) {
    Field field =
        switch (against) {
          case Node.Scalar scalar -> scalar.field();
          case Node.Element element -> element.field();
          default -> null;
        };
    if (field == null || !(value instanceof Number n)) {
      return value;
    }
    DataType type = field.type() == DataType.ARRAY ? field.elementType() : field.type();
    if (type == DataType.FLOAT) {
      return (double) n.floatValue();
    }
    return type == DataType.DOUBLE ? (Object) n.doubleValue() : value;
  }

  private static boolean in(Node.In in, Object value) {
    for (Object wanted : in.values()) {
      if (Values.equal(value, rounded(wanted, in.operand()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean contains(Node.Contains contains, Object value) {
    if (!(value instanceof List<?> list)) {
      return false;
    }
    for (Object constant : contains.values()) {
      Object wanted = rounded(constant, contains.array());
      boolean found = list.stream().anyMatch(item -> Values.equal(item, wanted));
      if (found != contains.all()) {
        return found;
      }
    }
    return contains.all();
  }

  private static boolean matches(String text, String pattern) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\' && i + 1 < pattern.length()) {
        regex.append(Pattern.quote(String.valueOf(pattern.charAt(++i))));
      } else {
        regex.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text).matches();
  }

  // --- values ---------------------------------------------------------------------------------

  private static @Nullable Object value(Operand operand, Map<String, @Nullable Object> row) {
    return switch (operand) {
      case Node.Literal literal -> literal.value();
      case Node.Scalar scalar -> plain(row.get(scalar.field().name()));
      case Node.Path path -> json(path.field(), path.keys(), row);
      case Node.Element element ->
          row.get(element.field().name()) instanceof Column array && element.index() < array.size()
              ? plain(array.get((int) element.index()))
              : null;
      case Node.Length length ->
          value(length.array(), row) instanceof List<?> list ? (Object) (long) list.size() : null;
      case Node.Arithmetic arithmetic -> Values.arithmetic(arithmetic, o -> value(o, row));
    };
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case Float f -> (Object) (double) f;
      case Column array -> {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
          list.add(java.util.Objects.requireNonNull(plain(array.get(i))));
        }
        yield list;
      }
      case null, default -> value;
    };
  }

  private static @Nullable Object json(
      Field field, List<Object> keys, Map<String, @Nullable Object> row) {
    if (!(row.get(field.name()) instanceof byte[] text)) {
      return null;
    }
    Object at = Json.parse(text);
    for (Object key : keys) {
      at = within(at, key);
      if (at == null) {
        return null;
      }
    }
    return at == Json.NULL ? null : at;
  }

  private static @Nullable Object within(Object value, Object key) {
    if (value instanceof Map<?, ?> map) {
      return key instanceof String ? map.get(key) : null;
    }
    if (!(value instanceof List<?> list) || !key.toString().matches("\\d{1,9}")) {
      return null;
    }
    int index = Integer.parseInt(key.toString());
    return index < list.size() ? list.get(index) : null;
  }
}
