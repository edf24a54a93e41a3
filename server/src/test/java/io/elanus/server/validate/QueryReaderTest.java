package io.elanus.server.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.Filter;
import io.elanus.model.query.QueryRequest;
import io.elanus.server.fixture.Requests;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.DeleteRequest;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Queries and deletes as clients write them. */
class QueryReaderTest {
  private static final Supplier<CollectionInfo> UNASKED =
      () -> {
        throw new IllegalStateException("the collection was not needed");
      };

  @Test
  void pythonsQuery() {
    QueryRequest query =
        QueryReader.query(
            query("a > 1")
                .addOutputFields("a")
                .addPartitionNames("p")
                .addQueryParams(Requests.pair("limit", "10"))
                .addQueryParams(Requests.pair("offset", "4"))
                .addQueryParams(Requests.pair("ignore_growing", "False"))
                .addQueryParams(Requests.pair("reduce_stop_for_best", "False"))
                .setConsistencyLevel(ConsistencyLevel.Strong)
                .build(),
            UNASKED);
    assertThat(query.limit()).isEqualTo(10);
    assertThat(query.offset()).isEqualTo(4);
    assertThat(query.filter()).isEqualTo(Filter.of("a > 1"));
    assertThat(query.outputFields()).containsExactly("a");
    assertThat(query.partitions()).containsExactly("p");
    assertThat(query.ignoreGrowing()).isFalse();
    assertThat(query.consistency()).isEqualTo(Consistency.STRONG);
  }

  @Test
  void countTakesNoFilterAndNoLimit() {
    assertThat(QueryReader.query(query("").addOutputFields("count(*)").build(), UNASKED).limit())
        .isEqualTo(QueryRequest.NO_LIMIT);
    refused(
        query("").addOutputFields("count(*)").addQueryParams(Requests.pair("limit", "5")),
        ErrorCode.INVALID_ARGUMENT);
    refused(query("").addOutputFields("count(*)").addOutputFields("a"), ErrorCode.INVALID_ARGUMENT);
    refused(query("a > 1").addOutputFields("SUM(a)"), ErrorCode.UNSUPPORTED);
  }

  @Test
  void limitsAreKept() {
    refused(query(""), ErrorCode.INVALID_ARGUMENT);
    refused(query("  "), ErrorCode.INVALID_ARGUMENT);
    for (String limit : new String[] {"0", "-2", "16385", "x"}) {
      refused(
          query("a > 1").addQueryParams(Requests.pair("limit", limit)), ErrorCode.INVALID_ARGUMENT);
    }
    refused(
        query("a > 1")
            .addQueryParams(Requests.pair("limit", "16384"))
            .addQueryParams(Requests.pair("offset", "1")),
        ErrorCode.INVALID_ARGUMENT);
    assertThat(
            QueryReader.query(
                    query("").addQueryParams(Requests.pair("limit", "16384")).build(), UNASKED)
                .limit())
        .isEqualTo(16_384);
  }

  @Test
  void whatWouldChangeTheAnswerIsNotIgnored() {
    refused(
        query("a > 1").addQueryParams(Requests.pair("order_by_fields", "a:asc")),
        ErrorCode.UNSUPPORTED);
    refused(
        query("a > 1").addQueryParams(Requests.pair("group_by_fields", "a")),
        ErrorCode.UNSUPPORTED);
    refused(query("a > 1").setNamespace("n"), ErrorCode.UNSUPPORTED);
  }

  @Test
  void deleteNeedsAFilter() {
    assertThat(
            QueryReader.delete(
                    DeleteRequest.newBuilder().setExpr("a in [1]").setPartitionName("p").build())
                .partition())
        .isEqualTo("p");
    assertThatThrownBy(() -> QueryReader.delete(DeleteRequest.newBuilder().setExpr(" ").build()))
        .hasMessageContaining("failed to create delete plan")
        .isInstanceOfSatisfying(
            ElanusException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_EXPRESSION));
  }

  private static io.milvus.grpc.QueryRequest.Builder query(String expression) {
    return io.milvus.grpc.QueryRequest.newBuilder().setCollectionName("c").setExpr(expression);
  }

  private static void refused(io.milvus.grpc.QueryRequest.Builder request, ErrorCode code) {
    assertThatThrownBy(() -> QueryReader.query(request.build(), UNASKED))
        .isInstanceOfSatisfying(ElanusException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
