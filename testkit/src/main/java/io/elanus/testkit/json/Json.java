package io.elanus.testkit.json;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes JSON text. Values are Boolean, Long, Double, String, {@code List}, {@code Map}
 * in order of keys, and {@link #NULL}; integers beyond 64 bits become Doubles. Neither way
 * recurses.
 */
public final class Json {
  /** JSON's own null, which is a value; Java's null stands for nothing being there. */
  public static final Object NULL =
      new Object() {
        @Override
        public String toString() {
          return "null";
        }
      };

  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  public static Object parse(byte[] utf8) {
    return parse(new String(utf8, StandardCharsets.UTF_8));
  }

  /** IllegalArgumentException where the text is not one JSON value. */
  public static Object parse(String text) {
    Json reader = new Json(text);
    Object value = reader.document();
    reader.space();
    if (reader.at < text.length()) {
      throw reader.bad();
    }
    return value;
  }

  /** An open array or object, and the key that its next value belongs to. */
  private static final class Open {
    final @Nullable List<Object> list;
    final @Nullable Map<String, Object> map;
    @Nullable String key;

    Open(boolean object) {
      list = object ? null : new ArrayList<>();
      map = object ? new LinkedHashMap<>() : null;
    }

    Object value() {
      return map != null ? map : java.util.Objects.requireNonNull(list);
    }

    void add(Object value) {
      if (map != null) {
        map.putIfAbsent(java.util.Objects.requireNonNull(key), value);
      } else {
        java.util.Objects.requireNonNull(list).add(value);
      }
    }
  }

  private Object document() {
    Deque<Open> open = new ArrayDeque<>();
    while (true) {
      space();
      Object value;
      if (take('{') || take('[')) {
        Open container = new Open(text.charAt(at - 1) == '{');
        space();
        if (!take(container.map != null ? '}' : ']')) {
          open.push(container);
          key(container);
          continue;
        }
        value = container.value();
      } else {
        value = scalar();
      }
      while (true) {
        if (open.isEmpty()) {
          return value;
        }
        Open parent = open.element();
        parent.add(value);
        space();
        if (take(',')) {
          key(parent);
          break;
        }
        expect(parent.map != null ? '}' : ']');
        value = open.pop().value();
      }
    }
  }

  private void key(Open container) {
    if (container.map != null) {
      space();
      expect('"');
      container.key = string();
      space();
      expect(':');
    }
  }

  private Object scalar() {
    if (take('"')) {
      return string();
    }
    int start = at;
    while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String word = text.substring(start, at);
    return switch (word) {
      case "true" -> true;
      case "false" -> false;
      case "null" -> NULL;
      default -> number(word);
    };
  }

  private Object number(String word) {
    try {
      if (word.matches("-?\\d+")) {
        BigInteger big = new BigInteger(word);
        return big.bitLength() < 64 ? (Object) big.longValue() : big.doubleValue();
      }
      return Double.parseDouble(word);
    } catch (NumberFormatException e) {
      throw bad();
    }
  }

  private String string() {
    StringBuilder out = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return out.toString();
      }
      out.append(c == '\\' ? escape() : c);
    }
    throw bad();
  }

  private char escape() {
    char c = text.charAt(at++);
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> {
        at += 4;
        yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
      }
      default -> c;
    };
  }

  private boolean take(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!take(c)) {
      throw bad();
    }
  }

  private void space() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private IllegalArgumentException bad() {
    return new IllegalArgumentException("not JSON at " + at + ": " + text);
  }

  public static byte[] bytes(Object value) {
    return write(value).getBytes(StandardCharsets.UTF_8);
  }

  /** Compact text; Java's null and {@link #NULL} are both written as null. */
  public static String write(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    Deque<Object> rest = new ArrayDeque<>();
    rest.push(value == null ? NULL : value);
    while (!rest.isEmpty()) {
      Object next = rest.pop();
      switch (next) {
        case Verbatim verbatim -> out.append(verbatim.text());
        case String string -> quote(out, string);
        case List<?> list -> push(rest, "[", "]", listed(list));
        case Map<?, ?> map -> push(rest, "{", "}", listed(map));
        default -> out.append(next);
      }
    }
    return out.toString();
  }

  private record Verbatim(String text) {}

  private static void push(Deque<Object> rest, String open, String close, List<Object> inside) {
    rest.push(new Verbatim(close));
    for (int i = inside.size() - 1; i >= 0; i--) {
      rest.push(inside.get(i));
    }
    rest.push(new Verbatim(open));
  }

  private static List<Object> listed(List<?> list) {
    List<Object> parts = new ArrayList<>();
    for (Object item : list) {
      if (!parts.isEmpty()) {
        parts.add(new Verbatim(","));
      }
      parts.add(item == null ? NULL : item);
    }
    return parts;
  }

  private static List<Object> listed(Map<?, ?> map) {
    List<Object> parts = new ArrayList<>();
    map.forEach(
        (key, value) -> {
          if (!parts.isEmpty()) {
            parts.add(new Verbatim(","));
          }
          parts.add(key);
          parts.add(new Verbatim(":"));
          parts.add(value == null ? NULL : value);
        });
    return parts;
  }

  private static void quote(StringBuilder out, String string) {
    out.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20) {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
