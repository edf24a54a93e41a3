package io.elanus.server.validate;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.HybridSearchRequest;
import io.elanus.model.query.SearchParams;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.rows.Column;
import io.elanus.model.schema.Limits;
import io.elanus.model.schema.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads searches. What would change the answer and is not offered is refused by name. */
public final class SearchReader {
  /** Most hits in one answer: their keys and scores alone fill the largest message. */
  private static final long HITS_MAX = 16L << 20;

  private static final String ITERATOR = "search_iter_v2";

  /** Keys with a meaning here; all others are parameters of the index. */
  private static final Set<String> KNOWN =
      Set.of(
          "anns_field",
          "topk",
          "limit",
          "offset",
          "metric_type",
          "round_decimal",
          "ignore_growing",
          "radius",
          "range_filter",
          ITERATOR,
          "search_iter_batch_size",
          "search_iter_last_bound",
          "search_iter_id",
          "iterator",
          "collection_id",
          "cluster_id",
          // Say how to work, not what to answer; here every page keeps its order.
          "hints",
          "page_retain_order",
          // Have no meaning without the features they qualify, which are refused themselves.
          "group_size",
          "strict_group_size",
          "json_path",
          "json_type",
          "strict_cast",
          "timezone",
          "time_fields");

  private static final List<String> NOT_OFFERED =
      List.of("group_by_field", "group_by_fields", "order_by_fields", "analyzer_name");

  private SearchReader() {}

  /**
   * @param collection described only where the request leaves something to it
   */
  public static SearchRequest search(
      io.milvus.grpc.SearchRequest request, Supplier<CollectionInfo> collection) {
    if (request.getFunctionScore().getFunctionsCount() > 0) {
      throw Problems.unsupported(
          "reranking a single search by function %s is not offered; leave the ranker out",
          request.getFunctionScore().getFunctions(0).getName());
    }
    KeyValues params = params(request);
    boolean iterator = params.flag("iterator") || params.flag(ITERATOR);
    if (iterator) {
      checkIterated(params, collection);
    }
    Consistency consistency =
        ConsistencyReader.read(
            request.getConsistencyLevel(),
            request.getGuaranteeTimestamp(),
            request.getUseDefaultConsistency(),
            iterator,
            collection);
    return one(request, request.getCollectionName(), params)
        .partitions(request.getPartitionNamesList())
        .outputFields(QueryReader.outputFields(request.getOutputFieldsList()))
        .consistency(consistency)
        .build();
  }

  public static HybridSearchRequest hybrid(
      io.milvus.grpc.HybridSearchRequest request, Supplier<CollectionInfo> collection) {
    NewerProtocol.refuse(request, "hybrid search");
    refuseNamespace(request.hasNamespace());
    if (request.getRequestsCount() == 0) {
      throw Problems.missing("a hybrid search needs at least one sub-search");
    }
    if (request.getRequestsCount() > RankerReader.SEARCHES_MAX) {
      throw Problems.argument(
          "a hybrid search takes at most %d sub-searches, got %d",
          RankerReader.SEARCHES_MAX, request.getRequestsCount());
    }
    KeyValues params = KeyValues.of(request.getRankParamsList());
    refuseNotOffered(params);
    Consistency consistency =
        ConsistencyReader.read(
            request.getConsistencyLevel(),
            request.getGuaranteeTimestamp(),
            request.getUseDefaultConsistency(),
            false,
            collection);
    List<SearchRequest> searches = new ArrayList<>();
    for (io.milvus.grpc.SearchRequest sub : request.getRequestsList()) {
      searches.add(
          one(sub, request.getCollectionName(), params(sub))
              .partitions(request.getPartitionNamesList())
              .consistency(consistency)
              .build());
    }
    int queries = searches.getFirst().queryCount();
    for (SearchRequest search : searches) {
      if (search.queryCount() != queries) {
        throw Problems.argument(
            "all sub-searches need the same number of query vectors, got %d and %d",
            queries, search.queryCount());
      }
    }
    int limit = limit(params, searches.getFirst().limit());
    int offset = offset(params, limit);
    checkHits(queries, limit);
    return new HybridSearchRequest(
        request.getCollectionName(),
        request.getPartitionNamesList(),
        searches,
        RankerReader.read(params, request.getFunctionScore(), searches.size()),
        limit,
        offset,
        QueryReader.outputFields(request.getOutputFieldsList()),
        consistency,
        roundDecimal(params));
  }

  /** An iterator must not go on in another collection that has come to the name meanwhile. */
  static void checkIterated(KeyValues params, Supplier<CollectionInfo> collection) {
    Optional<String> id = params.text("collection_id");
    if (id.isPresent() && !id.get().equals(Long.toString(collection.get().id()))) {
      throw Problems.argument(
          "the iterator began on collection id %s, but the name now stands for id %d; begin again",
          id.get(), collection.get().id());
    }
  }

