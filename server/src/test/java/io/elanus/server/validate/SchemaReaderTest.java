package io.elanus.server.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.info.CollectionSpec;
import io.elanus.model.query.Consistency;
import io.elanus.model.schema.Field;
import io.elanus.server.fixture.Requests;
import io.elanus.server.reply.CollectionReply;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.DataType;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.FunctionSchema;
import io.milvus.grpc.FunctionType;
import io.milvus.grpc.StructArrayFieldSchema;
import io.milvus.grpc.ValueField;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Schemas of the protocol become ours and are described again as they were. */
class SchemaReaderTest {
  private static final CollectionSchema RICH =
      CollectionSchema.newBuilder()
          .setName("c")
          .setDescription("books")
          .setEnableDynamicField(true)
          .addFields(
              Requests.field("id", DataType.VarChar)
                  .setIsPrimaryKey(true)
                  .setAutoID(true)
                  .addTypeParams(Requests.pair("max_length", "64")))
          .addFields(
              Requests.field("v", DataType.FloatVector)
                  .addTypeParams(Requests.pair("dim", "8"))
                  .addTypeParams(Requests.pair("mmap.enabled", "True")))
          .addFields(
              Requests.field("pages", DataType.Int16)
                  .setNullable(true)
                  .setDefaultValue(ValueField.newBuilder().setIntData(-3)))
          .addFields(
              Requests.field("shelf", DataType.Int64)
                  .setIsPartitionKey(true)
                  .setDefaultValue(ValueField.newBuilder().setLongData(1L << 40)))
          .addFields(
              Requests.field("tags", DataType.Array)
                  .setElementType(DataType.VarChar)
                  .addTypeParams(Requests.pair("max_capacity", "5"))
                  .addTypeParams(Requests.pair("max_length", "9")))
          .addFields(
              Requests.field("price", DataType.Float)
                  .setDefaultValue(ValueField.newBuilder().setFloatData(1.5f)))
          .addFields(Requests.field("raw", DataType.JSON).setNullable(true))
          .build();

  @Test
  void schemaIsDescribedAsItWasSent() {
    CollectionSpec spec =
        SchemaReader.collection(
            Requests.createCollection(RICH).toBuilder()
                .setNumPartitions(7)
                .setShardsNum(2)
                .setConsistencyLevel(ConsistencyLevel.Eventually)
                .addProperties(Requests.pair("collection.ttl.seconds", "60"))
                .build());
    assertThat(spec.partitionCount()).isEqualTo(7);
    assertThat(spec.shardCount()).isEqualTo(2);
    assertThat(spec.consistencyLevel()).isEqualTo(Consistency.Level.EVENTUALLY);
    assertThat(spec.properties()).containsEntry("collection.ttl.seconds", "60");
    DescribeCollectionResponse described =
        CollectionReply.describe(
            new CollectionInfo(
                5,
                "default",
                1,
                spec.schema(),
                List.of("a"),
                spec.consistencyLevel(),
                spec.properties(),
                2,
                7,
                100L << 18,
                200L << 18));
    assertThat(described.getCreatedUtcTimestamp()).isEqualTo(100);
    assertThat(described.getUpdateTimestamp()).isEqualTo(200L << 18);
    assertThat(described.getAliasesList()).containsExactly("a");
    assertThat(described.getSchema().getEnableDynamicField()).isTrue();
    assertThat(described.getSchema().getFieldsCount()).isEqualTo(RICH.getFieldsCount());
    for (int i = 0; i < RICH.getFieldsCount(); i++) {
      assertThat(inOrder(described.getSchema().getFields(i))).isEqualTo(inOrder(RICH.getFields(i)));
    }
  }

  private static FieldSchema inOrder(FieldSchema field) {
    var params =
        field.getTypeParamsList().stream()
            .sorted(java.util.Comparator.comparing(io.milvus.grpc.KeyValuePair::getKey))
            .toList();
    return field.toBuilder().clearTypeParams().addAllTypeParams(params).build();
  }

  @Test
  void whatIsNotOfferedIsNamed() {
    refused(
        ErrorCode.UNSUPPORTED,
        s -> s.addFields(Requests.field("s", DataType.ArrayOfVector)),
        "ArrayOfVector");
    refused(ErrorCode.UNSUPPORTED, s -> s.addFields(Requests.field("g", DataType.Geometry)), "g");
    refused(
        ErrorCode.UNSUPPORTED,
        s -> s.addFields(FieldSchema.newBuilder().setName("t").setDataTypeValue(30)),
        "newer protocol");
    refused(
        ErrorCode.UNSUPPORTED,
        s ->
            s.addFunctions(
                FunctionSchema.newBuilder().setName("hash").setType(FunctionType.TextEmbedding)),
        "hash");
    refused(
        ErrorCode.UNSUPPORTED,
        s -> s.addStructArrayFields(StructArrayFieldSchema.newBuilder().setName("clips")),
        "clips");
    refused(ErrorCode.UNSUPPORTED, s -> s.setEnableNamespace(true), "namespaces");
    refused(
        ErrorCode.UNSUPPORTED,
        s ->
            s.setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(11, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                    .build()),
        "newer protocol");
  }

