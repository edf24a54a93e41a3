package io.elanus.testkit.oracle;

import io.elanus.model.Caller;
import io.elanus.model.Rows;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.PartitionInfo;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.DeleteRequest;
import io.elanus.model.query.Filter;
import io.elanus.model.query.HybridSearchRequest;
import io.elanus.model.query.InsertRequest;
import io.elanus.model.query.MutationResult;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.query.QueryResult;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.query.SearchResult;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.Columns;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.rows.RowGate;
import io.elanus.model.rows.VectorGate;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Limits;
import io.elanus.model.schema.Metric;
import io.elanus.testkit.filter.FilterException;
import io.elanus.testkit.filter.RowFilter;
import io.elanus.testkit.oracle.OracleTable.Partition;
import io.elanus.testkit.oracle.OracleTable.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Rows of collections: writes, and queries by filter. */
record OracleRows(OracleState state) implements Rows {

  // --- writes ---------------------------------------------------------------------------------

  @Override
  public MutationResult insert(Caller caller, InsertRequest request) {
    OracleTable table = writable(caller, request);
    Field key = table.schema.primaryKey();
    boolean sent = request.rows().column(key.name()).isPresent();
    if (key.autoId()
        && sent
        && !Boolean.parseBoolean(table.properties.get("allow_insert_auto_id"))) {
      throw new ElanusException(
          ErrorCode.INVALID_ROWS, "the primary key is made, leave %s out".formatted(key.name()));
    }
    Column keys = key.autoId() && !sent ? fresh(key, request.rows().size()) : sent(key, request);
    RowBatch rows = admit(table, request.rows(), keys);
    long timestamp = write(table, request.partition(), rows, Set.of());
    return new MutationResult(keys, rows.size(), 0, 0, timestamp);
  }

  @Override
  public MutationResult upsert(Caller caller, InsertRequest request) {
    OracleTable table = writable(caller, request);
    Field key = table.schema.primaryKey();
    RowBatch rows = admit(table, request.rows(), sent(key, request));
    Map<Object, Integer> lastOfKey = new LinkedHashMap<>();
    Column keys = rows.require(key.name());
    for (int row = 0; row < rows.size(); row++) {
      lastOfKey.remove(required(keys, row));
      lastOfKey.put(required(keys, row), row);
    }
    rows = rows.select(lastOfKey.values().stream().mapToInt(Integer::intValue).toArray());
    if (key.autoId()) {
      rows = rows.with(key.name(), fresh(key, rows.size()));
    }
    long timestamp = write(table, request.partition(), rows, lastOfKey.keySet());
    return new MutationResult(
        rows.require(key.name()), rows.size(), rows.size(), request.rows().size(), timestamp);
  }

  private OracleTable writable(Caller caller, InsertRequest request) {
    OracleTable table = state.table(caller, request.collection());
    if (request.schemaTimestamp() > 0 && request.schemaTimestamp() != table.updatedTimestamp) {
      throw new ElanusException(
          ErrorCode.SCHEMA_STALE, "the schema changed since it was described");
    }
    return table;
  }

  private static RowBatch admit(OracleTable table, RowBatch rows, Column keys) {
    RowBatch admitted = RowGate.admit(table.schema, rows, keys);
    for (Field field : table.schema.vectorFields()) {
      boolean cosine =
          table.indexes.containsKey(field.name()) && table.metric(field.name()) == Metric.COSINE;
      if (cosine) {
        VectorGate.checkDirections(field, (Column.Vectors) admitted.require(field.name()));
      }
    }
    return admitted;
  }

  private static Column sent(Field key, InsertRequest request) {
    return request
        .rows()
        .column(key.name())
        .orElseThrow(
            () ->
                new ElanusException(
                    ErrorCode.INVALID_ROWS, "the primary key %s is missing".formatted(key.name())));
  }

