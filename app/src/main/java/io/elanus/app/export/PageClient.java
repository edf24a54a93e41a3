package io.elanus.app.export;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.grpc.GrpcClientBuilder;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.HttpHeaderNames;
import io.elanus.app.backup.ServerOptions;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.grpc.StatusRuntimeException;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.DataType;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.Status;
import io.milvus.grpc.TemplateValue;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a collection in pages, ascending by key, all as they were when the first page was
 * read. Pages are as large as a few megabytes hold.
 */
final class PageClient implements AutoCloseable {
  private static final int PAGE_BYTES = 8 << 20;
  private static final int FIRST_PAGE_ROWS = 200;
  private static final int PAGE_ROWS_MAX = 16_384;

  private final MilvusServiceBlockingStub stub;
  private final ClientFactory factory;
  private final String database;
  private final String collection;
  private final DescribeCollectionResponse described;
  private final FieldSchema key;
  private long timestamp;
  private int pageRows = FIRST_PAGE_ROWS;
  private @Nullable Object lastKey;
  private boolean ended;

  PageClient(ServerOptions server, String database, String collection) {
    this.database = database;
    this.collection = collection;
    this.factory = factory(server);
    this.stub = stub(server, factory);
    this.described =
        ask(
            () ->
                stub.describeCollection(
                    DescribeCollectionRequest.newBuilder()
                        .setDbName(database)
                        .setCollectionName(collection)
                        .build()));
    check(described.getStatus());
    this.key =
        schema().getFieldsList().stream()
            .filter(FieldSchema::getIsPrimaryKey)
            .findFirst()
            .orElseThrow();
  }

  private static ClientFactory factory(ServerOptions server) {
    var builder = ClientFactory.builder();
    server
        .caCertificate()
        .ifPresent(file -> builder.tlsCustomizer(tls -> tls.trustManager(file.toFile())));
    return builder.build();
  }

  private static MilvusServiceBlockingStub stub(ServerOptions server, ClientFactory factory) {
    GrpcClientBuilder builder =
        GrpcClients.builder("gproto+" + server.uri() + "/")
            .factory(factory)
            .responseTimeout(Duration.ofMinutes(10))
            .maxResponseLength(0);
    server.basic().ifPresent(basic -> builder.setHeader("authorization", basic));
    // Milvus tells gRPC from REST by exactly this type, without "+proto".
    return builder
        .decorator(
            (delegate, context, request) -> {
              context.setAdditionalRequestHeader(HttpHeaderNames.CONTENT_TYPE, "application/grpc");
              return delegate.execute(context, request);
            })
        .build(MilvusServiceBlockingStub.class);
  }

  CollectionSchema schema() {
    return described.getSchema();
  }

  /** How many rows there are, for a progress bar. */
  long count() {
    QueryResults results = query(request().addOutputFields("count(*)").setExpr("").build());
    return results.getFieldsData(0).getScalars().getLongData().getData(0);
  }

  /** The next rows, or null after the last. */
  @Nullable QueryResults next() {
    if (ended) {
      return null;
    }
    QueryRequest.Builder request = request().addOutputFields("*");
    Object last = lastKey;
    if (last != null) {
      TemplateValue.Builder value = TemplateValue.newBuilder();
      if (last instanceof Long number) {
        value.setInt64Val(number);
      } else {
        value.setStringVal((String) last);
      }
      request.setExpr(key.getName() + " > {last}").putExprTemplateValues("last", value.build());
    }
    if (timestamp > 0) {
      request.setGuaranteeTimestamp(timestamp);
    }
    QueryResults page =
        query(
            request
                .addQueryParams(pair("limit", Integer.toString(pageRows)))
                .addQueryParams(pair("iterator", "True"))
                .build());
    if (timestamp == 0) {
      timestamp = page.getSessionTs();
    }
    int rows = remember(page);
    if (rows == 0) {
      ended = true;
      return null;
    }
    long bytesPerRow = Math.max(1, page.getSerializedSize() / rows);
    pageRows = (int) Math.clamp(PAGE_BYTES / bytesPerRow, 1, PAGE_ROWS_MAX);
    return page;
  }

  private int remember(QueryResults page) {
    for (FieldData field : page.getFieldsDataList()) {
      if (field.getFieldName().equals(key.getName())) {
        if (key.getDataType() == DataType.Int64) {
          var keys = field.getScalars().getLongData();
          lastKey = keys.getDataCount() == 0 ? lastKey : keys.getData(keys.getDataCount() - 1);
          return keys.getDataCount();
        }
        var keys = field.getScalars().getStringData();
        lastKey = keys.getDataCount() == 0 ? lastKey : keys.getData(keys.getDataCount() - 1);
        return keys.getDataCount();
      }
    }
    return 0;
  }

  private QueryRequest.Builder request() {
    return QueryRequest.newBuilder()
        .setDbName(database)
        .setCollectionName(collection)
        .setConsistencyLevel(ConsistencyLevel.Strong);
  }

  private QueryResults query(QueryRequest request) {
    QueryResults results = ask(() -> stub.query(request));
    check(results.getStatus());
    return results;
  }

  private static KeyValuePair pair(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }

  private interface Question<T> {
    T ask();
  }

  private static <T> T ask(Question<T> question) {
    try {
      return question.ask();
    } catch (StatusRuntimeException e) {
      throw new ElanusException(
          ErrorCode.NOT_READY,
          "the server does not answer: %s".formatted(e.getStatus().getDescription()),
          e);
    }
  }

  private static void check(Status status) {
    if (status.getCode() != 0) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT, "the server answers: " + status.getReason());
    }
  }

  @Override
  public void close() {
    factory.close();
  }
}
