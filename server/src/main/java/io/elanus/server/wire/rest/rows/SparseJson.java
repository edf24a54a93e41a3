package io.elanus.server.wire.rest.rows;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import io.elanus.model.rows.SparseVector;
import io.elanus.server.validate.SparseBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A sparse vector in JSON: {@code {"1": 0.5, "7": 2}}, or {@code {"indices": [1, 7], "values":
 * [0.5, 2]}}; dimensions in any order, and written in the first form.
 */
final class SparseJson {
  static final String EXPECTED =
      "an object {\"<index>\": <number>, …} or {\"indices\": […], \"values\": […]} with indices"
          + " below 2^32 - 1, each once";
  private static final long INDEX_MAX = 0xFFFF_FFFEL;

  private SparseJson() {}

  /** Says that what stands there is no sparse vector; the caller says where. */
  static final class NotSparseException extends Exception {
    private static final long serialVersionUID = 1;

    NotSparseException() {
      super(EXPECTED);
    }
  }

  /** Reads the object that the parser stands on, to its end, as the protocol has it. */
  static ByteString read(JsonParser parser) throws IOException, NotSparseException {
    require(parser.currentToken() == JsonToken.START_OBJECT);
    Map<Long, Float> entries = new TreeMap<>();
    List<Long> indices = null;
    List<Float> values = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "indices" -> {
          require(indices == null);
          indices = indices(parser);
        }
        case "values" -> {
          require(values == null);
          values = values(parser);
        }
        default -> require(entries.put(index(name), value(parser)) == null);
      }
    }
    if (indices != null || values != null) {
      if (indices == null || values == null || !entries.isEmpty()) {
        throw new NotSparseException();
      }
      require(indices.size() == values.size());
      for (int i = 0; i < indices.size(); i++) {
        require(entries.put(indices.get(i), values.get(i)) == null);
      }
    }
    return bytes(entries);
  }

  private static ByteString bytes(Map<Long, Float> entries) {
    int[] indices = new int[entries.size()];
    float[] values = new float[indices.length];
    int at = 0;
    for (Map.Entry<Long, Float> entry : entries.entrySet()) {
      indices[at] = (int) (long) entry.getKey();
      values[at++] = entry.getValue();
    }
    return SparseBytes.write(new SparseVector(indices, values));
  }

  private static List<Long> indices(JsonParser parser) throws IOException, NotSparseException {
    require(parser.currentToken() == JsonToken.START_ARRAY);
    List<Long> all = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      require(parser.currentToken() == JsonToken.VALUE_NUMBER_INT);
      all.add(index(parser.getText()));
    }
    return all;
  }

  private static List<Float> values(JsonParser parser) throws IOException, NotSparseException {
    require(parser.currentToken() == JsonToken.START_ARRAY);
    List<Float> all = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      all.add(value(parser));
    }
    return all;
  }

  private static long index(String text) throws NotSparseException {
    require(text.matches("\\d{1,10}"));
    long index = Long.parseLong(text);
    require(index <= INDEX_MAX);
    return index;
  }

  private static float value(JsonParser parser) throws IOException, NotSparseException {
    require(parser.currentToken() != null && parser.currentToken().isNumeric());
    float value = parser.getFloatValue();
    require(Float.isFinite(value));
    return value;
  }

  private static void require(boolean holds) throws NotSparseException {
    if (!holds) {
      throw new NotSparseException();
    }
  }

  /** Writes a vector of the protocol. */
  static void write(JsonGenerator out, ByteString pairs) throws IOException {
    SparseVector vector = SparseBytes.read(pairs);
    out.writeStartObject();
    for (int i = 0; i < vector.size(); i++) {
      out.writeFieldName(Integer.toUnsignedString(vector.indices()[i]));
      out.writeNumber(vector.values()[i]);
    }
    out.writeEndObject();
  }
}
