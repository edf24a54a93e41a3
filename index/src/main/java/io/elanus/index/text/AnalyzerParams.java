package io.elanus.index.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One JSON object of an analyzer's parameters: its members by name, each a String, Long, Double,
 * Boolean, a list of these, or an object again. Members are taken one by one; {@link #end} refuses
 * what nobody took, so that a misspelt name is not ignored.
 */
final class AnalyzerParams {
  private static final int DEPTH_MAX = 8;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
          .build();

  private final String what;
  private final Map<String, Object> members;

  private AnalyzerParams(String what, Map<String, Object> members) {
    this.what = what;
    this.members = members;
  }

  /** Reads an object; blank text is an empty one. */
  static AnalyzerParams parse(String what, String text) {
    if (text.isBlank()) {
      return new AnalyzerParams(what, new LinkedHashMap<>());
    }
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      Object value = value(parser);
      if (!(value instanceof AnalyzerParams object) || parser.nextToken() != null) {
        throw invalid("%s must be one JSON object, got %s".formatted(what, shown(text)));
      }
      return new AnalyzerParams(what, object.members);
    } catch (JsonProcessingException e) {
      throw invalid(
          "%s is not valid JSON: %s: %s".formatted(what, shown(text), e.getOriginalMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Depth is bounded by the parser's own limit. */
  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> parser.getText();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case START_ARRAY -> {
        List<Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(value(parser));
        }
        yield items;
      }
      case START_OBJECT -> {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          members.put(name, value(parser));
        }
        yield new AnalyzerParams("an object", members);
      }
      case null, default ->
          throw invalid("the parameters of an analyzer cannot hold " + parser.currentToken());
    };
  }

  private static String shown(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }

  boolean has(String name) {
    return members.containsKey(name);
  }

  /** A text that must be there. */
  String text(String name) {
    if (members.remove(name) instanceof String text && !text.isEmpty()) {
      return text;
    }
    throw invalid("%s needs \"%s\" as a text".formatted(what, name));
  }

  /** A whole number that must be there. */
  int number(String name, int min, int max) {
    Object value = members.remove(name);
    if (value instanceof Long n && n >= min && n <= max) {
      return (int) (long) n;
    }
    throw invalid(
        "%s needs \"%s\" as a number from %d to %d, got %s".formatted(what, name, min, max, value));
  }

  /** A list of texts; one text is a list of one, absent is an empty one. */
  List<String> texts(String name) {
    Object value = members.remove(name);
    List<String> texts = new ArrayList<>();
    List<?> items =
        value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
    for (Object item : items) {
      if (!(item instanceof String text)) {
        throw invalid("\"%s\" of %s must be a list of texts, got %s".formatted(name, what, item));
      }
      texts.add(text);
    }
    return texts;
  }

  /** A thing that is named by a text, or by an object with its type and parameters. */
  AnalyzerParams typed(String name) {
    return typed("the " + name, members.remove(name));
  }

  /** A list of such things; absent is an empty one. */
  List<AnalyzerParams> typedList(String name) {
    Object value = members.remove(name);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> items)) {
      throw invalid("\"%s\" of %s must be a list, got %s".formatted(name, what, value));
    }
    List<AnalyzerParams> all = new ArrayList<>();
    for (Object item : items) {
      all.add(typed("a " + name, item));
    }
    return all;
  }

  private static AnalyzerParams typed(String what, Object value) {
    if (value instanceof String type) {
      return new AnalyzerParams(what + " " + type, new LinkedHashMap<>(Map.of("type", type)));
    }
    if (value instanceof AnalyzerParams object
        && object.members.get("type") instanceof String type) {
      return new AnalyzerParams(what + " " + type, object.members);
    }
    throw invalid("%s must be a name or an object with a \"type\", got %s".formatted(what, value));
  }

  /** An object within, by its name. */
  AnalyzerParams object(String name) {
    if (members.remove(name) instanceof AnalyzerParams object) {
      return new AnalyzerParams("\"%s\" of %s".formatted(name, what), object.members);
    }
    throw invalid("%s needs \"%s\" as an object".formatted(what, name));
  }

  /** Refuses what was not taken. */
  void end() {
    if (!members.isEmpty()) {
      throw invalid("%s has no parameter %s".formatted(what, String.join(", ", members.keySet())));
    }
  }

  @Override
  public String toString() {
    return members.toString();
  }

  static ElanusException invalid(String message) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, "invalid analyzer: " + message);
  }
}