  @Test
  void wrongSchemasAreRefused() {
    refused(
        ErrorCode.INVALID_SCHEMA,
        s -> s.addFields(Requests.field("x", DataType.None)),
        "no data type");
    refused(
        ErrorCode.INVALID_SCHEMA,
        s -> s.addFields(Requests.field("$meta", DataType.JSON)),
        "dynamic field");
    refused(
        ErrorCode.INVALID_SCHEMA,
        s ->
            s.addFields(
                Requests.field("w", DataType.FloatVector)
                    .addTypeParams(Requests.pair("dim", "eight"))),
        "eight");
    refused(
        ErrorCode.INVALID_SCHEMA,
        s -> s.addFields(Requests.field("w", DataType.FloatVector)),
        "dimension");
    refused(
        ErrorCode.INVALID_SCHEMA,
        s -> s.addFields(Requests.field("v", DataType.Int64)),
        "duplicated");
    refused(
        ErrorCode.INVALID_SCHEMA,
        s ->
            s.addFields(
                Requests.field("d", DataType.Int64)
                    .setDefaultValue(ValueField.newBuilder().setStringData("1"))),
        "default_value");
    refused(
        ErrorCode.INVALID_SCHEMA,
        s ->
            s.addFields(
                Requests.field("d", DataType.Int8)
                    .setDefaultValue(ValueField.newBuilder().setLongData(128))),
        "128");
    refused(
        ErrorCode.INVALID_SCHEMA,
        s ->
            s.addFields(
                Requests.field("d", DataType.JSON)
                    .setDefaultValue(ValueField.newBuilder().setBoolData(true))),
        "default_value");
    refused(
        ErrorCode.INVALID_SCHEMA,
        s -> {
          for (int i = 0; i < 100; i++) {
            s.addFields(Requests.field("f" + i, DataType.Int8));
          }
        },
        "64");
    refused(ErrorCode.INVALID_ARGUMENT, s -> s.setName("other"), "other");
  }

  @Test
  void numbersOfShardsAndPartitionsAreChecked() {
    CreateCollectionRequest create = Requests.createCollection(RICH);
    for (CreateCollectionRequest wrong :
        List.of(
            create.toBuilder().setShardsNum(17).build(),
            create.toBuilder().setNumPartitions(1025).build(),
            create.toBuilder().setNumPartitions(-1).build(),
            Requests.createCollection("c").toBuilder().setNumPartitions(4).build())) {
      assertThatThrownBy(() -> SchemaReader.collection(wrong))
          .isInstanceOfSatisfying(
              ElanusException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
  }

  /** Python sends every integer as a long and every fraction as a double. */
  @Test
  void defaultsAreTakenByFamilyOfTypes() {
    CollectionSchema schema =
        Requests.schema("c").toBuilder()
            .addFields(
                Requests.field("i", DataType.Int8)
                    .setDefaultValue(ValueField.newBuilder().setLongData(7)))
            .addFields(
                Requests.field("f", DataType.Float)
                    .setDefaultValue(ValueField.newBuilder().setDoubleData(0.5)))
            .build();
    var read = SchemaReader.collection(Requests.createCollection(schema)).schema();
    assertThat(read.field("i").orElseThrow().defaultValue()).isEqualTo(7L);
    assertThat(read.field("f").orElseThrow().defaultValue()).isEqualTo(0.5f);
  }

  @Test
  void addedFieldIsRead() {
    Field field =
        SchemaReader.addedField(
            Requests.field("n", DataType.Double).setNullable(true).build().toByteString());
    assertThat(field.nullable()).isTrue();
    assertThat(field.typeParams()).isEqualTo(Map.of());
  }

  private static void refused(
      ErrorCode code, Consumer<CollectionSchema.Builder> change, String word) {
    CollectionSchema.Builder schema = Requests.schema("c").toBuilder();
    change.accept(schema);
    CreateCollectionRequest request =
        CreateCollectionRequest.newBuilder()
            .setCollectionName("c")
            .setSchema(schema.build().toByteString())
            .build();
    assertThatThrownBy(() -> SchemaReader.collection(request))
        .hasMessageContaining(word)
        .isInstanceOfSatisfying(ElanusException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
