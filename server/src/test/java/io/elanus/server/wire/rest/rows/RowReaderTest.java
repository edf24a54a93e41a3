package io.elanus.server.wire.rest.rows;

import static io.elanus.server.wire.rest.json.BodyTest.assertCode;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.elanus.server.wire.rest.json.KeyValues;
import io.elanus.server.wire.rest.json.RestException;
import io.elanus.server.wire.rest.json.Slice;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.ValueField;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowReaderTest {
  private static final CollectionSchema ALL_TYPES =
      schema(
          true,
          key(),
          field("flag", DataType.Bool).build(),
          field("tiny", DataType.Int8).build(),
          field("small", DataType.Int16).build(),
          field("middle", DataType.Int32).build(),
          field("real", DataType.Float).build(),
          field("fine", DataType.Double).build(),
          field("name", DataType.VarChar).build(),
          field("doc", DataType.JSON).build(),
          field("tags", DataType.Array).setElementType(DataType.Int64).build(),
          vector());

  @Test
  void everyTypeFindsItsColumn() {
    var columns =
        read(
            ALL_TYPES,
            """
            [{"id": "9007199254740993", "flag": true, "tiny": -128, "small": "32767",
              "middle": 2147483647, "real": 1.5, "fine": 1e300, "name": "ü\\n",
              "doc": { "n" : 0.10000000000000000001 }, "tags": [1, "9223372036854775807"],
              "v": [1, -2.5], "extra": {"deep":[1]}, "more": "x\\"y"},
             {"v":[0,1e-3],"tags":[],"doc":"text","name":"","fine":1,"real":-0.0,"middle":0,
              "small":0,"tiny":127,"flag":false,"id":-1}]
            """);
    assertThat(columns.rowCount()).isEqualTo(2);
    List<FieldData> fields = columns.fields();
    assertThat(fields).hasSize(12);
    assertThat(fields.get(0).getScalars().getLongData().getDataList())
        .containsExactly(9007199254740993L, -1L);
    assertThat(fields.get(1).getScalars().getBoolData().getDataList()).containsExactly(true, false);
    assertThat(fields.get(2).getScalars().getIntData().getDataList()).containsExactly(-128, 127);
    assertThat(fields.get(3).getScalars().getIntData().getDataList()).containsExactly(32767, 0);
    assertThat(fields.get(5).getScalars().getFloatData().getDataList()).containsExactly(1.5f, -0f);
    assertThat(fields.get(6).getScalars().getDoubleData().getDataList())
        .containsExactly(1e300, 1.0);
    assertThat(fields.get(7).getScalars().getStringData().getDataList()).containsExactly("ü\n", "");
    assertThat(fields.get(8).getScalars().getJsonData().getDataList())
        .extracting(ByteString::toStringUtf8)
        .containsExactly("{ \"n\" : 0.10000000000000000001 }", "\"text\"");
    assertThat(fields.get(9).getScalars().getArrayData().getElementType())
        .isEqualTo(DataType.Int64);
    assertThat(fields.get(9).getScalars().getArrayData().getData(0).getLongData().getDataList())
        .containsExactly(1L, Long.MAX_VALUE);
    assertThat(fields.get(9).getScalars().getArrayData().getData(1).getLongData().getDataList())
        .isEmpty();
    assertThat(fields.get(10).getVectors().getFloatVector().getDataList())
        .containsExactly(1f, -2.5f, 0f, 1e-3f);
    assertThat(fields.get(11).getIsDynamic()).isTrue();
    assertThat(fields.get(11).getScalars().getJsonData().getDataList())
        .extracting(ByteString::toStringUtf8)
        .containsExactly("{\"extra\":{\"deep\":[1]},\"more\":\"x\\\"y\"}", "{}");
    assertThat(fields).allSatisfy(f -> assertThat(f.getValidDataCount()).isZero());
  }

  @Test
  void vectorsOfBytesAreNumbersOrBase64() {
    CollectionSchema schema =
        schema(
            false,
            key(),
            vector("h", DataType.Float16Vector, 2),
            vector("b", DataType.BFloat16Vector, 2),
            vector("i", DataType.Int8Vector, 2),
            vector("x", DataType.BinaryVector, 16));
    var fields =
        read(
                schema,
                """
                [{"id":1,"h":[1,-2.5],"b":[1,1.00390625],"i":[-128,127],"x":[0,255]},
                 {"id":2,"h":"ADwAwQ==","b":"gD+APw==","i":[0,1],"x":"AQI="}]
                """)
            .fields();
    assertThat(fields.get(1).getVectors().getFloat16Vector().toByteArray())
        .containsExactly(0, 0x3c, 0, 0xc1, 0, 0x3c, 0, 0xc1);
    // 1.00390625 lies between two halves and goes to the even one.
    assertThat(fields.get(2).getVectors().getBfloat16Vector().toByteArray())
        .containsExactly(0x80, 0x3f, 0x80, 0x3f, 0x80, 0x3f, 0x80, 0x3f);
    assertThat(fields.get(3).getVectors().getInt8Vector().toByteArray())
        .containsExactly(-128, 127, 0, 1);
    assertThat(fields.get(4).getVectors().getBinaryVector().toByteArray())
        .containsExactly(0, 255, 1, 2);
    assertThat(fields.get(4).getVectors().getDim()).isEqualTo(16);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Float16Vector|[1,70000]|but element 1 is 70000",
        "BFloat16Vector|[1]|must be an array of 8 numbers, or 16 bytes in base64, but has 1",
        "Float16Vector|\"AAAA\"|but has 3 bytes",
        "Float16Vector|\"???\"|but is no base64",
        "Int8Vector|[0,0,0,0,0,0,0,128]|but element 7 is 128",
        "Int8Vector|[0,0,0,0,0,0,0,1.5]|but element 7 is 1.5",
        "Int8Vector|[0,0,0,0,0,0,0,99999999999]|but element 7 is 99999999999",
        "Int8Vector|\"AAAAAAAAAAA=\"|must be an array of 8 integers from -128 to 127",
        "BinaryVector|[256]|but element 0 is 256",
        "BinaryVector|[1,2]|must be 1 bytes",
        "BinaryVector|\"AAA=\"|but has 2 bytes",
        "BinaryVector|7|but is 7",
      })
  void wrongVectorsOfBytesAreNamed(DataType type, String value, String message) {
    CollectionSchema schema = schema(false, key(), vector("v", type, 8));
    assertCode(
        () -> read(schema, "{\"id\":1,\"v\":" + value + "}"),
        RestException.Code.INSERT_DATA,
        message);
  }

  private static FieldSchema vector(String name, DataType type, int dim) {
    return field(name, type).addTypeParams(KeyValues.of("dim", dim)).build();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"id\":1.5,\"v\":[1,2]}|row 0, field \"id\" must be an integer",
        "{\"id\":9223372036854775808,\"v\":[1,2]}|row 0, field \"id\" must be an integer",
        "{\"id\":\"abc\",\"v\":[1,2]}|but is the string \"abc\"",
        "{\"id\":true,\"v\":[1,2]}|but is true",
        "{\"id\":[1],\"v\":[1,2]}|but is an array",
        "{\"id\":null,\"v\":[1,2]}|field \"id\" must not be null",
        "{\"v\":[1,2]}|lacks the field \"id\"",
        "{\"id\":1}|lacks the field \"v\"",
        "{\"id\":1,\"v\":[1]}|must be an array of 2 numbers, but has 1",
        "{\"id\":1,\"v\":[1,2,3]}|must be an array of 2 numbers, but has 3",
        "{\"id\":1,\"v\":[1,\"2\"]}|element 1 is the string \"2\"",
        "{\"id\":1,\"v\":[1,null]}|element 1 is null",
        "{\"id\":1,\"v\":[1,1e39]}|but is 1e39",
        "{\"id\":1,\"v\":\"12\"}|but is the string \"12\"",
        "{\"id\":1,\"id\":2,\"v\":[1,2]}|has the field \"id\" twice",
        "{\"id\":1,\"v\":[1,2],\"what\":1}|has the field \"what\"",
        "[{\"id\":1,\"v\":[1,2]},{\"id\":2,\"v\":[3]}]|row 1, field \"v\"",
        "[{\"id\":1,\"v\":[1,2]},7]|row 1 must be an object, but is 7",
        "[]|data holds no row",
        "7|data must be an object or an array of objects",
      })
  void wrongRowsAreNamed(String data, String message) {
    CollectionSchema schema = schema(false, key(), vector());
    assertCode(() -> read(schema, data), RestException.Code.INSERT_DATA, message);
  }

  @Test
  void numbersOutOfRangeAreNamed() {
    CollectionSchema schema =
        schema(
            false, key(), field("t", DataType.Int8).build(), field("d", DataType.Double).build());
    assertCode(
        () -> read(schema, "{\"id\":1,\"t\":128,\"d\":1}"),
        RestException.Code.INSERT_DATA,
        "field \"t\" must be an integer from -128 to 127, but is 128");
    assertCode(
        () -> read(schema, "{\"id\":1,\"t\":1,\"d\":1e999}"),
        RestException.Code.INSERT_DATA,
        "field \"d\" must be a number of 64 bits");
    assertCode(
        () -> read(schema, "{\"id\":" + "1".repeat(2000) + ",\"t\":1,\"d\":1}"),
        RestException.Code.MALFORMED,
        "a number or name that is too long");
  }

  @Test
  void nullsAndAbsentFieldsAreMarked() {
    CollectionSchema schema =
        schema(
            true,
            key(),
            field("maybe", DataType.VarChar).setNullable(true).build(),
            field("given", DataType.Int32)
                .setDefaultValue(ValueField.newBuilder().setIntData(7))
                .build());
    var fields =
        read(
                schema,
                """
                [{"id":1,"maybe":"a","given":1},{"id":2,"maybe":null},{"id":3,"given":null}]
                """)
            .fields();
    assertThat(fields.get(1).getValidDataList()).containsExactly(true, false, false);
    assertThat(fields.get(1).getScalars().getStringData().getDataList()).containsExactly("a");
    assertThat(fields.get(2).getValidDataList()).containsExactly(true, false, false);
    assertThat(fields.get(2).getScalars().getIntData().getDataList()).containsExactly(1);
    assertThat(fields.get(0).getValidDataList()).isEmpty();
  }

  @Test
  void keysThatTheServerMakesMustNotBeGiven() {
    CollectionSchema schema = schema(false, key().toBuilder().setAutoID(true).build(), vector());
    assertThat(read(schema, "{\"v\":[1,2]}").fields()).hasSize(1);
    assertCode(
        () -> read(schema, "{\"id\":1,\"v\":[1,2]}"),
        RestException.Code.INSERT_DATA,
        "whose values the server makes");
  }

  @Test
  void keysThatAreOptionalComeInAllRowsOrNone() {
    CollectionSchema schema = schema(false, key().toBuilder().setAutoID(true).build(), vector());
    String with = "{\"id\":1,\"v\":[1,2]}";
    String without = "{\"v\":[1,2]}";
    assertThat(read(schema, "[" + with + "," + with + "]", RowReader.Keys.OPTIONAL).fields())
        .hasSize(2);
    assertThat(read(schema, "[" + without + "," + without + "]", RowReader.Keys.OPTIONAL).fields())
        .hasSize(1);
    for (String mixed :
        List.of("[" + with + "," + without + "]", "[" + without + "," + with + "]")) {
      assertCode(
          () -> read(schema, mixed, RowReader.Keys.OPTIONAL),
          RestException.Code.INSERT_DATA,
          "lacks the field \"id\"");
    }
    assertCode(
        () -> read(schema, without, RowReader.Keys.GIVEN),
        RestException.Code.INSERT_DATA,
        "lacks the field \"id\"");
  }

  @Test
  void partialRowsMayLeaveFieldsOut() {
    CollectionSchema schema = schema(true, key(), vector(), field("n", DataType.Int32).build());
    var rows = reader(schema, "[{\"id\":1,\"n\":2},{\"id\":2,\"n\":3}]", true).read();
    assertThat(rows.fields()).extracting(FieldData::getFieldName).containsExactly("id", "n");
    assertCode(
        () -> reader(schema, "[{\"id\":1,\"n\":2},{\"id\":2}]", true).read(),
        RestException.Code.INSERT_DATA,
        "row 1 lacks the field \"n\"");
  }

  @Test
  void dynamicNamesAreChecked() {
    CollectionSchema schema = schema(true, key());
    assertCode(
        () -> read(schema, "{\"id\":1,\"x\":1,\"x\":2}"),
        RestException.Code.INSERT_DATA,
        "\"x\" twice");
    assertCode(
        () -> read(schema, "{\"id\":1,\"$meta\":{}}"), RestException.Code.INSERT_DATA, "$meta");
  }

  static RowReader.Columns read(CollectionSchema schema, String data) {
    return read(schema, data, RowReader.Keys.MADE);
  }

  private static RowReader.Columns read(CollectionSchema schema, String data, RowReader.Keys keys) {
    return new RowReader(schema, slice(data), keys, false).read();
  }

  private static RowReader reader(CollectionSchema schema, String data, boolean isPartial) {
    return new RowReader(schema, slice(data), RowReader.Keys.GIVEN, isPartial);
  }

  /** Somewhere inside a larger text, as in a body. */
  static Slice slice(String data) {
    byte[] bytes = ("\"before\"," + data + ",7").getBytes(StandardCharsets.UTF_8);
    return Slice.of(bytes).part(9, bytes.length - 9 - 2);
  }

  static CollectionSchema schema(boolean isDynamic, FieldSchema... fields) {
    return CollectionSchema.newBuilder()
        .addAllFields(List.of(fields))
        .setEnableDynamicField(isDynamic)
        .build();
  }

  static FieldSchema key() {
    return field("id", DataType.Int64).setIsPrimaryKey(true).build();
  }

  static FieldSchema vector() {
    return field("v", DataType.FloatVector).addTypeParams(KeyValues.of("dim", 2)).build();
  }

  static FieldSchema.Builder field(String name, DataType type) {
    return FieldSchema.newBuilder().setName(name).setDataType(type);
  }
}
