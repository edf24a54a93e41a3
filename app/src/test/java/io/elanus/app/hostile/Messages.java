package io.elanus.app.hostile;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.milvus.grpc.AlterAliasRequest;
import io.milvus.grpc.AlterCollectionRequest;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.CreateAliasRequest;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.CreateDatabaseRequest;
import io.milvus.grpc.CreateIndexRequest;
import io.milvus.grpc.CreatePartitionRequest;
import io.milvus.grpc.DataType;
import io.milvus.grpc.DeleteRequest;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeIndexRequest;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.FloatArray;
import io.milvus.grpc.FlushRequest;
import io.milvus.grpc.HybridSearchRequest;
import io.milvus.grpc.InsertRequest;
import io.milvus.grpc.JSONArray;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.LoadCollectionRequest;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.PlaceholderGroup;
import io.milvus.grpc.PlaceholderType;
import io.milvus.grpc.PlaceholderValue;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.RenameCollectionRequest;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.SearchRequest;
import io.milvus.grpc.ShowCollectionsRequest;
import io.milvus.grpc.SparseFloatArray;
import io.milvus.grpc.StringArray;
import io.milvus.grpc.TemplateValue;
import io.milvus.grpc.UpsertRequest;
import io.milvus.grpc.VectorField;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Requests as clients send them, one after the other a short life of a collection. */
final class Messages {
  private Messages() {}

  /** A method and a message that it takes. */
  record Sent(String method, Message message) {}

  /** What a database is filled with. */
  static final List<Sent> FILL =
      List.of(
          new Sent("CreateCollection", create("c")),
          new Sent("CreateIndex", index("v", "HNSW", "L2")),
          new Sent("CreateIndex", index("p", "SPARSE_INVERTED_INDEX", "IP")),
          new Sent("LoadCollection", load()),
          new Sent("Insert", insert()));

  static final List<Sent> ALL =
      List.of(
          new Sent("CreateCollection", create("d")),
          new Sent("CreateIndex", index("v", "IVF_FLAT", "COSINE")),
          new Sent("LoadCollection", load()),
          new Sent("Insert", insert()),
          new Sent("Upsert", upsert()),
          new Sent("Delete", delete()),
          new Sent("Search", search("v", floats(), "L2")),
          new Sent("Search", search("p", pairs(), "IP")),
          new Sent("HybridSearch", hybrid()),
          new Sent("Query", query()),
          new Sent("Flush", FlushRequest.newBuilder().addCollectionNames("c").build()),
          new Sent(
              "DescribeCollection",
              DescribeCollectionRequest.newBuilder().setCollectionName("c").build()),
          new Sent(
              "DescribeIndex",
              DescribeIndexRequest.newBuilder().setCollectionName("c").setFieldName("v").build()),
          new Sent("ShowCollections", ShowCollectionsRequest.newBuilder().build()),
          new Sent(
              "CreatePartition",
              CreatePartitionRequest.newBuilder()
                  .setCollectionName("c")
                  .setPartitionName("p")
                  .build()),
          new Sent(
              "CreateAlias",
              CreateAliasRequest.newBuilder().setCollectionName("c").setAlias("e").build()),
          new Sent(
              "AlterAlias",
              AlterAliasRequest.newBuilder().setCollectionName("c").setAlias("e").build()),
          new Sent(
              "AlterCollection",
              AlterCollectionRequest.newBuilder()
                  .setCollectionName("c")
                  .addProperties(pair("collection.ttl.seconds", "60"))
                  .build()),
          new Sent(
              "RenameCollection",
              RenameCollectionRequest.newBuilder().setOldName("c").setNewName("f").build()),
          new Sent("CreateDatabase", CreateDatabaseRequest.newBuilder().setDbName("g").build()));

  static KeyValuePair pair(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }

  private static FieldSchema.Builder field(String name, DataType type) {
    return FieldSchema.newBuilder().setName(name).setDataType(type);
  }

  private static CreateCollectionRequest create(String name) {
    CollectionSchema schema =
        CollectionSchema.newBuilder()
            .setName(name)
            .addFields(field("id", DataType.Int64).setIsPrimaryKey(true))
            .addFields(field("s", DataType.VarChar).addTypeParams(pair("max_length", "20")))
            .addFields(field("j", DataType.JSON))
            .addFields(field("v", DataType.FloatVector).addTypeParams(pair("dim", "2")))
            .addFields(field("p", DataType.SparseFloatVector))
            .setEnableDynamicField(true)
            .build();
    return CreateCollectionRequest.newBuilder()
        .setCollectionName(name)
        .setSchema(schema.toByteString())
        .build();
  }