  private Column fresh(Field key, int count) {
    List<Object> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long next = state.timestamp();
      keys.add(key.type() == DataType.INT64 ? (Object) next : Long.toString(next));
    }
    return Columns.keys(key.type(), keys);
  }

  private static Object required(Column column, int row) {
    return Objects.requireNonNull(column.get(row));
  }

  private long write(OracleTable table, String partition, RowBatch batch, Set<Object> replaced) {
    List<Partition> targets = targets(table, partition, batch);
    long timestamp = state.timestamp();
    table.operation++;
    remove(table, row -> replaced.contains(row.key()));
    for (int row = 0; row < batch.size(); row++) {
      Map<String, @Nullable Object> values = new HashMap<>();
      for (Map.Entry<String, Column> column : batch.columns().entrySet()) {
        values.put(column.getKey(), column.getValue().get(row));
      }
      Object key = Objects.requireNonNull(values.get(table.schema.primaryKey().name()));
      table.rows.add(new Row(key, values, targets.get(row), timestamp));
    }
    return timestamp;
  }

  private static void remove(OracleTable table, Predicate<Row> gone) {
    table.deletedSinceCompaction |= table.rows.removeIf(gone);
  }

  private static List<Partition> targets(OracleTable table, String partition, RowBatch batch) {
    Field key = table.schema.partitionKey().orElse(null);
    List<Partition> targets = new ArrayList<>();
    if (key == null) {
      return java.util.Collections.nCopies(batch.size(), table.partition(partition));
    }
    if (!partition.isEmpty() && !partition.equals(PartitionInfo.DEFAULT)) {
      throw OracleState.invalid("the partition key says where rows go");
    }
    List<Partition> all = List.copyOf(table.partitions.values());
    for (int row = 0; row < batch.size(); row++) {
      int hash = required(batch.require(key.name()), row).hashCode();
      targets.add(all.get(Math.floorMod(hash, all.size())));
    }
    return targets;
  }

  @Override
  public MutationResult delete(Caller caller, DeleteRequest request) {
    if (request.filter().isAll()) {
      throw OracleState.invalid("the filter of a delete must not be empty");
    }
    OracleTable table = state.table(caller, request.collection());
    List<String> partitions =
        request.partition().isEmpty() ? List.of() : List.of(request.partition());
    Set<Object> keys = new LinkedHashSet<>();
    List<Partition> named = table.named(partitions);
    for (Row row : latest(passing(table, named, request.filter())).values()) {
      keys.add(row.key());
    }
    long timestamp = state.timestamp();
    table.operation++;
    remove(table, row -> named.contains(row.partition()) && keys.contains(row.key()));
    Column ids = Columns.keys(table.schema.primaryKey().type(), List.copyOf(keys));
    return new MutationResult(ids, 0, keys.size(), 0, timestamp);
  }

  // --- reads ----------------------------------------------------------------------------------

  @Override
  public QueryResult query(Caller caller, QueryRequest request) {
    OracleTable table = state.table(caller, request.collection());
    List<Partition> partitions = loaded(table, request.partitions());
    boolean count = request.outputFields().contains(QueryRequest.COUNT);
    boolean limited = request.limit() != QueryRequest.NO_LIMIT;
    if (count && (limited || request.outputFields().size() > 1)) {
      throw OracleState.invalid("count(*) is asked for alone and without limit");
    }
    if (!count && !limited && request.filter().isAll()) {
      throw OracleState.invalid("a query has a filter or a limit");
    }
    if (limited) {
      checkWindow(request.limit(), request.offset());
    }
    long now = readTimestamp(request.consistency());
    List<Row> rows =
        passing(table, partitions, request.filter()).stream()
            .filter(row -> row.timestamp() <= now)
            .toList();
    String key = table.schema.primaryKey().name();
    if (count) {
      Column number = new Column.Longs(DataType.INT64, new long[] {rows.size()}, null);
      RowBatch batch = new RowBatch(1, Map.of(QueryRequest.COUNT, number));
      return new QueryResult(batch, request.outputFields(), key, now);
    }
    OracleOutput output = OracleOutput.of(table.schema, request.outputFields(), true);
    List<Row> ordered = List.copyOf(latest(rows).values());
    int from = Math.min(Math.max(0, request.offset()), ordered.size());
    long to = limited ? Math.min(ordered.size(), (long) from + request.limit()) : ordered.size();
    return new QueryResult(
        output.batch(table.schema, ordered.subList(from, (int) to)), output.names(), key, now);
  }

  /** A timestamp in the past reads the past, as far as its rows are still there. */
  private long readTimestamp(Consistency consistency) {
    long now = state.timestamp();
    boolean pinned = consistency.level() == Consistency.Level.CUSTOMIZED;
    return pinned && consistency.timestamp() > 0 ? Math.min(consistency.timestamp(), now) : now;
  }

  @Override
  public SearchResult search(Caller caller, SearchRequest request) {
    OracleTable table = state.table(caller, request.collection());
    List<Partition> partitions = loaded(table, request.partitions());
    return new OracleSearch(table, partitions, state.timestamp()).search(request);
  }

  @Override
  public SearchResult hybridSearch(Caller caller, HybridSearchRequest request) {
    OracleTable table = state.table(caller, request.collection());
    List<Partition> partitions = loaded(table, request.partitions());
    return new OracleSearch(table, partitions, state.timestamp()).hybrid(request);
  }

  static void checkWindow(int limit, int offset) {
    if (limit < 1 || offset < 0 || (long) limit + offset > Limits.RESULT_WINDOW_MAX) {
      throw OracleState.invalid(
          "limit %d and offset %d leave the window of %d rows"
              .formatted(limit, offset, Limits.RESULT_WINDOW_MAX));
    }
  }

  static List<Row> passing(OracleTable table, List<Partition> partitions, Filter filter) {
    RowFilter compiled;
    try {
      compiled = RowFilter.of(filter, table.schema);
    } catch (FilterException e) {
      String message = Objects.requireNonNullElse(e.getMessage(), "");
      throw new ElanusException(ErrorCode.INVALID_EXPRESSION, message, e);
    }
    Set<Partition> wanted = new HashSet<>(partitions);
    return table.rows.stream()
        .filter(row -> wanted.contains(row.partition()) && compiled.passes(row.values()))
        .toList();
  }

  /** Ascending by key; where a key was inserted twice, its latest row. */
  private static Map<Object, Row> latest(List<Row> rows) {
    Map<Object, Row> latest = new TreeMap<>(OracleKeys.ORDER);
    rows.forEach(row -> latest.put(row.key(), row));
    return latest;
  }

  private static List<Partition> loaded(OracleTable table, List<String> partitions) {
    if (!table.loaded()) {
      throw new ElanusException(
          ErrorCode.COLLECTION_NOT_LOADED, "collection %s is not loaded".formatted(table.name()));
    }
    for (Partition partition :
        partitions.isEmpty() ? List.<Partition>of() : table.named(partitions)) {
      if (!partition.loaded) {
        throw new ElanusException(
            ErrorCode.PARTITION_NOT_LOADED, "partition %s is not loaded".formatted(partition.name));
      }
    }
    return table.named(partitions).stream().filter(p -> p.loaded).toList();
  }
}
