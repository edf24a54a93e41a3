package io.elanus.app.bench;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.HttpHeaderNames;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.milvus.grpc.AllocTimestampRequest;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.CreateIndexRequest;
import io.milvus.grpc.DataType;
import io.milvus.grpc.DescribeIndexRequest;
import io.milvus.grpc.DescribeIndexResponse;
import io.milvus.grpc.DropCollectionRequest;
import io.milvus.grpc.DslType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.FloatArray;
import io.milvus.grpc.FlushRequest;
import io.milvus.grpc.IndexDescription;
import io.milvus.grpc.IndexState;
import io.milvus.grpc.InsertRequest;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.LoadCollectionRequest;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.PlaceholderGroup;
import io.milvus.grpc.PlaceholderType;
import io.milvus.grpc.PlaceholderValue;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.SearchRequest;
import io.milvus.grpc.SearchResults;
import io.milvus.grpc.Status;
import io.milvus.grpc.VectorField;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Map;

/**
 * A lean client of Milvus's protocol, on a connection of its own: what one has to wait for is not
 * in the way of another. Messages are made before the clock runs.
 */
final class BenchClient implements AutoCloseable {
  static final String COLLECTION = "elanus_bench";

  /** The guarantee timestamp that stands for bounded staleness. */
  private static final long BOUNDED = 2;

  private final ClientFactory connection = ClientFactory.builder().build();
  private final MilvusServiceBlockingStub stub;

  BenchClient(String address) {
    this.stub =
        GrpcClients.builder("gproto+http://" + address + "/")
            .factory(connection)
            .responseTimeout(Duration.ofHours(2))
            .maxResponseLength(0)
            // Milvus tells gRPC from REST by exactly this type, without "+proto".
            .decorator(
                (delegate, context, request) -> {
                  context.setAdditionalRequestHeader(
                      HttpHeaderNames.CONTENT_TYPE, "application/grpc");
                  return delegate.execute(context, request);
                })
            .build(MilvusServiceBlockingStub.class);
    AllocTimestampRequest ping = AllocTimestampRequest.getDefaultInstance();
    check(stub.allocTimestamp(ping).getStatus());
  }

  void create(int dim) {
    drop();
    CollectionSchema schema =
        CollectionSchema.newBuilder()
            .setName(COLLECTION)
            .addFields(field("id", DataType.Int64).setIsPrimaryKey(true))
            .addFields(field("bucket", DataType.Int64))
            .addFields(
                field("v", DataType.FloatVector).addTypeParams(pair("dim", Integer.toString(dim))))
            .build();
    check(
        stub.createCollection(
            CreateCollectionRequest.newBuilder()
                .setCollectionName(COLLECTION)
                .setSchema(schema.toByteString())
                .build()));
  }

  void drop() {
    check(
        stub.dropCollection(
            DropCollectionRequest.newBuilder().setCollectionName(COLLECTION).build()));
  }

  private static FieldSchema.Builder field(String name, DataType type) {
    return FieldSchema.newBuilder().setName(name).setDataType(type);
  }

  private static KeyValuePair pair(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }

  /** Rows [from, to) as one message, their numbers as keys. */
  static InsertRequest rows(DataSet data, int from, int to) {
    return rows(data, from, to, from);
  }

  /** The same under other keys; their coordinates are turned, lest they be twins of the others. */
  static InsertRequest rows(DataSet data, int from, int to, long firstKey) {
    int turned = (int) (firstKey / data.rows() % data.dim());
    LongArray.Builder ids = LongArray.newBuilder();
    LongArray.Builder buckets = LongArray.newBuilder();
    FloatArray.Builder floats = FloatArray.newBuilder();
    for (int row = from; row < to; row++) {
      ids.addData(firstKey + row - from);
      buckets.addData(row % BenchCommand.BUCKETS);
      for (int i = 0; i < data.dim(); i++) {
        floats.addData(data.vectors()[row * data.dim() + (i + turned) % data.dim()]);
      }
    }
    return InsertRequest.newBuilder()
        .setCollectionName(COLLECTION)
        .setNumRows(to - from)
        .addFieldsData(longs("id", ids))
        .addFieldsData(longs("bucket", buckets))
        .addFieldsData(
            FieldData.newBuilder()
                .setFieldName("v")
                .setType(DataType.FloatVector)
                .setVectors(VectorField.newBuilder().setDim(data.dim()).setFloatVector(floats)))
        .build();
  }