  private static CreateIndexRequest index(String field, String type, String metric) {
    return CreateIndexRequest.newBuilder()
        .setCollectionName("c")
        .setFieldName(field)
        .addExtraParams(pair("index_type", type))
        .addExtraParams(pair("metric_type", metric))
        .addExtraParams(pair("params", "{\"nlist\":4}"))
        .build();
  }

  private static LoadCollectionRequest load() {
    return LoadCollectionRequest.newBuilder().setCollectionName("c").build();
  }

  private static List<FieldData> columns() {
    return List.of(
        FieldData.newBuilder()
            .setFieldName("id")
            .setType(DataType.Int64)
            .setScalars(
                ScalarField.newBuilder().setLongData(LongArray.newBuilder().addData(1).addData(2)))
            .build(),
        FieldData.newBuilder()
            .setFieldName("s")
            .setType(DataType.VarChar)
            .setScalars(
                ScalarField.newBuilder()
                    .setStringData(StringArray.newBuilder().addData("one").addData("two")))
            .build(),
        FieldData.newBuilder()
            .setFieldName("j")
            .setType(DataType.JSON)
            .setScalars(
                ScalarField.newBuilder()
                    .setJsonData(
                        JSONArray.newBuilder()
                            .addData(ByteString.copyFromUtf8("{\"a\":[1,{\"b\":2}]}"))
                            .addData(ByteString.copyFromUtf8("3"))))
            .build(),
        FieldData.newBuilder()
            .setFieldName("v")
            .setType(DataType.FloatVector)
            .setVectors(
                VectorField.newBuilder()
                    .setDim(2)
                    .setFloatVector(FloatArray.newBuilder().addAllData(List.of(1f, 2f, 3f, 4f))))
            .build(),
        FieldData.newBuilder()
            .setFieldName("p")
            .setType(DataType.SparseFloatVector)
            .setVectors(
                VectorField.newBuilder()
                    .setDim(10)
                    .setSparseFloatVector(
                        SparseFloatArray.newBuilder()
                            .setDim(10)
                            .addContents(sparse(1, 5))
                            .addContents(sparse(5, 9))))
            .build());
  }

  private static InsertRequest insert() {
    return InsertRequest.newBuilder()
        .setCollectionName("c")
        .setNumRows(2)
        .addAllFieldsData(columns())
        .build();
  }

  private static UpsertRequest upsert() {
    return UpsertRequest.newBuilder()
        .setCollectionName("c")
        .setNumRows(2)
        .addAllFieldsData(columns())
        .build();
  }

  private static DeleteRequest delete() {
    return DeleteRequest.newBuilder().setCollectionName("c").setExpr("id in [1, 7]").build();
  }

  static ByteString sparse(int first, int second) {
    ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(first).putFloat(1).putInt(second).putFloat(2);
    return ByteString.copyFrom(bytes.flip());
  }

  private static ByteString group(PlaceholderType type, ByteString vector) {
    return PlaceholderGroup.newBuilder()
        .addPlaceholders(PlaceholderValue.newBuilder().setTag("$0").setType(type).addValues(vector))
        .build()
        .toByteString();
  }

  static ByteString floats() {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    return group(
        PlaceholderType.FloatVector, ByteString.copyFrom(bytes.putFloat(1).putFloat(2).flip()));
  }

  static ByteString pairs() {
    return group(PlaceholderType.SparseFloatVector, sparse(1, 5));
  }

  static SearchRequest search(String field, ByteString placeholder, String metric) {
    return SearchRequest.newBuilder()
        .setCollectionName("c")
        .setDsl("id > {low} and s != 'x'")
        .putExprTemplateValues("low", TemplateValue.newBuilder().setInt64Val(0).build())
        .setPlaceholderGroup(placeholder)
        .setNq(1)
        .addOutputFields("*")
        .addSearchParams(pair("anns_field", field))
        .addSearchParams(pair("topk", "3"))
        .addSearchParams(pair("offset", "0"))
        .addSearchParams(pair("metric_type", metric))
        .addSearchParams(pair("params", "{\"ef\":20,\"radius\":100}"))
        .build();
  }

  private static HybridSearchRequest hybrid() {
    return HybridSearchRequest.newBuilder()
        .setCollectionName("c")
        .addRequests(search("v", floats(), "L2"))
        .addRequests(search("p", pairs(), "IP"))
        .addRankParams(pair("strategy", "rrf"))
        .addRankParams(pair("params", "{\"k\":60}"))
        .addRankParams(pair("limit", "3"))
        .build();
  }

  private static QueryRequest query() {
    return QueryRequest.newBuilder()
        .setCollectionName("c")
        .setExpr("j[\"a\"][0] == 1 or id < 9")
        .addOutputFields("*")
        .addQueryParams(pair("limit", "5"))
        .build();
  }
}
