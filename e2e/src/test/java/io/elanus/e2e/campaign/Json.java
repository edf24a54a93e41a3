package io.elanus.e2e.campaign;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON into maps, lists, strings, longs, doubles and booleans; independent of the server. */
final class Json {
  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(String text) {
    Object value = new Json(text).value();
    if (value instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new IllegalStateException("not an object: " + text);
  }

  static long number(Object value) {
    return value instanceof Long number ? number : Long.parseLong(String.valueOf(value));
  }

  /** One loop and a stack of what is open. */
  @SuppressWarnings("unchecked")
  private Object value() {
    Deque<Object> open = new ArrayDeque<>();
    Deque<String> names = new ArrayDeque<>();
    while (true) {
      space();
      Object done;
      char c = text.charAt(at);
      if (c == '{') {
        at++;
        open.push(new LinkedHashMap<String, Object>());
        names.push("");
        space();
        if (text.charAt(at) != '}') {
          name(names);
          continue;
        }
        done = closed(open, names);
      } else if (c == '[') {
        at++;
        open.push(new ArrayList<>());
        names.push("");
        space();
        if (text.charAt(at) != ']') {
          continue;
        }
        done = closed(open, names);
      } else {
        done = c == '"' ? string() : plain();
      }
      while (true) {
        if (open.isEmpty()) {
          return done;
        }
        if (open.peek() instanceof Map<?, ?> map) {
          ((Map<String, Object>) map).put(names.peek(), done);
        } else {
          ((List<Object>) open.peek()).add(done);
        }
        space();
        if (text.charAt(at) == ',') {
          at++;
          if (open.peek() instanceof Map<?, ?>) {
            name(names);
          }
          break;
        }
        done = closed(open, names);
      }
    }
  }

  private Object closed(Deque<Object> open, Deque<String> names) {
    at++;
    names.pop();
    return open.pop();
  }

  private void name(Deque<String> names) {
    space();
    names.pop();
    names.push(string());
    space();
    if (text.charAt(at++) != ':') {
      throw new IllegalStateException("no colon at " + at + " in " + text);
    }
  }

  private void space() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
  }

  private String string() {
    StringBuilder out = new StringBuilder();
    for (at++; text.charAt(at) != '"'; at++) {
      char c = text.charAt(at);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      c = text.charAt(++at);
      switch (c) {
        case 'n' -> out.append('\n');
        case 't' -> out.append('\t');
        case 'r' -> out.append('\r');
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'u' -> {
          out.append((char) Integer.parseInt(text, at + 1, at + 5, 16));
          at += 4;
        }
        default -> out.append(c);
      }
    }
    at++;
    return out.toString();
  }

  private Object plain() {
    int from = at;
    while (at < text.length() && ",]} \n\r\t".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String word = text.substring(from, at);
    return switch (word) {
      case "true" -> true;
      case "false" -> false;
      case "null" -> "null";
      default ->
          word.matches("-?\\d+") ? (Object) Long.valueOf(word) : (Object) Double.valueOf(word);
    };
  }
}
