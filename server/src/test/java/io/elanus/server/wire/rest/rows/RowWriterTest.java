package io.elanus.server.wire.rest.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.rows.Column;
import io.elanus.server.reply.FieldDataWriter;
import io.elanus.server.wire.rest.json.BodyTest;
import io.elanus.server.wire.rest.json.Json;
import io.elanus.server.wire.rest.json.RestException;
import io.elanus.testkit.fixture.Seeds;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FloatArray;
import io.milvus.grpc.IDs;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.StringArray;
import io.milvus.grpc.VectorField;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowWriterTest {
  private static final CollectionSchema SCHEMA =
      RowReaderTest.schema(
          true,
          RowReaderTest.key(),
          RowReaderTest.field("ok", DataType.Bool).build(),
          RowReaderTest.field("n", DataType.Int32).build(),
          RowReaderTest.field("d", DataType.Double).build(),
          RowReaderTest.field("f", DataType.Float).build(),
          RowReaderTest.field("s", DataType.VarChar).build(),
          RowReaderTest.field("j", DataType.JSON).build(),
          RowReaderTest.field("a", DataType.Array).setElementType(DataType.VarChar).build(),
          RowReaderTest.vector());

  @Test
  void whatWasReadIsWrittenAgain() {
    long seed = Seeds.seed(20261121);
    Random random = new Random(seed);
    String rows = rows(random, 50);
    var fields = RowReaderTest.read(SCHEMA, rows).fields();
    assertThat(write(true, List.of("*"), fields)).as("seed %d", seed).isEqualTo(rows);
  }

  private static String rows(Random random, int count) {
    StringBuilder text = new StringBuilder("[");
    for (int row = 0; row < count; row++) {
      text.append(row == 0 ? "" : ",");
      text.append("{\"id\":").append(random.nextLong());
      text.append(",\"ok\":").append(random.nextBoolean());
      text.append(",\"n\":").append(random.nextInt());
      text.append(",\"d\":").append(random.nextGaussian());
      text.append(",\"f\":").append(random.nextFloat());
      text.append(",\"s\":\"").append((char) ('a' + random.nextInt(26))).append("é漢\\n\\\"\"");
      text.append(",\"j\":{\"k\":[").append(random.nextDouble()).append(",null]}");
      text.append(",\"a\":").append(random.nextBoolean() ? "[]" : "[\"x\",\"\"]");
      text.append(",\"v\":[").append(random.nextFloat()).append(',');
      text.append(random.nextFloat()).append(']');
      if (random.nextBoolean()) {
        text.append(",\"extra\":").append(random.nextInt());
      }
      text.append('}');
    }
    return text.append(']').toString();
  }

  @Test
  void integersOf64BitsMayBeStrings() {
    var fields = List.of(longs("id", 1, Long.MAX_VALUE));
    assertThat(write(true, List.of(), fields))
        .isEqualTo("[{\"id\":1},{\"id\":9223372036854775807}]");
    assertThat(write(false, List.of(), fields))
        .isEqualTo("[{\"id\":\"1\"},{\"id\":\"9223372036854775807\"}]");
    assertThat(write(false, List.of(), List.of(longs("count(*)", 3))))
        .isEqualTo("[{\"count(*)\":3}]");
  }

  @Test
  void nullScalarsHaveAPlaceAndNullVectorsNone() {
    FieldData scalars =
        longs("n", 1, 0, 3).toBuilder().addAllValidData(List.of(true, false, true)).build();
    FieldData vectors =
        FieldData.newBuilder()
            .setType(DataType.FloatVector)
            .setFieldName("v")
            .setVectors(
                VectorField.newBuilder()
                    .setDim(1)
                    .setFloatVector(FloatArray.newBuilder().addData(5).addData(6)))
            .addAllValidData(List.of(false, true, true))
            .build();
    assertThat(write(true, List.of(), List.of(scalars, vectors)))
        .isEqualTo("[{\"n\":1,\"v\":null},{\"n\":null,\"v\":[5.0]},{\"n\":3,\"v\":[6.0]}]");
  }

  @Test
  void vectorsOfBytesAreBase64AndInt8Numbers() {
    FieldData int8 =
        FieldDataWriter.column(
            "i",
            new Column.ByteVectors(
                io.elanus.model.schema.DataType.INT8_VECTOR, 2, new byte[] {1, -2, 3, 4}));
    FieldData bits =
        FieldDataWriter.column(
            "x",
            new Column.ByteVectors(
                io.elanus.model.schema.DataType.BINARY_VECTOR, 16, new byte[] {1, 2, 3, 4}));
    FieldData halves =
        FieldDataWriter.column(
            "h",
            new Column.ByteVectors(
                io.elanus.model.schema.DataType.FLOAT16_VECTOR, 1, new byte[] {0, 0x3c, 1, 2}));
    assertThat(write(true, List.of(), List.of(int8, bits, halves)))
        .isEqualTo(
            "[{\"i\":[1,-2],\"x\":\"AQI=\",\"h\":\"ADw=\"},{\"i\":[3,4],\"x\":\"AwQ=\",\"h\":\"AQI=\"}]");
  }

  @Test
  void dynamicKeysAreThoseAskedFor() {
    var fields =
        RowReaderTest.read(
                RowReaderTest.schema(true, RowReaderTest.key()),
                "[{\"id\":1,\"a\":1.10,\"b\":[2]},{\"id\":2}]")
            .fields();
    assertThat(write(true, List.of("*"), fields))
        .isEqualTo("[{\"id\":1,\"a\":1.10,\"b\":[2]},{\"id\":2}]");
    assertThat(write(true, List.of("$meta"), fields)).contains("\"a\":1.10");
    assertThat(write(true, List.of("b"), fields)).isEqualTo("[{\"id\":1,\"b\":[2]},{\"id\":2}]");
    assertThat(write(true, List.of("$meta[\"a\"]"), fields))
        .isEqualTo("[{\"id\":1,\"a\":1.10},{\"id\":2}]");
  }

  @Test
  void hitsHaveKeyAndDistance() {
    IDs keys = IDs.newBuilder().setStrId(StringArray.newBuilder().addData("x")).build();
    var hits = new RowWriter.Hits("pk", keys, List.of(0.5f), List.of(longs("n", 7)));
    byte[] json = Json.write(out -> new RowWriter(true, List.of("n")).write(out, hits));
    assertThat(new String(json, StandardCharsets.UTF_8))
        .isEqualTo("[{\"pk\":\"x\",\"distance\":0.5,\"n\":7}]");
  }

  @Test
  void aResultWithoutAlignmentIsRefused() {
    IDs keys = IDs.newBuilder().setIntId(LongArray.newBuilder().addData(1)).build();
    var hits = new RowWriter.Hits("pk", keys, List.of(0.5f, 0.6f), List.of());
    BodyTest.assertCode(
        () -> Json.write(out -> new RowWriter(true, List.of()).write(out, hits)),
        RestException.Code.SEARCH_RESULT,
        "1 primary keys and 2 distances");
    var shorter = new RowWriter.Hits("pk", keys, List.of(0.5f), List.of(longs("n")));
    BodyTest.assertCode(
        () -> Json.write(out -> new RowWriter(true, List.of()).write(out, shorter)),
        RestException.Code.SEARCH_RESULT,
        "has only 0 values");
  }

  private static FieldData longs(String name, long... values) {
    LongArray.Builder data = LongArray.newBuilder();
    for (long value : values) {
      data.addData(value);
    }
    return FieldData.newBuilder()
        .setType(DataType.Int64)
        .setFieldName(name)
        .setScalars(ScalarField.newBuilder().setLongData(data))
        .build();
  }

  private static String write(boolean int64AsNumbers, List<String> asked, List<FieldData> fields) {
    RowWriter writer = new RowWriter(int64AsNumbers, asked);
    return new String(Json.write(out -> writer.write(out, fields)), StandardCharsets.UTF_8);
  }
}
