package io.elanus.server.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.Columns;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.rows.SparseVector;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import io.elanus.server.fixture.Requests;
import io.elanus.server.reply.FieldDataWriter;
import io.elanus.testkit.fixture.Seeds;
import io.milvus.grpc.BoolArray;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.IntArray;
import io.milvus.grpc.JSONArray;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.StringArray;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Columns survive the way to field data and back, however their nulls are told. */
class FieldDataRoundTripTest {
  @Test
  void columnsComeBackAsTheyWent() {
    Random random = new Random(Seeds.seed(20_261_123));
    for (int i = 0; i < 500; i++) {
      Field field = field(random);
      int rows = 1 + random.nextInt(20);
      Column column = column(random, field, rows);
      FieldData full = FieldDataWriter.column("f", column);
      FieldData sent =
          switch (random.nextInt(3)) {
            case 0 -> full;
            case 1 -> compact(full);
            default -> newer(compact(full));
          };
      RowBatch read = RowsReader.read(List.of(sent), rows);
      assertThat(Columns.same(read.require("f"), column))
          .as("%s of %d rows\n%s", field.type(), rows, sent)
          .isTrue();
    }
  }

  @Test
  void dynamicColumnHasItsNameWhateverTheClientCallsIt() {
    Column json = new Column.Jsons(new byte[][] {"{\"a\":1}".getBytes(StandardCharsets.UTF_8)});
    FieldData sent = FieldDataWriter.column(Schema.DYNAMIC_FIELD, json);
    assertThat(sent.getIsDynamic()).isTrue();
    for (String name : new String[] {"", "$meta"}) {
      RowBatch read = RowsReader.read(List.of(sent.toBuilder().setFieldName(name).build()), 1);
      assertThat(read.columns()).containsOnlyKeys(Schema.DYNAMIC_FIELD);
    }
  }

  @Test
  void wrongSizesAndShapesAreRefused() {
    FieldData longs =
        FieldDataWriter.column("f", new Column.Longs(DataType.INT64, new long[] {1, 2}, null));
    refused(ErrorCode.INVALID_ROWS, List.of(longs), 3);
    refused(ErrorCode.INVALID_ROWS, List.of(longs), 0);
    refused(ErrorCode.INVALID_ROWS, List.of(), 2);
    refused(ErrorCode.INVALID_ROWS, List.of(longs, longs), 2);
    refused(ErrorCode.TOO_LARGE, List.of(longs), -1);
    FieldData oneNull =
        longs.toBuilder().addValidData(true).addValidData(false).addValidData(false).build();
    refused(ErrorCode.INVALID_ROWS, List.of(oneNull), 3);
    refused(ErrorCode.INVALID_ROWS, List.of(oneNull), 2);
    refused(
        ErrorCode.INVALID_ROWS,
        List.of(longs.toBuilder().setType(io.milvus.grpc.DataType.VarChar).build()),
        2);
    refused(
        ErrorCode.UNSUPPORTED,
        List.of(longs.toBuilder().setType(io.milvus.grpc.DataType.Geometry).build()),
        2);
    FieldData vectors =
        FieldDataWriter.column("v", new Column.FloatVectors(2, new float[] {1, 2, 3, 4}));
    for (long dim : new long[] {0, -1, 3, 4, Long.MAX_VALUE, 1L << 33}) {
      refused(
          ErrorCode.INVALID_ROWS,
          List.of(
              vectors.toBuilder().setVectors(vectors.getVectors().toBuilder().setDim(dim)).build()),
          2);
    }
    refused(
        ErrorCode.INVALID_ROWS,
        List.of(vectors.toBuilder().addValidData(true).addValidData(false).build()),
        2);
    FieldData bits =
        FieldDataWriter.column(
            "b", new Column.ByteVectors(DataType.BINARY_VECTOR, 16, new byte[] {1, 2, 3, 4}));
    refused(ErrorCode.INVALID_ROWS, List.of(bits), 3);
    for (long dim : new long[] {0, 4, 8, 12, 24, Long.MAX_VALUE}) {
      refused(
          ErrorCode.INVALID_ROWS,
          List.of(bits.toBuilder().setVectors(bits.getVectors().toBuilder().setDim(dim)).build()),
          2);
    }
    // What says it is of one type and holds another.
    refused(
        ErrorCode.INVALID_ROWS,
        List.of(bits.toBuilder().setType(io.milvus.grpc.DataType.Int8Vector).build()),
        2);
  }

  @Test
  void requestIsReadWithItsPartitionAndSchemaTimestamp() {
    var request =
        RowsReader.insert(
            Requests.insert("c", 2).toBuilder()
                .setPartitionName("p")
                .setSchemaTimestamp(77)
                .build());
    assertThat(request.partition()).isEqualTo("p");
    assertThat(request.schemaTimestamp()).isEqualTo(77);
    assertThat(request.rows().size()).isEqualTo(2);
    assertThatThrownBy(
            () ->
                RowsReader.upsert(
                    io.milvus.grpc.UpsertRequest.newBuilder().setPartialUpdate(true).build()))
        .hasMessageContaining("partial updates");
  }

