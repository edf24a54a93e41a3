package io.elanus.engine.database;

import io.elanus.engine.Shard;
import io.elanus.engine.database.CollectionRecord.PartitionRecord;
import io.elanus.engine.database.LocalDatabase.Names;
import io.elanus.engine.read.Reader;
import io.elanus.engine.read.TextQueries;
import io.elanus.engine.write.WritePath;
import io.elanus.engine.write.bytes.PartitionRows;
import io.elanus.index.VectorIndexes;
import io.elanus.index.sparse.Bm25;
import io.elanus.model.Caller;
import io.elanus.model.Rows;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.DeleteRequest;
import io.elanus.model.query.HybridSearchRequest;
import io.elanus.model.query.InsertRequest;
import io.elanus.model.query.MutationResult;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.query.QueryResult;
import io.elanus.model.query.Ranker;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.query.SearchResult;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.rows.VectorGate;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Limits;
import io.elanus.model.schema.Metric;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.LongAdder;

/**
 * The rows of collections: checks a request against the catalog, then hands it to the shard.
 *
 * @param skipped counts segments that no request looked into, for their range of the clustering key
 */
record LocalRows(Names names, ExecutorService searchThreads, InstantSource clock, LongAdder skipped)
    implements Rows {

  // --- writes ---------------------------------------------------------------------------------

  @Override
  public MutationResult insert(Caller caller, InsertRequest request) {
    CollectionRecord record = writable(caller, request);
    RowBatch rows = RowAdmission.forInsert(record, request.rows(), names.timestamps());
    List<PartitionRows> parts = PartitionRouting.split(record, request.partition(), rows);
    long timestamp = names.shards().of(record).insert(parts);
    Column keys = rows.require(record.schema().primaryKey().name());
    return new MutationResult(keys, rows.size(), 0, 0, timestamp);
  }

  @Override
  public MutationResult upsert(Caller caller, InsertRequest request) {
    CollectionRecord record = writable(caller, request);
    RowAdmission.Upsert upsert = RowAdmission.forUpsert(record, request.rows(), names.timestamps());
    List<PartitionRows> parts = PartitionRouting.split(record, request.partition(), upsert.rows());
    long timestamp = names.shards().of(record).upsert(parts, upsert.replaced());
    Column keys = upsert.rows().require(record.schema().primaryKey().name());
    int count = request.rows().size();
    return new MutationResult(keys, upsert.rows().size(), upsert.rows().size(), count, timestamp);
  }

  private CollectionRecord writable(Caller caller, InsertRequest request) {
    CollectionRecord record = names.collection(caller, request.collection());
    if (request.schemaTimestamp() > 0 && request.schemaTimestamp() != record.updatedTimestamp()) {
      throw new ElanusException(
          ErrorCode.SCHEMA_STALE,
          "collection schema mismatch[collection=%s]: it was changed since the client described it"
              .formatted(record.name()));
    }
    return record;
  }

  @Override
  public MutationResult delete(Caller caller, DeleteRequest request) {
    if (request.filter().isAll()) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "delete plan can't be empty or always true : expr is empty; name the rows to delete");
    }
    CollectionRecord record = names.collection(caller, request.collection());
    List<String> partitions =
        request.partition().isEmpty() ? List.of() : List.of(request.partition());
    Reader reader = reader(record, ids(record, partitions));
    WritePath.DeleteOutcome outcome = names.shards().of(record).delete(reader, request.filter());
    return new MutationResult(outcome.keys(), 0, outcome.keys().size(), 0, outcome.timestamp());
  }

  // --- reads ----------------------------------------------------------------------------------

  @Override
  public QueryResult query(Caller caller, QueryRequest request) {
    CollectionRecord record = names.collection(caller, request.collection());
    Set<Long> partitions = loaded(record, request.partitions());
    boolean count = request.outputFields().contains(QueryRequest.COUNT);
    if (count && request.outputFields().size() > 1) {
      throw invalid("count entities with other output fields is not supported");
    }
    boolean limited = request.limit() != QueryRequest.NO_LIMIT;
    if (count && limited) {
      throw invalid("count entities with pagination is not allowed");
    }
    if (!count && !limited && request.filter().isAll()) {
      throw invalid("empty expression should be used with limit");
    }
    if (limited) {
      checkWindow(request.limit(), request.offset());
    }
    return shard(record).query(reader(record, partitions), request);
  }

  @Override
  public SearchResult search(Caller caller, SearchRequest request) {
    CollectionRecord record = names.collection(caller, request.collection());
    Set<Long> partitions = loaded(record, request.partitions());
    Field field = checkedField(record, request);
    return shard(record).search(reader(record, partitions), field, request);
  }

  @Override
  public SearchResult hybridSearch(Caller caller, HybridSearchRequest request) {
    CollectionRecord record = names.collection(caller, request.collection());
    Set<Long> partitions = loaded(record, request.partitions());
    if (request.searches().isEmpty()) {
      throw invalid("a hybrid search needs at least one search");
    }
    checkWindow(request.limit(), request.offset());
    checkRanker(request.ranker(), request.searches().size());
    int queries = request.searches().getFirst().queryCount();
    for (SearchRequest search : request.searches()) {
      if (search.queryCount() != queries) {
        throw invalid("all searches of a hybrid search need the same number of query vectors");
      }
      if (search.iterator() != null) {
        throw invalid("a hybrid search cannot be iterated");
      }
    }
    List<Field> fields =
        request.searches().stream().map(search -> checkedField(record, search)).toList();
    return shard(record).hybridSearch(reader(record, partitions), fields, request);
  }

  private static void checkRanker(Ranker ranker, int searches) {
    switch (ranker) {
      case Ranker.Rrf rrf -> {
        if (!(rrf.k() > 0 && rrf.k() < Ranker.Rrf.K_END)) {
          throw invalid(
              "the rank params k should be in range (0, %d), got %s"
                  .formatted(Ranker.Rrf.K_END, rrf.k()));
        }
      }
      case Ranker.Weighted weighted -> {
        if (weighted.weights().size() != searches) {
          throw invalid(
              "the length of weights param mismatch with ann search requests: %d weights for %d searches"
                  .formatted(weighted.weights().size(), searches));
        }
        for (double weight : weighted.weights()) {
          if (!(weight >= 0 && weight <= 1)) {
            throw invalid("rank param weight should be in range [0, 1], got " + weight);
          }
        }
      }
    }
  }

  private Field checkedField(CollectionRecord record, SearchRequest request) {
    Field field = vectorField(record, request.vectorField());
    Metric metric = metric(record, field);
    if (request.metric() != null && request.metric() != metric) {
      throw invalid(
          "metric type not match: invalid [expected=%s][actual=%s]"
              .formatted(metric, request.metric()));
    }
    checkWindow(request.limit(), request.offset());
    if (request.queryCount() < 1 || request.queryCount() > Limits.RESULT_WINDOW_MAX) {
      throw invalid(
          "nq [%d] is invalid, it should be in range [1, %d]"
              .formatted(request.queryCount(), Limits.RESULT_WINDOW_MAX));
    }
    checkRange(request.range(), metric);
    if (request.iterator() != null && request.queryCount() != 1) {
      throw invalid("a search iterator takes one query vector at a time");
    }
    VectorGate.checkQueries(field, request.queries(), metric);
    record
        .indexOn(field.name())
        .ifPresent(
            index ->
                VectorIndexes.checkSearch(
                    VectorIndexes.format(index.spec().type()),
                    request.params(),
                    request.limit() + request.offset()));
    return field;
  }

  private static void checkRange(
      SearchRequest.@org.jspecify.annotations.Nullable Range range, Metric metric) {
    Float filter = range == null ? null : range.rangeFilter();
    if (range == null || filter == null) {
      return;
    }
    boolean ordered = metric.largerIsBetter() ? filter > range.radius() : filter < range.radius();
    if (!ordered) {
      throw invalid(
          "range_filter(%s) must be %s than radius(%s) under %s"
              .formatted(
                  filter, metric.largerIsBetter() ? "greater" : "less", range.radius(), metric));
    }
  }

  private static void checkWindow(int limit, int offset) {
    if (limit < 1 || limit > Limits.RESULT_WINDOW_MAX) {
      throw invalid(
          "topk [%d] is invalid, it should be in range [1, %d]"
              .formatted(limit, Limits.RESULT_WINDOW_MAX));
    }
    if (offset < 0 || (long) limit + offset > Limits.RESULT_WINDOW_MAX) {
      throw invalid(
          "(offset+limit) [%d] is invalid, it should be in range [1, %d]"
              .formatted((long) limit + offset, Limits.RESULT_WINDOW_MAX));
    }
  }

  private static Field vectorField(CollectionRecord record, String name) {
    List<Field> vectors = record.schema().vectorFields();
    if (name.isEmpty()) {
      if (vectors.size() > 1) {
        throw invalid("multiple anns_fields exist, please specify a anns_field in search_params");
      }
      return vectors.getFirst();
    }
    return vectors.stream()
        .filter(f -> f.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> {
              boolean exists = record.schema().field(name).isPresent();
              return new ElanusException(
                  exists ? ErrorCode.INVALID_ARGUMENT : ErrorCode.FIELD_NOT_FOUND,
                  exists
                      ? "field %s is not a vector field".formatted(name)
                      : "failed to get field schema by name: fieldName(%s) not found"
                          .formatted(name));
            });
  }

  private static Metric metric(CollectionRecord record, Field field) {
    return record
        .indexOn(field.name())
        .map(index -> index.spec().metric())
        .orElseGet(() -> record.schema().metrics(field).getFirst());
  }

  /** The field's own numbers of BM25. */
  private static Bm25 relevance(CollectionRecord record, Field field) {
    return Bm25.of(
        record.indexOn(field.name()).map(index -> index.spec().params()).orElse(Map.of()));
  }

  private static boolean isFlat(CollectionRecord record, Field field) {
    return record
        .indexOn(field.name())
        .map(index -> index.spec().type().equalsIgnoreCase("FLAT"))
        .orElse(false);
  }

  // --- shared ---------------------------------------------------------------------------------

  private Shard shard(CollectionRecord record) {
    return names.shards().of(record);
  }

  private Reader reader(CollectionRecord record, Set<Long> partitions) {
    return new Reader(
        record.schema(),
        field -> metric(record, field),
        field -> isFlat(record, field),
        new TextQueries(record.schema(), field -> relevance(record, field), record.partitionIds()),
        partitions,
        LocalCollections.expiredBefore(record, clock),
        skipped::increment,
        searchThreads);
  }

  private static Set<Long> ids(CollectionRecord record, List<String> partitions) {
    Set<Long> ids = new HashSet<>();
    for (String name : partitions) {
      ids.add(LocalPartitions.require(record, name).id());
    }
    return ids;
  }

  /** The partitions to read: those named, or all that are loaded; refused where one is not. */
  private static Set<Long> loaded(CollectionRecord record, List<String> partitions) {
    if (!record.loaded()) {
      throw new ElanusException(
          ErrorCode.COLLECTION_NOT_LOADED,
          "collection not loaded[collection=%s]".formatted(record.name()));
    }
    Set<Long> ids = new HashSet<>();
    for (String name : partitions) {
      PartitionRecord partition = LocalPartitions.require(record, name);
      if (!partition.loaded()) {
        throw new ElanusException(
            ErrorCode.PARTITION_NOT_LOADED, "partition not loaded[partition=%s]".formatted(name));
      }
      ids.add(partition.id());
    }
    if (partitions.isEmpty()) {
      // By name even where it is all of them: the shard may hold rows of a partition that was
      // dropped while they were written.
      record.partitions().stream().filter(PartitionRecord::loaded).forEach(p -> ids.add(p.id()));
    }
    return ids;
  }

  static ElanusException invalid(String message) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