  private static KeyValues params(io.milvus.grpc.SearchRequest request) {
    NewerProtocol.refuse(request, "search");
    refuseNamespace(request.hasNamespace());
    if (request.hasIds() || request.getSearchByPrimaryKeys()) {
      throw Problems.unsupported(
          "searching by primary keys is not offered yet; query their vectors and search by those");
    }
    if (request.getSubReqsCount() > 0) {
      throw Problems.unsupported("sub-requests within a search are not offered; use HybridSearch");
    }
    if (request.hasHighlighter()) {
      throw Problems.unsupported("highlighting is not offered yet; leave the highlighter out");
    }
    KeyValues params = KeyValues.flattened(request.getSearchParamsList());
    refuseNotOffered(params);
    return params;
  }

  private static SearchRequest.Builder one(
      io.milvus.grpc.SearchRequest request, String collection, KeyValues params) {
    Column queries = QueryVectors.read(request.getPlaceholderGroup(), request.getNq());
    int limit = limit(params, 0);
    checkHits(queries.size(), limit);
    return SearchRequest.of(collection, queries, limit)
        .vectorField(params.text("anns_field").orElse(""))
        .filter(TemplateReader.filter(request.getDsl(), request.getExprTemplateValuesMap()))
        .offset(offset(params, limit))
        .metric(metric(params))
        .params(new SearchParams(params.without(KNOWN)))
        .range(range(params))
        .iterator(page(params, queries.size(), limit))
        .roundDecimal(roundDecimal(params))
        .ignoreGrowing(params.flag("ignore_growing"));
  }

  private static void refuseNotOffered(KeyValues params) {
    for (String key : NOT_OFFERED) {
      Optional<String> value = params.text(key);
      if (value.isPresent()) {
        throw Problems.unsupported(
            "%s is not offered yet in searches (got '%s'); leave it out", key, value.get());
      }
    }
  }

  static void refuseNamespace(boolean present) {
    if (present) {
      throw Problems.unsupported("namespaces are not offered; use partitions or a partition key");
    }
  }

  private static int limit(KeyValues params, int otherwise) {
    if (params.text("topk").isEmpty() && params.text("limit").isEmpty() && otherwise == 0) {
      throw Problems.missing("topk not found in search_params; say how many hits are wanted");
    }
    int limit = params.integer("topk", params.integer("limit", otherwise));
    if (limit < 1 || limit > Limits.RESULT_WINDOW_MAX) {
      throw Problems.argument(
          "topk [%d] is invalid, it should be in range [1, %d], but got %d",
          limit, Limits.RESULT_WINDOW_MAX, limit);
    }
    return limit;
  }

  private static int offset(KeyValues params, int limit) {
    int offset = params.integer("offset", 0);
    if (offset < 0) {
      throw Problems.argument(
          "offset [%d] is invalid, it should be in range [0, %d]",
          offset, Limits.RESULT_WINDOW_MAX);
    }
    if ((long) offset + limit > Limits.RESULT_WINDOW_MAX) {
      throw Problems.argument(
          "(offset+limit) should be in range [1, %d], but got %d",
          Limits.RESULT_WINDOW_MAX, (long) offset + limit);
    }
    return offset;
  }

  private static void checkHits(long queries, long limit) {
    if (queries * limit > HITS_MAX) {
      throw new ElanusException(
          ErrorCode.TOO_LARGE,
          "nq %d times topk %d is %d hits, more than the %d of one answer; search in several requests"
              .formatted(queries, limit, queries * limit, HITS_MAX));
    }
  }

  private static @Nullable Metric metric(KeyValues params) {
    return params
        .text("metric_type")
        .map(
            name ->
                Metric.parse(name)
                    .orElseThrow(
                        () ->
                            Problems.argument(
                                "metric type %s is not offered; use L2, IP or COSINE, for binary vectors HAMMING or JACCARD, for texts BM25",
                                name)))
        .orElse(null);
  }

  private static int roundDecimal(KeyValues params) {
    int digits = params.integer("round_decimal", -1);
    if (digits < -1 || digits > 6) {
      throw Problems.argument("round_decimal should be -1 or in range [0, 6], got %d", digits);
    }
    return digits;
  }

  private static SearchRequest.@Nullable Range range(KeyValues params) {
    Optional<Float> radius = params.number("radius");
    Optional<Float> filter = params.number("range_filter");
    if (radius.isEmpty()) {
      if (filter.isPresent()) {
        throw Problems.argument(
            "range_filter [%s] needs a radius beside it", params.text("range_filter").orElse(""));
      }
      return null;
    }
    return new SearchRequest.Range(radius.get(), filter.orElse(null));
  }

  private static SearchRequest.@Nullable Page page(KeyValues params, int queries, int limit) {
    if (!params.flag(ITERATOR)) {
      return null;
    }
    if (queries != 1) {
      throw Problems.argument("a search iterator takes one query vector, got %d", queries);
    }
    int batch = params.integer("search_iter_batch_size", limit);
    if (batch < 1 || batch > Limits.RESULT_WINDOW_MAX) {
      throw Problems.argument(
          "batch size is invalid, it should be in range [1, %d], but got %d",
          Limits.RESULT_WINDOW_MAX, batch);
    }
    return new SearchRequest.Page(
        batch,
        params.number("search_iter_last_bound").orElse(null),
        params.text("search_iter_id").orElse(""));
  }
}
