package io.elanus.server.wire.rest.rows;

import static io.elanus.server.wire.rest.json.BodyTest.assertCode;
import static io.elanus.server.wire.rest.json.BodyTest.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.elanus.model.error.ElanusException;
import io.elanus.server.wire.rest.json.ExpressionParams;
import io.elanus.server.wire.rest.json.KeyValues;
import io.elanus.server.wire.rest.json.RestException;
import io.elanus.server.wire.rest.json.SchemaReader;
import io.elanus.server.wire.rest.json.SearchParameters;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.PlaceholderGroup;
import io.milvus.grpc.TemplateValue;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParametersTest {
  private static final CollectionSchema ONE_VECTOR =
      RowReaderTest.schema(false, RowReaderTest.key(), RowReaderTest.vector());

  @Test
  void searchParametersAreFlattened() {
    var pairs =
        SearchParameters.of(
            parse(
                    """
                    {"p":{"metricType":"L2","nprobe":7,"params":{"ef":50,"rangeFilter":0.5},
                          "ignoreGrowing":true}}
                    """)
                .object("p"));
    assertThat(KeyValues.value(pairs, "metric_type")).isEqualTo("L2");
    assertThat(KeyValues.value(pairs, "ignore_growing")).isEqualTo("true");
    assertThat(KeyValues.value(pairs, "round_decimal")).isEqualTo("-1");
    assertThat(KeyValues.value(pairs, "params"))
        .isEqualTo("{\"nprobe\":7,\"ef\":50,\"range_filter\":0.5}");
    assertCode(
        () -> SearchParameters.of(parse("{\"p\":{\"ef\":1,\"params\":{\"ef\":2}}}").object("p")),
        RestException.Code.MALFORMED,
        "\"ef\" twice");
    assertCode(
        () -> SearchParameters.of(parse("{\"p\":{\"params\":3}}").object("p")),
        RestException.Code.MALFORMED,
        "searchParams.params");
  }

  @Test
  void expressionParametersKeepTheirTypes() {
    Map<String, TemplateValue> values =
        ExpressionParams.of(
            parse(
                    """
                    {"p":{"b":true,"i":9007199254740993,"f":1.5,"s":"x","is":[1,2],"fs":[1,2.5],
                          "ss":["a"],"bs":[true],"mixed":[1,"a"],"nested":[[1],[2]],"none":[]}}
                    """)
                .object("p"));
    assertThat(values.get("b").getBoolVal()).isTrue();
    assertThat(values.get("i").getInt64Val()).isEqualTo(9007199254740993L);
    assertThat(values.get("f").getFloatVal()).isEqualTo(1.5);
    assertThat(values.get("s").getStringVal()).isEqualTo("x");
    assertThat(values.get("is").getArrayVal().getLongData().getDataList()).containsExactly(1L, 2L);
    assertThat(values.get("fs").getArrayVal().getDoubleData().getDataList())
        .containsExactly(1.0, 2.5);
    assertThat(values.get("ss").getArrayVal().getStringData().getDataList()).containsExactly("a");
    assertThat(values.get("bs").getArrayVal().getBoolData().getDataList()).containsExactly(true);
    assertThat(values.get("mixed").getArrayVal().getJsonData().getData(1).toStringUtf8())
        .isEqualTo("\"a\"");
    assertThat(
            values
                .get("nested")
                .getArrayVal()
                .getArrayData()
                .getData(1)
                .getLongData()
                .getDataList())
        .containsExactly(2L);
    assertThat(values.get("none").getArrayVal().hasLongData()).isTrue();
    assertCode(
        () -> ExpressionParams.of(parse("{\"p\":{\"o\":{}}}").object("p")),
        RestException.Code.MALFORMED,
        "exprParams.o");
  }

  @Test
  void queryVectorsBecomePlaceholders() throws InvalidProtocolBufferException {
    var queries = QueryVectors.read(ONE_VECTOR, "", RowReaderTest.slice("[[1,2.5],[ -3 ,4e0]]"));
    assertThat(queries.count()).isEqualTo(2);
    assertThat(queries.annsField()).isEqualTo("v");
    var group = PlaceholderGroup.parseFrom(queries.placeholderGroup());
    var floats =
        group
            .getPlaceholders(0)
            .getValues(1)
            .asReadOnlyByteBuffer()
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    assertThat(floats.get(0)).isEqualTo(-3f);
    assertThat(floats.get(1)).isEqualTo(4f);
  }

  @Test
  void wrongQueryVectorsAreNamed() {
    Map<String, String> wrong =
        Map.of(
            "[[1]]", "data[0] must be an array of 2 numbers, but has 1",
            "[[1,2],[1,2,3]]", "data[1] must be an array of 2 numbers, but has 3",
            "[1,2]", "data[0] must be an array of 2 numbers, but is 1",
            "{}", "data must be an array of vectors",
            "[[1,\"x\"]]", "but element 1 is the string \"x\"",
            "[[1,1e40]]", "but element 1 is 1e40",
            "[\"text\"]", "but is the string \"text\"");
    wrong.forEach(
        (data, message) ->
            assertCode(
                () -> QueryVectors.read(ONE_VECTOR, "", RowReaderTest.slice(data)),
                RestException.Code.MALFORMED,
                message));
    assertCode(
        () -> QueryVectors.read(ONE_VECTOR, "w", RowReaderTest.slice("[[1,2]]")),
        RestException.Code.MALFORMED,
        "cannot find a vector field named: w");
    var two =
        ONE_VECTOR.toBuilder()
            .addFields(RowReaderTest.vector().toBuilder().setName("second"))
            .build();
    assertCode(
        () -> QueryVectors.read(two, "", RowReaderTest.slice("[[1,2]]")),
        RestException.Code.MALFORMED,
        "several vector fields");
    var lists =
        RowReaderTest.schema(false, RowReaderTest.field("b", DataType.ArrayOfVector).build());
    assertThatThrownBy(() -> QueryVectors.read(lists, "", RowReaderTest.slice("[[1,2]]")))
        .isInstanceOf(ElanusException.class)
        .hasMessageContaining("ArrayOfVector");
  }

  @Test
  void keysAreBoundAndNotPasted() {
    var numbers = PrimaryKeys.filter(ONE_VECTOR, parse("{\"id\":[1,\"2\"]}").member("id"));
    assertThat(numbers.expression()).isEqualTo("id in {elanus_keys}");
    assertThat(numbers.values().get("elanus_keys").getArrayVal().getLongData().getDataList())
        .containsExactly(1L, 2L);
    var texts =
        RowReaderTest.schema(
            false, RowReaderTest.field("k", DataType.VarChar).setIsPrimaryKey(true).build());
    var filter = PrimaryKeys.filter(texts, parse("{\"id\":\"a\\\"]\"}").member("id"));
    assertThat(filter.values().get("elanus_keys").getArrayVal().getStringData().getDataList())
        .containsExactly("a\"]");
    assertCode(
        () -> PrimaryKeys.filter(ONE_VECTOR, parse("{\"id\":\"x\"}").member("id")),
        RestException.Code.PRIMARY_KEY,
        "\"x\"");
    assertCode(
        () -> PrimaryKeys.filter(texts, parse("{\"id\":1}").member("id")),
        RestException.Code.PRIMARY_KEY,
        "is a string");
  }

  @Test
  void schemasAreRead() {
    CollectionSchema schema =
        SchemaReader.collection(
            "c",
            "about",
            parse(
                """
                {"autoID":true,"enableDynamicField":true,"fields":[
                  {"fieldName":"id","dataType":"Int64","isPrimary":true},
                  {"fieldName":"v","dataType":"FloatVector","elementTypeParams":{"dim":"4"}},
                  {"fieldName":"a","dataType":"Array","elementDataType":"Int32",
                   "elementTypeParams":{"max_capacity":9}},
                  {"fieldName":"n","dataType":"Int16","nullable":true,"defaultValue":7,
                   "isPartitionKey":true}]}
                """));
    assertThat(schema.getDescription()).isEqualTo("about");
    assertThat(schema.getEnableDynamicField()).isTrue();
    assertThat(schema.getFields(0).getAutoID()).isTrue();
    assertThat(schema.getFields(1).getTypeParamsList()).containsExactly(KeyValues.of("dim", "4"));
    assertThat(schema.getFields(2).getElementType()).isEqualTo(DataType.Int32);
    FieldSchema last = schema.getFields(3);
    assertThat(last.getDefaultValue().getIntData()).isEqualTo(7);
    assertThat(last.getNullable()).isTrue();
    assertThat(last.getIsPartitionKey()).isTrue();
  }

  @Test
  void wrongFieldsAreNamed() {
    assertCode(
        () -> SchemaReader.field(parse("{\"fieldName\":\"x\"}")),
        RestException.Code.MISSING_PARAMETERS,
        "dataType");
    List.of(
            "{\"fieldName\":\"x\",\"dataType\":\"int64\"}",
            "{\"fieldName\":\"x\",\"dataType\":\"UNRECOGNIZED\"}",
            "{\"fieldName\":\"x\",\"dataType\":\"Array\",\"elementDataType\":\"any\"}",
            "{\"fieldName\":\"x\",\"dataType\":\"Int8\",\"defaultValue\":\"7\"}",
            "{\"fieldName\":\"x\",\"dataType\":\"JSON\",\"defaultValue\":7}")
        .forEach(
            field ->
                assertThatThrownBy(() -> SchemaReader.field(parse(field)))
                    .as(field)
                    .isInstanceOf(ElanusException.class));
  }

  @Test
  void pairsAreJsonAgain() {
    List<KeyValuePair> pairs =
        KeyValues.of(parse("{\"p\":{\"a\":1,\"b\":{\"c\":[]}}}").object("p"));
    assertThat(KeyValues.json(pairs).toString())
        .isEqualTo(
            "[{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"b\",\"value\":\"{\\\"c\\\":[]}\"}]");
  }
}
