package io.elanus.server.validate;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.query.DeleteRequest;
import io.elanus.model.query.Filter;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.schema.Limits;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Reads queries and deletes, which choose rows by filter. */
public final class QueryReader {
  private static final Pattern AGGREGATE =
      Pattern.compile("(?i)\\s*(count|sum|avg|min|max)\\s*\\(.*\\)\\s*");

  private QueryReader() {}

  /**
   * @param collection described only where the request leaves something to it
   */
  public static QueryRequest query(
      io.milvus.grpc.QueryRequest request, Supplier<CollectionInfo> collection) {
    NewerProtocol.refuse(request, "query");
    SearchReader.refuseNamespace(request.hasNamespace());
    KeyValues params = KeyValues.of(request.getQueryParamsList());
    for (String key : List.of("group_by_fields", "order_by_fields", "order_by")) {
      params
          .text(key)
          .ifPresent(
              value -> {
                throw Problems.unsupported(
                    "%s is not offered yet in queries (got '%s'); leave it out", key, value);
              });
    }
    boolean iterator = params.flag("iterator");
    if (iterator) {
      SearchReader.checkIterated(params, collection);
    }
    Filter filter = TemplateReader.filter(request.getExpr(), request.getExprTemplateValuesMap());
    List<String> outputFields = outputFields(request.getOutputFieldsList());
    boolean count = outputFields.contains(QueryRequest.COUNT);
    if (count && outputFields.size() > 1) {
      throw Problems.argument("count(*) can only be the one output field, got %s", outputFields);
    }
    int limit = limit(params, count);
    if (filter.isAll() && limit == QueryRequest.NO_LIMIT && !count) {
      throw Problems.argument("empty expression should be used with limit");
    }
    return new QueryRequest(
        request.getCollectionName(),
        request.getPartitionNamesList(),
        filter,
        outputFields,
        limit,
        offset(params, limit),
        ConsistencyReader.read(
            request.getConsistencyLevel(),
            request.getGuaranteeTimestamp(),
            request.getUseDefaultConsistency(),
            iterator,
            collection),
        params.flag("ignore_growing"));
  }

  public static DeleteRequest delete(io.milvus.grpc.DeleteRequest request) {
    NewerProtocol.refuse(request, "delete");
    Filter filter = TemplateReader.filter(request.getExpr(), request.getExprTemplateValuesMap());
    if (filter.isAll()) {
      throw new ElanusException(
          ErrorCode.INVALID_EXPRESSION,
          "failed to create delete plan: the expression is empty; say which rows to delete");
    }
    return new DeleteRequest(
        request.getCollectionName(),
        request.getPartitionName(),
        filter,
        ConsistencyReader.read(
            request.getConsistencyLevel(),
            0,
            false,
            false,
            () -> {
              throw new IllegalStateException("a delete always says its level");
            }));
  }

  /** The names as asked; aggregates other than count(*) are refused. */
  static List<String> outputFields(List<String> names) {
    for (String name : names) {
      if (!name.equals(QueryRequest.COUNT) && AGGREGATE.matcher(name).matches()) {
        throw Problems.unsupported(
            "aggregate %s is not offered yet; the only one is count(*)", name);
      }
    }
    return List.copyOf(names);
  }

  private static int limit(KeyValues params, boolean count) {
    if (params.text("limit").isEmpty()) {
      return QueryRequest.NO_LIMIT;
    }
    int limit = params.integer("limit", QueryRequest.NO_LIMIT);
    // Some clients send -1 for none.
    if (limit == QueryRequest.NO_LIMIT) {
      return limit;
    }
    if (count) {
      throw Problems.argument("count entities with pagination is not allowed; leave limit out");
    }
    if (limit < 1 || limit > Limits.RESULT_WINDOW_MAX) {
      throw Problems.argument(
          "limit [%d] is invalid, it should be in range [1, %d]", limit, Limits.RESULT_WINDOW_MAX);
    }
    return limit;
  }

  private static int offset(KeyValues params, int limit) {
    int offset = params.integer("offset", 0);
    if (offset < 0) {
      throw Problems.argument("offset [%d] is invalid, it should not be negative", offset);
    }
    if ((long) offset + Math.max(limit, 0) > Limits.RESULT_WINDOW_MAX) {
      throw Problems.argument(
          "(offset+limit) should be in range [1, %d], but got %d",
          Limits.RESULT_WINDOW_MAX, (long) offset + Math.max(limit, 0));
    }
    return offset;
  }
}
