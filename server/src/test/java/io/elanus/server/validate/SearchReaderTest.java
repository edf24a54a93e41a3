package io.elanus.server.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.HybridSearchRequest;
import io.elanus.model.query.Ranker;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.rows.Column;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import io.elanus.server.fixture.Requests;
import io.milvus.grpc.BoolArray;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.FunctionSchema;
import io.milvus.grpc.FunctionScore;
import io.milvus.grpc.FunctionType;
import io.milvus.grpc.Highlighter;
import io.milvus.grpc.IDs;
import io.milvus.grpc.JSONArray;
import io.milvus.grpc.PlaceholderType;
import io.milvus.grpc.PlaceholderValue;
import io.milvus.grpc.TemplateArrayValue;
import io.milvus.grpc.TemplateArrayValueArray;
import io.milvus.grpc.TemplateValue;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Searches as the clients of several languages write them. */
class SearchReaderTest {
  private static final Supplier<CollectionInfo> UNASKED =
      () -> {
        throw new IllegalStateException("the collection's level was not needed");
      };

  @Test
  void pythonsSearch() {
    SearchRequest search =
        read(
            base()
                .addSearchParams(Requests.pair("anns_field", "v"))
                .addSearchParams(Requests.pair("topk", "10"))
                .addSearchParams(Requests.pair("round_decimal", "-1"))
                .addSearchParams(Requests.pair("ignore_growing", "False"))
                .addSearchParams(Requests.pair("offset", "5"))
                .addSearchParams(Requests.pair("metric_type", "COSINE"))
                .addSearchParams(
                    Requests.pair(
                        "params",
                        "{\"ef\":64,\"radius\":\"0.1\",\"range_filter\":0.9,\"recall\":\"0.99\"}"))
                .setDsl("a > {x}")
                .addOutputFields("*")
                .addPartitionNames("p"));
    assertThat(search.vectorField()).isEqualTo("v");
    assertThat(search.limit()).isEqualTo(10);
    assertThat(search.offset()).isEqualTo(5);
    assertThat(search.metric()).isEqualTo(Metric.COSINE);
    assertThat(search.roundDecimal()).isEqualTo(-1);
    assertThat(search.ignoreGrowing()).isFalse();
    assertThat(search.params().values()).isEqualTo(Map.of("ef", "64", "recall", "0.99"));
    assertThat(search.range()).isEqualTo(new SearchRequest.Range(0.1f, 0.9f));
    assertThat(search.filter().expression()).isEqualTo("a > {x}");
    assertThat(search.partitions()).containsExactly("p");
    assertThat(search.outputFields()).containsExactly("*");
    assertThat(search.queries().size()).isEqualTo(2);
    assertThat(((Column.Vectors) search.queries()).dim()).isEqualTo(4);
    assertThat(((float[]) search.queries().get(1))[1]).isEqualTo(1.1f);
    assertThat(search.iterator()).isNull();
  }

  @Test
  void flatKeysCountAsParameters() {
    SearchRequest search =
        read(
            base()
                .addSearchParams(Requests.pair("topk", "\"3\""))
                .addSearchParams(Requests.pair("nprobe", "16"))
                .addSearchParams(Requests.pair("ignore_growing", "true"))
                .addSearchParams(Requests.pair("hints", "iterative_filter")));
    assertThat(search.limit()).isEqualTo(3);
    assertThat(search.ignoreGrowing()).isTrue();
    assertThat(search.metric()).isNull();
    assertThat(search.params().values()).isEqualTo(Map.of("nprobe", "16"));
  }

