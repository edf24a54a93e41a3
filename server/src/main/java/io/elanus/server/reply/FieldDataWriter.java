package io.elanus.server.reply;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Schema;
import io.elanus.server.validate.SparseBytes;
import io.milvus.grpc.ArrayArray;
import io.milvus.grpc.BoolArray;
import io.milvus.grpc.DoubleArray;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FloatArray;
import io.milvus.grpc.IDs;
import io.milvus.grpc.IntArray;
import io.milvus.grpc.JSONArray;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.SparseFloatArray;
import io.milvus.grpc.StringArray;
import io.milvus.grpc.VectorField;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes columns as the protocol's field data. Values are full length: a null row has a filler
 * beneath its flag in {@code valid_data}, which clients expect of scalars in answers.
 */
public final class FieldDataWriter {
  private FieldDataWriter() {}

  static List<FieldData> columns(RowBatch rows) {
    List<FieldData> fields = new ArrayList<>(rows.columns().size());
    rows.columns().forEach((name, column) -> fields.add(column(name, column)));
    return fields;
  }

  public static FieldData column(String name, Column column) {
    FieldData.Builder field =
        FieldData.newBuilder().setFieldName(name).setType(DataTypes.of(column.type()));
    if (name.equals(Schema.DYNAMIC_FIELD)) {
      field.setIsDynamic(true);
    }
    if (column instanceof Column.Vectors vectors) {
      return field.setVectors(vectors(vectors)).build();
    }
    if (hasNull(column)) {
      for (int row = 0; row < column.size(); row++) {
        field.addValidData(!column.isNull(row));
      }
    }
    return field.setScalars(scalars(column)).build();
  }

  /** Primary keys; the member for their type is there even when they are none. */
  public static IDs keys(Column keys) {
    return switch (keys) {
      case Column.Longs longs -> IDs.newBuilder().setIntId(longs(longs)).build();
      case Column.Strings strings -> IDs.newBuilder().setStrId(strings(strings)).build();
      default -> throw new IllegalStateException("primary keys of type " + keys.type());
    };
  }

  private static ScalarField scalars(Column column) {
    ScalarField.Builder field = ScalarField.newBuilder();
    switch (column) {
      case Column.Bools bools -> {
        BoolArray.Builder data = BoolArray.newBuilder();
        for (boolean value : bools.values()) {
          data.addData(value);
        }
        field.setBoolData(data);
      }
      case Column.Longs longs when longs.type() == DataType.INT64 ->
          field.setLongData(longs(longs));
      case Column.Longs longs -> {
        IntArray.Builder data = IntArray.newBuilder();
        for (long value : longs.values()) {
          data.addData((int) value);
        }
        field.setIntData(data);
      }
      case Column.Floats floats -> {
        FloatArray.Builder data = FloatArray.newBuilder();
        for (float value : floats.values()) {
          data.addData(value);
        }
        field.setFloatData(data);
      }
      case Column.Doubles doubles -> {
        DoubleArray.Builder data = DoubleArray.newBuilder();
        for (double value : doubles.values()) {
          data.addData(value);
        }
        field.setDoubleData(data);
      }
      case Column.Strings strings -> field.setStringData(strings(strings));
      case Column.Jsons jsons -> field.setJsonData(jsons(jsons));
      case Column.Arrays arrays -> field.setArrayData(arrays(arrays));
      case Column.Vectors ignored -> throw new IllegalStateException("vectors are not scalars");
    }
    return field.build();
  }

  private static LongArray longs(Column.Longs column) {
    LongArray.Builder data = LongArray.newBuilder();
    for (long value : column.values()) {
      data.addData(value);
    }
    return data.build();
  }

  private static StringArray strings(Column.Strings column) {
    StringArray.Builder data = StringArray.newBuilder();
    for (String value : column.values()) {
      data.addData(value == null ? "" : value);
    }
    return data.build();
  }

  private static JSONArray jsons(Column.Jsons column) {
    JSONArray.Builder data = JSONArray.newBuilder();
    for (byte[] value : column.values()) {
      // Columns are never changed, so their bytes can be lent.
      data.addData(value == null ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(value));
    }
    return data.build();
  }

  private static ArrayArray arrays(Column.Arrays column) {
    ArrayArray.Builder data =
        ArrayArray.newBuilder().setElementType(DataTypes.of(column.elementType()));
    for (Column elements : column.values()) {
      data.addData(elements == null ? ScalarField.getDefaultInstance() : scalars(elements));
    }
    return data.build();
  }

  private static VectorField vectors(Column.Vectors column) {
    VectorField.Builder field = VectorField.newBuilder().setDim(column.dim());
    switch (column) {
      case Column.SparseVectors sparse -> {
        SparseFloatArray.Builder data = SparseFloatArray.newBuilder();
        for (int row = 0; row < sparse.size(); row++) {
          data.addContents(SparseBytes.write(sparse.get(row)));
        }
        long dim = 0;
        for (int index : sparse.indices()) {
          dim = Math.max(dim, Integer.toUnsignedLong(index) + 1);
        }
        field.setDim(dim).setSparseFloatVector(data.setDim(dim));
      }
      case Column.FloatVectors floats -> {
        FloatArray.Builder data = FloatArray.newBuilder();
        for (float value : floats.values()) {
          data.addData(value);
        }
        field.setFloatVector(data);
      }
      case Column.ByteVectors vectors -> {
        ByteString bytes = UnsafeByteOperations.unsafeWrap(vectors.values());
        switch (vectors.type()) {
          case FLOAT16_VECTOR -> field.setFloat16Vector(bytes);
          case BFLOAT16_VECTOR -> field.setBfloat16Vector(bytes);
          case INT8_VECTOR -> field.setInt8Vector(bytes);
          case BINARY_VECTOR -> field.setBinaryVector(bytes);
          default -> throw new IllegalStateException("vectors of type " + vectors.type());
        }
      }
    }
    return field.build();
  }

  private static boolean hasNull(Column column) {
    for (int row = 0; row < column.size(); row++) {
      if (column.isNull(row)) {
        return true;
      }
    }
    return false;
  }
}
