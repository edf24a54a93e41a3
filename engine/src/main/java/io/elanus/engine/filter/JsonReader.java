package io.elanus.engine.filter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the value at a path out of JSON text without building the rest. Documents passed the gate:
 * they are valid and their depth is bounded.
 */
final class JsonReader {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** Stands for an object, which compares with nothing but exists. */
  static final Object OBJECT = new Object();

  private JsonReader() {}

  /** Boolean, Long, Double, String, List, {@link #OBJECT}; null where absent or JSON null. */
  static @Nullable Object read(byte[] json, List<Object> path) {
    try (JsonParser parser = FACTORY.createParser(json)) {
      parser.nextToken();
      for (Object step : path) {
        if (!enter(parser, step)) {
          return null;
        }
      }
      return value(parser);
    } catch (IOException e) {
      // Text that does not parse holds nothing at any path.
      return null;
    }
  }

  private static boolean enter(JsonParser parser, Object step) throws IOException {
    if (step instanceof String key && parser.currentToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean found = key.equals(parser.currentName());
        parser.nextToken();
        if (found) {
          return true;
        }
        parser.skipChildren();
      }
      return false;
    }
    boolean array = parser.currentToken() == JsonToken.START_ARRAY;
    long index = step instanceof Long n ? n : array ? position(step) : -1;
    if (!array || index < 0) {
      return false;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (index-- == 0) {
        return true;
      }
      parser.skipChildren();
    }
    return false;
  }

  /** {@code a["0"]} reaches into an array too. */
  private static long position(Object step) {
    String text = step.toString();
    boolean digits = !text.isEmpty() && text.length() < 10;
    for (int i = 0; i < text.length() && digits; i++) {
      digits = Character.isDigit(text.charAt(i));
    }
    return digits ? Long.parseLong(text) : -1;
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      return null;
    }
    return switch (token) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_NUMBER_INT -> {
        BigInteger big = parser.getBigIntegerValue();
        yield big.bitLength() < 64 ? (Object) big.longValue() : big.doubleValue();
      }
      case START_ARRAY -> {
        List<@Nullable Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(value(parser));
        }
        yield items;
      }
      case START_OBJECT -> {
        parser.skipChildren();
        yield OBJECT;
      }
      default -> null;
    };
  }
}
