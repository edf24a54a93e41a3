package io.elanus.engine.segment;

import com.google.flatbuffers.FlatBufferBuilder;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.Bool;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.FixedSizeList;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.LargeUtf8;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.Struct_;
import org.apache.arrow.flatbuf.Type;

/**
 * How a collection's fields are written in Arrow: BOOL as Bool, integers at their width, VARCHAR as
 * LargeUtf8, JSON as LargeUtf8 with the extension name {@code arrow.json}, ARRAY as List, vectors
 * as FixedSizeList: FLOAT_VECTOR of float32, FLOAT16_VECTOR of float16, INT8_VECTOR of int8,
 * BINARY_VECTOR of uint8 with eight coordinates each, BFLOAT16_VECTOR of uint16, as Arrow has no
 * such number; SPARSE_FLOAT_VECTOR as List of Struct of uint32 {@code index} and float32 {@code
 * value}; and one int64 column {@code $timestamp} last. Each field carries its id in its metadata,
 * and a vector that is not float32 its type as {@value #VECTOR_TYPE}.
 */
final class ArrowSchema {
  static final String TIMESTAMP = "$timestamp";
  static final String FIELD_ID = "elanus.field_id";
  static final String VECTOR_TYPE = "elanus.vector_type";

  private ArrowSchema() {}

  /** Writes the schema table and answers its offset. */
  static int build(FlatBufferBuilder to, Schema schema) {
    List<Integer> fields = new ArrayList<>();
    for (Field field : schema.storedFields()) {
      fields.add(field(to, field));
    }
    fields.add(leaf(to, TIMESTAMP, false, DataType.INT64, Map.of(FIELD_ID, "1")));
    int vector =
        org.apache.arrow.flatbuf.Schema.createFieldsVector(
            to, fields.stream().mapToInt(Integer::intValue).toArray());
    org.apache.arrow.flatbuf.Schema.startSchema(to);
    org.apache.arrow.flatbuf.Schema.addEndianness(to, Endianness.Little);
    org.apache.arrow.flatbuf.Schema.addFields(to, vector);
    return org.apache.arrow.flatbuf.Schema.endSchema(to);
  }

