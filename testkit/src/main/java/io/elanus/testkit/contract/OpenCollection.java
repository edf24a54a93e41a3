package io.elanus.testkit.contract;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.info.CollectionSpec;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.DeleteRequest;
import io.elanus.model.query.Filter;
import io.elanus.model.query.InsertRequest;
import io.elanus.model.query.MutationResult;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.query.SearchResult;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import io.elanus.testkit.fixture.Batches;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A collection as tests hold it: the calls they make most, in few words; all reads are strong. */
public record OpenCollection(Database database, Caller caller, Schema schema) {
  /** A hit; {@code row} holds the output fields. */
  public record Found(Object key, float score, Map<String, @Nullable Object> row) {}

  public static CollectionSpec spec(Schema schema) {
    return new CollectionSpec(schema, Consistency.Level.BOUNDED, Map.of(), 0, 0);
  }

  /** Created, each vector field under an index of this type and metric, and loaded. */
  public static OpenCollection create(
      Database database, Caller caller, Schema schema, String index, Metric metric) {
    database.collections().create(caller, spec(schema));
    for (Field field : schema.vectorFields()) {
      database
          .indexes()
          .create(
              caller,
              schema.name(),
              new IndexSpec(field.name(), "", index, metric, Map.of(), Map.of()));
    }
    database.collections().load(caller, schema.name(), List.of());
    return new OpenCollection(database, caller, schema);
  }

  /** The same collection behind another door. */
  public OpenCollection on(Database other) {
    return new OpenCollection(other, caller, schema);
  }

  /** The same, with the schema it has now. */
  public OpenCollection refreshed() {
    return new OpenCollection(
        database, caller, database.collections().describe(caller, name()).schema());
  }

  public String name() {
    return schema.name();
  }

  @SafeVarargs
  public final MutationResult insert(Map<String, ?>... rows) {
    return insert(List.of(rows));
  }

  public MutationResult insert(List<? extends Map<String, ?>> rows) {
    return insertInto("", rows);
  }

  public MutationResult insertInto(String partition, List<? extends Map<String, ?>> rows) {
    return insert(partition, Batches.of(schema, rows));
  }

  public MutationResult insert(String partition, RowBatch rows) {
    return database.rows().insert(caller, new InsertRequest(name(), partition, rows));
  }

  @SafeVarargs
  public final MutationResult upsert(Map<String, ?>... rows) {
    return upsert(List.of(rows));
  }

  public MutationResult upsert(List<? extends Map<String, ?>> rows) {
    return database.rows().upsert(caller, new InsertRequest(name(), "", Batches.of(schema, rows)));
  }

  public MutationResult delete(String filter) {
    return database
        .rows()
        .delete(caller, new DeleteRequest(name(), "", Filter.of(filter), Consistency.STRONG));
  }

  public QueryRequest queryRequest(Filter filter, int limit, int offset, List<String> output) {
    return new QueryRequest(
        name(), List.of(), filter, output, limit, offset, Consistency.STRONG, false);
  }

  /** All rows that pass, ascending by key. */
  public List<Map<String, @Nullable Object>> query(Filter filter, String... output) {
    QueryRequest request =
        filter.isAll()
            ? queryRequest(filter, 16_384, 0, List.of(output))
            : queryRequest(filter, QueryRequest.NO_LIMIT, 0, List.of(output));
    return Batches.rows(database.rows().query(caller, request).rows());
  }

  public List<Map<String, @Nullable Object>> query(String filter, String... output) {
    return query(Filter.of(filter), output);
  }

  public List<Object> keys(String filter) {
    return keys(Filter.of(filter));
  }

  public List<Object> keys(Filter filter) {
    List<Object> keys = new ArrayList<>();
    query(filter)
        .forEach(row -> keys.add(Objects.requireNonNull(row.get(schema.primaryKey().name()))));
    return keys;
  }

  public long count(String filter) {
    QueryRequest request =
        queryRequest(Filter.of(filter), QueryRequest.NO_LIMIT, 0, List.of(QueryRequest.COUNT));
    RowBatch rows = database.rows().query(caller, request).rows();
    return (Long) Objects.requireNonNull(rows.require(QueryRequest.COUNT).get(0));
  }

  public SearchRequest.Builder nearest(int limit, float... query) {
    return SearchRequest.of(name(), Batches.queries(query), limit).consistency(Consistency.STRONG);
  }

  public List<Found> search(SearchRequest.Builder request) {
    return found(database.rows().search(caller, request.build()));
  }

  /** The hits of all queries, one after the other. */
  public static List<Found> found(SearchResult result) {
    List<Map<String, @Nullable Object>> rows = Batches.rows(result.fields());
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < result.scores().length; i++) {
      found.add(
          new Found(Objects.requireNonNull(result.ids().get(i)), result.scores()[i], rows.get(i)));
    }
    return found;
  }

  public static List<Object> keysOf(List<Found> found) {
    return found.stream().map(Found::key).toList();
  }
}