  private static void refused(ErrorCode code, List<FieldData> fields, int rows) {
    assertThatThrownBy(() -> RowsReader.read(fields, rows))
        .isInstanceOfSatisfying(ElanusException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  /** The same with the fillers of null rows left out, as clients insert. */
  private static FieldData compact(FieldData full) {
    if (full.getValidDataCount() == 0) {
      return full;
    }
    ScalarField s = full.getScalars();
    ScalarField.Builder out = ScalarField.newBuilder();
    List<Integer> valid = new ArrayList<>();
    for (int row = 0; row < full.getValidDataCount(); row++) {
      if (full.getValidData(row)) {
        valid.add(row);
      }
    }
    switch (s.getDataCase()) {
      case BOOL_DATA -> {
        BoolArray.Builder data = BoolArray.newBuilder();
        valid.forEach(row -> data.addData(s.getBoolData().getData(row)));
        out.setBoolData(data);
      }
      case INT_DATA -> {
        IntArray.Builder data = IntArray.newBuilder();
        valid.forEach(row -> data.addData(s.getIntData().getData(row)));
        out.setIntData(data);
      }
      case LONG_DATA -> {
        LongArray.Builder data = LongArray.newBuilder();
        valid.forEach(row -> data.addData(s.getLongData().getData(row)));
        out.setLongData(data);
      }
      case STRING_DATA -> {
        StringArray.Builder data = StringArray.newBuilder();
        valid.forEach(row -> data.addData(s.getStringData().getData(row)));
        out.setStringData(data);
      }
      case JSON_DATA -> {
        JSONArray.Builder data = JSONArray.newBuilder();
        valid.forEach(row -> data.addData(s.getJsonData().getData(row)));
        out.setJsonData(data);
      }
      case ARRAY_DATA -> {
        var data = s.getArrayData().toBuilder().clearData();
        valid.forEach(row -> data.addData(s.getArrayData().getData(row)));
        out.setArrayData(data);
      }
      default -> {
        return full;
      }
    }
    return full.toBuilder().setScalars(out).build();
  }

  /** The same with the validity where the newest writers put it. */
  private static FieldData newer(FieldData sent) {
    if (sent.getValidDataCount() == 0) {
      return sent;
    }
    byte[] flags = new byte[sent.getValidDataCount()];
    for (int row = 0; row < flags.length; row++) {
      flags[row] = (byte) (sent.getValidData(row) ? 1 : 0);
    }
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(
                17,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFrom(flags))
                    .build())
            .build();
    return sent.toBuilder()
        .clearValidData()
        .setScalars(sent.getScalars().toBuilder().setUnknownFields(unknown))
        .build();
  }

  private static Field field(Random random) {
    DataType type = DataType.values()[random.nextInt(DataType.values().length)];
    DataType element = DataType.values()[random.nextInt(8)];
    return Field.named("f", type)
        .elementType(type == DataType.ARRAY ? element : null)
        .dim(type.isDenseVector() ? 8 * (1 + random.nextInt(5)) : 0)
        .build();
  }

  private static Column column(Random random, Field field, int rows) {
    double nulls = field.type().isVector() ? 0 : new double[] {0, 0.3, 1}[random.nextInt(3)];
    List<@Nullable Object> values = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      values.add(random.nextDouble() < nulls ? null : value(random, field));
    }
    return Columns.of(field, values);
  }

  private static Object value(Random random, Field field) {
    return switch (field.type()) {
      case BOOL -> random.nextBoolean();
      case INT8, INT16, INT32 -> (long) (byte) random.nextInt();
      case INT64 -> random.nextLong();
      case FLOAT -> random.nextFloat();
      case DOUBLE -> random.nextDouble();
      case VARCHAR -> random.nextInt(4) == 0 ? "" : "ä" + random.nextInt();
      case JSON -> ("{\"a\":" + random.nextInt() + "}").getBytes(StandardCharsets.UTF_8);
      case ARRAY -> {
        DataType element = java.util.Objects.requireNonNull(field.elementType());
        Field of = Field.named("e", element).build();
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          elements.add(value(random, of));
        }
        yield Columns.of(of, elements);
      }
      case FLOAT_VECTOR -> {
        float[] vector = new float[field.dim()];
        for (int i = 0; i < vector.length; i++) {
          vector[i] = random.nextFloat();
        }
        yield vector;
      }
      case FLOAT16_VECTOR, BFLOAT16_VECTOR, INT8_VECTOR, BINARY_VECTOR -> {
        byte[] vector = new byte[field.type().vectorBytes(field.dim())];
        random.nextBytes(vector);
        yield vector;
      }
      case SPARSE_FLOAT_VECTOR -> {
        int[] indices = random.ints(random.nextInt(5), 0, 100).distinct().sorted().toArray();
        float[] values = new float[indices.length];
        for (int i = 0; i < values.length; i++) {
          values[i] = random.nextFloat();
        }
        if (indices.length > 1) {
          indices[indices.length - 1] = -2;
        }
        yield new SparseVector(indices, values);
      }
    };
  }
}