  @Test
  void iteratorsOfBothVersions() {
    io.milvus.grpc.SearchRequest.Builder one =
        Requests.search("c", 1, 1).toBuilder().setUseDefaultConsistency(true);
    SearchRequest probe =
        SearchReader.search(
            one.clone()
                .addSearchParams(Requests.pair("iterator", "True"))
                .addSearchParams(Requests.pair("search_iter_v2", "True"))
                .addSearchParams(Requests.pair("search_iter_batch_size", "50"))
                .setGuaranteeTimestamp(0)
                .build(),
            () -> collection(Consistency.Level.STRONG));
    assertThat(probe.iterator()).isEqualTo(new SearchRequest.Page(50, null, ""));
    SearchRequest next =
        SearchReader.search(
            one.clone()
                .addSearchParams(Requests.pair("search_iter_v2", "True"))
                .addSearchParams(Requests.pair("search_iter_last_bound", "0.25"))
                .addSearchParams(Requests.pair("search_iter_id", "token"))
                .setGuaranteeTimestamp(900)
                .build(),
            UNASKED);
    assertThat(next.iterator()).isEqualTo(new SearchRequest.Page(1, 0.25f, "token"));
    assertThat(next.consistency()).isEqualTo(Consistency.customized(900));
    SearchRequest first =
        SearchReader.search(
            one.clone()
                .addSearchParams(Requests.pair("iterator", "True"))
                .addSearchParams(Requests.pair("collection_id", "7"))
                .setGuaranteeTimestamp(901)
                .build(),
            () -> collection(Consistency.Level.BOUNDED));
    assertThat(first.iterator()).isNull();
    assertThat(first.consistency()).isEqualTo(Consistency.customized(901));
    assertThat(first.params().values()).isEmpty();
    assertThatThrownBy(
            () ->
                SearchReader.search(
                    one.clone()
                        .addSearchParams(Requests.pair("iterator", "True"))
                        .addSearchParams(Requests.pair("collection_id", "8"))
                        .build(),
                    () -> collection(Consistency.Level.BOUNDED)))
        .hasMessageContaining("begin again");
    refused(
        Requests.search("c", 2, 1).toBuilder()
            .addSearchParams(Requests.pair("search_iter_v2", "True")),
        ErrorCode.INVALID_ARGUMENT);
  }

  private static CollectionInfo collection(Consistency.Level level) {
    Schema schema = new Schema("c", "", List.of(), false, 0);
    return new CollectionInfo(7, "default", 1, schema, List.of(), level, Map.of(), 1, 1, 1, 1);
  }

  @Test
  void sentinelsOfConsistency() {
    assertThat(level(ConsistencyLevel.Strong, 0)).isEqualTo(Consistency.STRONG);
    assertThat(level(ConsistencyLevel.Bounded, 2)).isEqualTo(Consistency.BOUNDED);
    assertThat(level(ConsistencyLevel.Eventually, 1)).isEqualTo(Consistency.EVENTUALLY);
    assertThat(level(ConsistencyLevel.Session, 1)).isEqualTo(Consistency.EVENTUALLY);
    assertThat(level(ConsistencyLevel.Session, 500)).isEqualTo(Consistency.session(500));
    assertThat(level(ConsistencyLevel.Customized, 500)).isEqualTo(Consistency.customized(500));
    assertThat(level(ConsistencyLevel.Customized, 2)).isEqualTo(Consistency.BOUNDED);
    SearchRequest byDefault =
        SearchReader.search(
            Requests.search("c", 1, 1).toBuilder()
                .setUseDefaultConsistency(true)
                .setGuaranteeTimestamp(400)
                .build(),
            () -> collection(Consistency.Level.SESSION));
    assertThat(byDefault.consistency()).isEqualTo(Consistency.session(400));
  }

  private static Consistency level(ConsistencyLevel level, long timestamp) {
    return read(Requests.search("c", 1, 1).toBuilder()
            .setConsistencyLevel(level)
            .setGuaranteeTimestamp(timestamp))
        .consistency();
  }

