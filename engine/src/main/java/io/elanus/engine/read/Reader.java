package io.elanus.engine.read;

import io.elanus.engine.filter.CompiledFilter;
import io.elanus.engine.filter.Filters;
import io.elanus.engine.segment.Snapshot;
import io.elanus.index.QueryVector;
import io.elanus.model.query.Filter;
import io.elanus.model.query.HybridSearchRequest;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.query.QueryResult;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.query.SearchResult;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Answers queries and searches over one snapshot of a shard.
 *
 * @param schema of the collection
 * @param metricOf the metric a vector field is searched under
 * @param exactly whether a vector field is searched by measuring all rows, as FLAT promises
 * @param texts turns texts that are searched for into terms
 * @param partitions ids the request is limited to; empty for all
 * @param oldestTimestamp of rows that have not outlived their time to live, 0 for no such limit
 * @param skipped told of each segment that its range of the clustering key rules out
 * @param threads for searches that are worth more than one
 */
public record Reader(
    Schema schema,
    Function<Field, Metric> metricOf,
    Predicate<Field> exactly,
    TextQueries texts,
    Set<Long> partitions,
    long oldestTimestamp,
    Runnable skipped,
    ExecutorService threads) {

  // --- query ----------------------------------------------------------------------------------

  /** Rows by filter, ascending by key; or their number. */
  public QueryResult query(Snapshot snapshot, QueryRequest request) {
    long timestamp = readTimestamp(snapshot, request.consistency());
    Scope scope = scope(request.filter(), timestamp, request.ignoreGrowing());
    boolean count = request.outputFields().equals(List.of(QueryRequest.COUNT));
    String key = schema.primaryKey().name();
    if (count) {
      long rows = scope.parts(snapshot).stream().mapToLong(Scope.Part::count).sum();
      Column column = new Column.Longs(DataType.INT64, new long[] {rows}, null);
      RowBatch batch = new RowBatch(1, Map.of(QueryRequest.COUNT, column));
      return new QueryResult(batch, request.outputFields(), key, timestamp);
    }
    OutputFields output = OutputFields.of(schema, request.outputFields(), true);
    int limit = request.limit() == QueryRequest.NO_LIMIT ? Integer.MAX_VALUE : request.limit();
    List<Hit> hits =
        new KeyScan(scope.parts(snapshot), schema.primaryKey()).take(request.offset(), limit);
    RowBatch batch = new Fetch(hits).batch(schema, output);
    return new QueryResult(batch, output.names(), key, timestamp);
  }

  /** The keys of all rows that pass a filter. */
  public Column keys(Snapshot snapshot, Filter filter) {
    Scope scope = scope(filter, snapshot.timestamp(), false);
    List<Hit> hits =
        new KeyScan(scope.parts(snapshot), schema.primaryKey()).take(0, Integer.MAX_VALUE);
    return new Fetch(hits).column(schema.primaryKey());
  }

  // --- search ---------------------------------------------------------------------------------

  /** Nearest rows of every query vector. */
  public SearchResult search(Snapshot snapshot, Field vectorField, SearchRequest request) {
    long timestamp = readTimestamp(snapshot, request.consistency());
    OutputFields output = OutputFields.of(schema, request.outputFields(), false);
    Metric metric = metricOf.apply(vectorField);
    VectorScan scan = scan(snapshot, vectorField, request, metric, timestamp);
    List<QueryVector> queries = queries(snapshot, vectorField, request, timestamp);
    if (request.iterator() != null) {
      return page(scan, queries.getFirst(), request, output, metric, timestamp);
    }
    List<List<Hit>> perQuery = new ArrayList<>();
    for (List<Hit> hits : nearest(scan, queries, request.limit() + request.offset())) {
      perQuery.add(hits.subList(Math.min(request.offset(), hits.size()), hits.size()));
    }
    Rounding rounding = new Rounding(request.roundDecimal());
    return result(
        request.limit(), perQuery, output, d -> rounding.of(metric.score(d)), timestamp, null);
  }

  /** Several searches over the same snapshot, fused. */
  public SearchResult hybrid(
      Snapshot snapshot, List<Field> vectorFields, HybridSearchRequest request) {
    long timestamp = readTimestamp(snapshot, request.consistency());
    OutputFields output = OutputFields.of(schema, request.outputFields(), false);
    int queries = request.searches().getFirst().queryCount();
    List<List<Fusion.Ranked>> lists = new ArrayList<>();
    for (int q = 0; q < queries; q++) {
      lists.add(new ArrayList<>());
    }
    for (int i = 0; i < request.searches().size(); i++) {
      SearchRequest search = request.searches().get(i);
      Metric metric = metricOf.apply(vectorFields.get(i));
      VectorScan scan = scan(snapshot, vectorFields.get(i), search, metric, timestamp);
      List<QueryVector> asked = queries(snapshot, vectorFields.get(i), search, timestamp);
      List<List<Hit>> found = nearest(scan, asked, search.limit() + search.offset());
      for (int q = 0; q < queries; q++) {
        List<Hit> hits = found.get(q);
        List<Hit> shown = hits.subList(Math.min(search.offset(), hits.size()), hits.size());
        lists.get(q).add(new Fusion.Ranked(shown, metric));
      }
    }
    List<List<Hit>> perQuery = new ArrayList<>();
    for (List<Fusion.Ranked> ranked : lists) {
      List<Hit> fused = Fusion.fuse(ranked, request.ranker());
      int from = Math.min(request.offset(), fused.size());
      perQuery.add(fused.subList(from, Math.min(fused.size(), from + request.limit())));
    }
    Rounding rounding = new Rounding(request.roundDecimal());
    return result(request.limit(), perQuery, output, d -> rounding.of(-d), timestamp, null);
  }

  private VectorScan scan(
      Snapshot snapshot, Field vectorField, SearchRequest request, Metric metric, long timestamp) {
    Scope scope = scope(request.filter(), timestamp, request.ignoreGrowing());
    float min = Float.NEGATIVE_INFINITY;
    float max = Float.POSITIVE_INFINITY;
    SearchRequest.Range range = request.range();
    if (range != null) {
      max = metric.distance(range.radius());
      Float near = range.rangeFilter();
      min = near == null ? min : metric.distance(near);
    }
    SearchRequest.Page page = request.iterator();
    Float last = page == null ? null : page.lastBound();
    if (last != null) {
      min = Math.max(min, Math.nextUp(metric.distance(last)));
    }
    return new VectorScan(
        scope.parts(snapshot),
        schema.primaryKey(),
        vectorField,
        metric,
        request.params(),
        min,
        max,
        exactly.test(vectorField));
  }

  /** Many queries share the threads by query, a single one by segment. */
  private List<List<Hit>> nearest(VectorScan scan, List<QueryVector> queries, int limit) {
    if (queries.size() == 1) {
      return List.of(scan.nearest(queries.getFirst(), limit, threads));
    }
    List<Callable<List<Hit>>> tasks = new ArrayList<>();
    for (QueryVector vector : queries) {
      tasks.add(() -> scan.nearest(vector, limit, new SameThread()));
    }
    return Parallel.batch(threads, tasks);
  }

  private List<QueryVector> queries(
      Snapshot snapshot, Field vectorField, SearchRequest request, long timestamp) {
    if (request.queries() instanceof Column.Strings) {
      return texts.terms(snapshot, vectorField, request, timestamp, oldestTimestamp);
    }
    List<QueryVector> queries = new ArrayList<>(request.queryCount());
    for (int query = 0; query < request.queryCount(); query++) {
      queries.add(QueryVector.of((Column.Vectors) request.queries(), query));
    }
    return queries;
  }

  /**
   * A page of an iterator. It never ends within a run of equal distances, since the next page
   * starts strictly beyond its last one.
   */
  private SearchResult page(
      VectorScan scan,
      QueryVector query,
      SearchRequest request,
      OutputFields output,
      Metric metric,
      long timestamp) {
    SearchRequest.Page page = java.util.Objects.requireNonNull(request.iterator());
    int wanted = Math.max(1, page.batchSize());
    int asked = wanted + 1;
    List<Hit> hits = scan.nearest(query, asked, threads);
    while (hits.size() == asked && runStart(hits) == 0) {
      asked *= 2;
      hits = scan.nearest(query, asked, threads);
    }
    int end = hits.size() == asked ? runStart(hits) : hits.size();
    List<Hit> shown = hits.subList(0, end);
    Float before = page.lastBound();
    float last =
        shown.isEmpty() ? (before == null ? 0 : before) : metric.score(shown.getLast().distance());
    String token = page.token().isEmpty() ? "page-" + timestamp : page.token();
    return result(
        request.limit(),
        List.of(shown),
        output,
        metric::score,
        timestamp,
        new SearchResult.NextPage(token, last));
  }

  /** Where the run of distances equal to the last one begins. */
  private static int runStart(List<Hit> hits) {
    int at = hits.size() - 1;
    while (at > 0 && hits.get(at - 1).distance() == hits.getLast().distance()) {
      at--;
    }
    return at;
  }

  private interface Score {
    float of(float distance);
  }

  private SearchResult result(
      int limit,
      List<List<Hit>> perQuery,
      OutputFields output,
      Score score,
      long timestamp,
      SearchResult.@Nullable NextPage next) {
    List<Hit> flat = new ArrayList<>();
    int[] counts = new int[perQuery.size()];
    for (int q = 0; q < counts.length; q++) {
      counts[q] = perQuery.get(q).size();
      flat.addAll(perQuery.get(q));
    }
    float[] scores = new float[flat.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = score.of(flat.get(i).distance());
    }
    Fetch fetch = new Fetch(flat);
    return new SearchResult(
        limit,
        counts,
        fetch.column(schema.primaryKey()),
        scores,
        fetch.batch(schema, output),
        output.names(),
        schema.primaryKey().name(),
        timestamp,
        next);
  }

  // --- shared ---------------------------------------------------------------------------------

  private Scope scope(Filter filter, long timestamp, boolean ignoreGrowing) {
    CompiledFilter compiled = Filters.compile(filter, schema);
    return new Scope(compiled, partitions, timestamp, oldestTimestamp, ignoreGrowing, skipped);
  }

  /**
   * The snapshot holds every acknowledged write, which is what all levels ask for at least. A
   * timestamp of the caller's own in the past reads the past: iterators pin their pages to it.
   */
  private static long readTimestamp(
      Snapshot snapshot, io.elanus.model.query.Consistency consistency) {
    boolean pinned =
        consistency.level() == io.elanus.model.query.Consistency.Level.CUSTOMIZED
            && consistency.timestamp() > 0;
    return pinned ? Math.min(consistency.timestamp(), snapshot.timestamp()) : snapshot.timestamp();
  }
}