  private static int field(FlatBufferBuilder to, Field field) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(FIELD_ID, Long.toString(field.id()));
    return switch (field.type()) {
      case JSON -> {
        metadata.put("ARROW:extension:name", "arrow.json");
        metadata.put("ARROW:extension:metadata", "");
        yield leaf(to, field.name(), true, DataType.VARCHAR, metadata);
      }
      case ARRAY -> {
        int child = leaf(to, "item", false, Gather.elementType(field), Map.of());
        org.apache.arrow.flatbuf.List.startList(to);
        int type = org.apache.arrow.flatbuf.List.endList(to);
        yield table(to, field.name(), true, Type.List, type, new int[] {child}, metadata);
      }
      case FLOAT_VECTOR, FLOAT16_VECTOR, BFLOAT16_VECTOR, INT8_VECTOR, BINARY_VECTOR -> {
        if (field.type() != DataType.FLOAT_VECTOR) {
          metadata.put(VECTOR_TYPE, field.type().name());
        }
        int child = cell(to, field.type());
        int type = FixedSizeList.createFixedSizeList(to, listSize(field));
        yield table(to, field.name(), false, Type.FixedSizeList, type, new int[] {child}, metadata);
      }
      case SPARSE_FLOAT_VECTOR -> {
        metadata.put(VECTOR_TYPE, field.type().name());
        int child = entry(to);
        org.apache.arrow.flatbuf.List.startList(to);
        int type = org.apache.arrow.flatbuf.List.endList(to);
        yield table(to, field.name(), false, Type.List, type, new int[] {child}, metadata);
      }
      default -> leaf(to, field.name(), !field.primaryKey(), field.type(), metadata);
    };
  }

  /** Cells of one vector. */
  static int listSize(Field field) {
    return field.type() == DataType.BINARY_VECTOR ? field.dim() / 8 : field.dim();
  }

  private static int entry(FlatBufferBuilder to) {
    int[] none = {};
    int number = Int.createInt(to, 32, false);
    int index = table(to, "index", false, Type.Int, number, none, Map.of());
    int value = leaf(to, "value", false, DataType.FLOAT, Map.of());
    Struct_.startStruct_(to);
    int type = Struct_.endStruct_(to);
    return table(to, "item", false, Type.Struct_, type, new int[] {index, value}, Map.of());
  }

  private static int cell(FlatBufferBuilder to, DataType vector) {
    byte kind =
        switch (vector) {
          case FLOAT_VECTOR, FLOAT16_VECTOR -> Type.FloatingPoint;
          default -> Type.Int;
        };
    int type =
        switch (vector) {
          case FLOAT_VECTOR -> FloatingPoint.createFloatingPoint(to, Precision.SINGLE);
          case FLOAT16_VECTOR -> FloatingPoint.createFloatingPoint(to, Precision.HALF);
          case BFLOAT16_VECTOR -> Int.createInt(to, 16, false);
          case INT8_VECTOR -> Int.createInt(to, 8, true);
          case BINARY_VECTOR -> Int.createInt(to, 8, false);
          default -> throw new IllegalStateException("not a dense vector: " + vector);
        };
    return table(to, "item", false, kind, type, new int[0], Map.of());
  }

  private static int leaf(
      FlatBufferBuilder to,
      String name,
      boolean nullable,
      DataType type,
      Map<String, String> metadata) {
    int[] none = {};
    return switch (type) {
      case BOOL -> {
        Bool.startBool(to);
        yield table(to, name, nullable, Type.Bool, Bool.endBool(to), none, metadata);
      }
      case INT8, INT16, INT32, INT64 -> {
        int offset = Int.createInt(to, 8 * width(type), true);
        yield table(to, name, nullable, Type.Int, offset, none, metadata);
      }
      case FLOAT, DOUBLE -> {
        short precision = type == DataType.FLOAT ? Precision.SINGLE : Precision.DOUBLE;
        int offset = FloatingPoint.createFloatingPoint(to, precision);
        yield table(to, name, nullable, Type.FloatingPoint, offset, none, metadata);
      }
      case VARCHAR -> {
        LargeUtf8.startLargeUtf8(to);
        yield table(to, name, nullable, Type.LargeUtf8, LargeUtf8.endLargeUtf8(to), none, metadata);
      }
      default -> throw new IllegalStateException("not a leaf: " + type);
    };
  }

  private static int table(
      FlatBufferBuilder to,
      String name,
      boolean nullable,
      byte kind,
      int type,
      int[] children,
      Map<String, String> metadata) {
    int nameOffset = to.createString(name);
    int childrenOffset = org.apache.arrow.flatbuf.Field.createChildrenVector(to, children);
    int metadataOffset = metadata(to, metadata);
    org.apache.arrow.flatbuf.Field.startField(to);
    org.apache.arrow.flatbuf.Field.addName(to, nameOffset);
    org.apache.arrow.flatbuf.Field.addNullable(to, nullable);
    org.apache.arrow.flatbuf.Field.addTypeType(to, kind);
    org.apache.arrow.flatbuf.Field.addType(to, type);
    org.apache.arrow.flatbuf.Field.addChildren(to, childrenOffset);
    org.apache.arrow.flatbuf.Field.addCustomMetadata(to, metadataOffset);
    return org.apache.arrow.flatbuf.Field.endField(to);
  }

  static int metadata(FlatBufferBuilder to, Map<String, String> metadata) {
    int[] pairs = new int[metadata.size()];
    int n = 0;
    for (Map.Entry<String, String> entry : metadata.entrySet()) {
      int key = to.createString(entry.getKey());
      int value = to.createString(entry.getValue());
      pairs[n++] = KeyValue.createKeyValue(to, key, value);
    }
    return org.apache.arrow.flatbuf.Field.createCustomMetadataVector(to, pairs);
  }

  /** Bytes of one value of a fixed-width type. */
  static int width(DataType type) {
    return switch (type) {
      case INT8 -> 1;
      case INT16 -> 2;
      case INT32, FLOAT -> 4;
      case INT64, DOUBLE -> 8;
      default -> throw new IllegalStateException("no fixed width: " + type);
    };
  }
}