  @Test
  void limitsAreKept() {
    for (String topk : new String[] {"0", "-1", "16385", "ten", "1.5", "99999999999"}) {
      refused(base().addSearchParams(Requests.pair("topk", topk)), ErrorCode.INVALID_ARGUMENT);
    }
    refused(
        Requests.search("c", 1, 16_000).toBuilder().addSearchParams(Requests.pair("offset", "385")),
        ErrorCode.INVALID_ARGUMENT);
    refused(
        Requests.search("c", 1, 10).toBuilder().addSearchParams(Requests.pair("offset", "-1")),
        ErrorCode.INVALID_ARGUMENT);
    refused(base(), ErrorCode.MISSING_ARGUMENT);
    refused(Requests.search("c", 0, 10).toBuilder(), ErrorCode.INVALID_ARGUMENT);
    refused(Requests.search("c", 16_385, 1).toBuilder(), ErrorCode.INVALID_ARGUMENT);
    refused(Requests.search("c", 2_000, 16_384).toBuilder(), ErrorCode.TOO_LARGE);
    refused(Requests.search("c", 3, 1).toBuilder().setNq(2), ErrorCode.INVALID_ARGUMENT);
    refused(
        Requests.search("c", 1, 1).toBuilder().addSearchParams(Requests.pair("range_filter", "1")),
        ErrorCode.INVALID_ARGUMENT);
    refused(
        Requests.search("c", 1, 1).toBuilder().addSearchParams(Requests.pair("radius", "NaN")),
        ErrorCode.INVALID_ARGUMENT);
    refused(
        Requests.search("c", 1, 1).toBuilder()
            .addSearchParams(Requests.pair("metric_type", "SUBSTRUCTURE")),
        ErrorCode.INVALID_ARGUMENT);
    refused(
        Requests.search("c", 1, 1).toBuilder().addSearchParams(Requests.pair("params", "[1]")),
        ErrorCode.INVALID_ARGUMENT);
    refused(
        Requests.search("c", 1, 1).toBuilder().addSearchParams(Requests.pair("params", "{} {}")),
        ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void whatWouldChangeTheAnswerIsNotIgnored() {
    io.milvus.grpc.SearchRequest good = Requests.search("c", 1, 1);
    for (String key : new String[] {"group_by_field", "group_by_fields", "order_by_fields"}) {
      refused(good.toBuilder().addSearchParams(Requests.pair(key, "color")), ErrorCode.UNSUPPORTED);
      refused(
          good.toBuilder()
              .clearSearchParams()
              .addSearchParams(Requests.pair("topk", "1"))
              .addSearchParams(Requests.pair("params", "{\"" + key + "\":\"color\"}")),
          ErrorCode.UNSUPPORTED);
    }
    refused(good.toBuilder().setIds(IDs.getDefaultInstance()), ErrorCode.UNSUPPORTED);
    refused(
        good.toBuilder().setHighlighter(Highlighter.getDefaultInstance()), ErrorCode.UNSUPPORTED);
    refused(good.toBuilder().setNamespace("n"), ErrorCode.UNSUPPORTED);
    refused(
        good.toBuilder()
            .setFunctionScore(
                FunctionScore.newBuilder()
                    .addFunctions(FunctionSchema.newBuilder().setName("decay"))),
        ErrorCode.UNSUPPORTED);
    refused(good.toBuilder().addOutputFields("max(price)"), ErrorCode.UNSUPPORTED);
    refused(
        good.toBuilder()
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(23, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                    .build()),
        ErrorCode.UNSUPPORTED);
    for (PlaceholderType type :
        new PlaceholderType[] {
          PlaceholderType.Int64, PlaceholderType.EmbListFloatVector, PlaceholderType.None
        }) {
      refused(
          good.toBuilder()
              .setPlaceholderGroup(
                  Requests.group(Requests.placeholder(1, 4).setType(type).build())),
          ErrorCode.UNSUPPORTED);
    }
  }

  @Test
  void queriesOfEveryDenseTypeAreRead() {
    Map.of(
            PlaceholderType.Float16Vector, DataType.FLOAT16_VECTOR,
            PlaceholderType.BFloat16Vector, DataType.BFLOAT16_VECTOR,
            PlaceholderType.Int8Vector, DataType.INT8_VECTOR,
            PlaceholderType.BinaryVector, DataType.BINARY_VECTOR)
        .forEach(
            (sent, type) -> {
              var queries = (Column.Vectors) read(search(sent, 16, 16).toBuilder()).queries();
              assertThat(queries.type()).isEqualTo(type);
              assertThat(type.vectorBytes(queries.dim())).isEqualTo(16);
              assertThat((byte[]) queries.get(1)).containsOnly(1);
              refused(search(sent, 16, 15).toBuilder(), ErrorCode.INVALID_ARGUMENT);
              refused(search(sent, 0, 0).toBuilder(), ErrorCode.INVALID_ARGUMENT);
              refused(search(sent, 1 << 20, 1 << 20).toBuilder(), ErrorCode.INVALID_ARGUMENT);
            });
    refused(search(PlaceholderType.Float16Vector, 3, 3).toBuilder(), ErrorCode.INVALID_ARGUMENT);
  }

  /** Two queries, of so many bytes of 0 and 1. */
  private static io.milvus.grpc.SearchRequest search(PlaceholderType type, int first, int second) {
    byte[] ones = new byte[second];
    java.util.Arrays.fill(ones, (byte) 1);
    return Requests.search("c", 2, 4).toBuilder()
        .setPlaceholderGroup(
            Requests.group(
                PlaceholderValue.newBuilder()
                    .setTag("$0")
                    .setType(type)
                    .addValues(ByteString.copyFrom(new byte[first]))
                    .addValues(ByteString.copyFrom(ones))
                    .build()))
        .build();
  }

  @Test
  void valuesOfTemplates() {
    TemplateArrayValue bools =
        TemplateArrayValue.newBuilder()
            .setBoolData(BoolArray.newBuilder().addData(true).addData(false))
            .build();
    SearchRequest search =
        read(
            Requests.search("c", 1, 1).toBuilder()
                .putExprTemplateValues("i", TemplateValue.newBuilder().setInt64Val(4).build())
                .putExprTemplateValues("d", TemplateValue.newBuilder().setFloatVal(0.5).build())
                .putExprTemplateValues("s", TemplateValue.newBuilder().setStringVal("x").build())
                .putExprTemplateValues("b", TemplateValue.newBuilder().setBoolVal(true).build())
                .putExprTemplateValues("l", TemplateValue.newBuilder().setArrayVal(bools).build())
                .putExprTemplateValues("mixed", array(json("1", "\"a\"", "[true, 2.5]")))
                .putExprTemplateValues(
                    "nested",
                    array(
                        TemplateArrayValue.newBuilder()
                            .setArrayData(TemplateArrayValueArray.newBuilder().addData(bools))
                            .build())));
    assertThat(search.filter().parameters())
        .isEqualTo(
            Map.of(
                "i",
                4L,
                "d",
                0.5,
                "s",
                "x",
                "b",
                true,
                "l",
                List.of(true, false),
                "mixed",
                List.of(1L, "a", List.of(true, 2.5)),
                "nested",
                List.of(List.of(true, false))));
    refused(
        Requests.search("c", 1, 1).toBuilder()
            .putExprTemplateValues("x", TemplateValue.getDefaultInstance()),
        ErrorCode.INVALID_ARGUMENT);
    refused(
        Requests.search("c", 1, 1).toBuilder().putExprTemplateValues("x", array(json("{}"))),
        ErrorCode.INVALID_ARGUMENT);
    refused(
        Requests.search("c", 1, 1).toBuilder()
            .putExprTemplateValues("x", array(json("[".repeat(20) + "]".repeat(20)))),
        ErrorCode.INVALID_ARGUMENT);
    refused(
        Requests.search("c", 1, 1).toBuilder()
            .putExprTemplateValues("x", array(json("[".repeat(5000)))),
        ErrorCode.INVALID_ARGUMENT);
  }

  private static TemplateArrayValue json(String... values) {
    JSONArray.Builder data = JSONArray.newBuilder();
    for (String value : values) {
      data.addData(com.google.protobuf.ByteString.copyFromUtf8(value));
    }
    return TemplateArrayValue.newBuilder().setJsonData(data).build();
  }

  private static TemplateValue array(TemplateArrayValue value) {
    return TemplateValue.newBuilder().setArrayVal(value).build();
  }

  @Test
  void rankersOfHybridSearches() {
    assertThat(ranker(hybrid(2))).isEqualTo(new Ranker.Rrf(60));
    assertThat(
            ranker(
                hybrid(2)
                    .addRankParams(Requests.pair("strategy", "rrf"))
                    .addRankParams(Requests.pair("params", "{\"k\": 10}"))))
        .isEqualTo(new Ranker.Rrf(10));
    assertThat(
            ranker(
                hybrid(2)
                    .addRankParams(Requests.pair("strategy", "weighted"))
                    .addRankParams(
                        Requests.pair("params", "{\"weights\":[0.2,1],\"norm_score\":true}"))))
        .isEqualTo(new Ranker.Weighted(List.of(0.2, 1.0), true));
    assertThat(ranker(hybrid(2).setFunctionScore(rerank("reranker", "rrf", "k", "7"))))
        .isEqualTo(new Ranker.Rrf(7));
    assertThat(
            ranker(
                hybrid(2)
                    .setFunctionScore(
                        rerank(
                            "reranker",
                            "weighted",
                            "weights",
                            "[0.5, 0.5]",
                            "norm_score",
                            "True"))))
        .isEqualTo(new Ranker.Weighted(List.of(0.5, 0.5), true));
  }

  @Test
  void wrongHybridSearchesAreRefused() {
    refused(hybrid(0), ErrorCode.MISSING_ARGUMENT);
    refused(
        hybrid(2).clearRankParams().addRankParams(Requests.pair("limit", "0")),
        ErrorCode.INVALID_ARGUMENT);
    refused(hybrid(2).setFunctionScore(rerank("reranker", "decay")), ErrorCode.UNSUPPORTED);
    refused(
        hybrid(2).setFunctionScore(rerank("reranker", "rrf", "k", "0")),
        ErrorCode.INVALID_ARGUMENT);
    refused(
        hybrid(3).setFunctionScore(rerank("reranker", "weighted", "weights", "[0.5, 0.5]")),
        ErrorCode.INVALID_ARGUMENT);
    refused(
        hybrid(1).setFunctionScore(rerank("reranker", "weighted", "weights", "[1.5]")),
        ErrorCode.INVALID_ARGUMENT);
    refused(
        hybrid(1).addRankParams(Requests.pair("group_by_field", "color")), ErrorCode.UNSUPPORTED);
    refused(hybrid(1).addRequests(Requests.search("c", 2, 5)), ErrorCode.INVALID_ARGUMENT);
  }

  private static FunctionScore rerank(String... params) {
    FunctionSchema.Builder function =
        FunctionSchema.newBuilder().setName("r").setType(FunctionType.Rerank);
    for (int i = 0; i < params.length; i += 2) {
      function.addParams(Requests.pair(params[i], params[i + 1]));
    }
    return FunctionScore.newBuilder().addFunctions(function).build();
  }

  private static io.milvus.grpc.HybridSearchRequest.Builder hybrid(int searches) {
    io.milvus.grpc.HybridSearchRequest.Builder request =
        io.milvus.grpc.HybridSearchRequest.newBuilder()
            .setCollectionName("c")
            .addRankParams(Requests.pair("limit", "3"))
            .addRankParams(Requests.pair("offset", "1"))
            .addRankParams(Requests.pair("round_decimal", "2"));
    for (int i = 0; i < searches; i++) {
      request.addRequests(Requests.search("c", 1, 5));
    }
    return request;
  }

  private static Ranker ranker(io.milvus.grpc.HybridSearchRequest.Builder request) {
    HybridSearchRequest read = SearchReader.hybrid(request.build(), UNASKED);
    assertThat(read.limit()).isEqualTo(3);
    assertThat(read.offset()).isEqualTo(1);
    assertThat(read.roundDecimal()).isEqualTo(2);
    assertThat(read.searches().getFirst().limit()).isEqualTo(5);
    return read.ranker();
  }

  private static void refused(io.milvus.grpc.HybridSearchRequest.Builder request, ErrorCode code) {
    assertThatThrownBy(() -> SearchReader.hybrid(request.build(), UNASKED))
        .isInstanceOfSatisfying(ElanusException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static void refused(io.milvus.grpc.SearchRequest.Builder request, ErrorCode code) {
    assertThatThrownBy(() -> SearchReader.search(request.build(), UNASKED))
        .isInstanceOfSatisfying(ElanusException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static io.milvus.grpc.SearchRequest.Builder base() {
    return io.milvus.grpc.SearchRequest.newBuilder()
        .setCollectionName("c")
        .setPlaceholderGroup(Requests.vectors(2, 4));
  }

  private static SearchRequest read(io.milvus.grpc.SearchRequest.Builder request) {
    return SearchReader.search(request.build(), UNASKED);
  }
}