  private static FieldData longs(String name, LongArray.Builder values) {
    return FieldData.newBuilder()
        .setFieldName(name)
        .setType(DataType.Int64)
        .setScalars(ScalarField.newBuilder().setLongData(values))
        .build();
  }

  void insert(InsertRequest rows) {
    MutationResult result = stub.insert(rows);
    check(result.getStatus());
  }

  void flush() {
    check(stub.flush(FlushRequest.newBuilder().addCollectionNames(COLLECTION).build()).getStatus());
  }

  void index(String type, String metric, Map<String, String> params) {
    CreateIndexRequest.Builder request =
        CreateIndexRequest.newBuilder()
            .setCollectionName(COLLECTION)
            .setFieldName("v")
            .addExtraParams(pair("index_type", type))
            .addExtraParams(pair("metric_type", metric));
    params.forEach((key, value) -> request.addExtraParams(pair(key, value)));
    check(stub.createIndex(request.build()));
  }

  void load() {
    check(
        stub.loadCollection(
            LoadCollectionRequest.newBuilder().setCollectionName(COLLECTION).build()));
  }

  /**
   * Whether so many rows have their index. A server counts rows as pending only once their segment
   * is sealed, which may be after the flush: all of them must have been seen.
   */
  boolean indexed(long rows) {
    IndexDescription index = describeIndex();
    return index.getTotalRows() >= rows
        && index.getPendingIndexRows() == 0
        && index.getState() == IndexState.Finished;
  }

  /** Rows in sealed segments that have no index yet. */
  long pendingRows() {
    return describeIndex().getPendingIndexRows();
  }

  private IndexDescription describeIndex() {
    DescribeIndexResponse response =
        stub.describeIndex(DescribeIndexRequest.newBuilder().setCollectionName(COLLECTION).build());
    check(response.getStatus());
    IndexDescription index = response.getIndexDescriptions(0);
    if (!index.getIndexStateFailReason().isEmpty()) {
      throw new ElanusException(ErrorCode.INTERNAL, index.getIndexStateFailReason());
    }
    return index;
  }

  static SearchRequest search(
      float[] vector, int k, String metric, Map<String, String> params, String filter) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    PlaceholderGroup group =
        PlaceholderGroup.newBuilder()
            .addPlaceholders(
                PlaceholderValue.newBuilder()
                    .setTag("$0")
                    .setType(PlaceholderType.FloatVector)
                    .addValues(ByteString.copyFrom(bytes.array())))
            .build();
    StringBuilder json = new StringBuilder("{");
    params.forEach(
        (key, value) ->
            json.append(json.length() > 1 ? "," : "").append("\"%s\":%s".formatted(key, value)));
    return SearchRequest.newBuilder()
        .setCollectionName(COLLECTION)
        .setDslType(DslType.BoolExprV1)
        .setDsl(filter)
        .setNq(1)
        // What Milvus's own clients ask for; strong reads wait there for the next time tick.
        .setConsistencyLevel(ConsistencyLevel.Bounded)
        .setGuaranteeTimestamp(BOUNDED)
        .setPlaceholderGroup(group.toByteString())
        .addSearchParams(pair("anns_field", "v"))
        .addSearchParams(pair("topk", Integer.toString(k)))
        .addSearchParams(pair("metric_type", metric))
        .addSearchParams(pair("params", json.append('}').toString()))
        .build();
  }

  long[] search(SearchRequest request) {
    SearchResults results = stub.search(request);
    check(results.getStatus());
    return results.getResults().getIds().getIntId().getDataList().stream()
        .mapToLong(Long::longValue)
        .toArray();
  }

  @Override
  public void close() {
    connection.close();
  }

  private static void check(Status status) {
    if (status.getCode() != 0) {
      throw new ElanusException(ErrorCode.INTERNAL, "the server answers: " + status.getReason());
    }
  }
}
