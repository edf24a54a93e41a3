package io.elanus.testkit.oracle;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.HybridSearchRequest;
import io.elanus.model.query.Ranker;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.query.SearchResult;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.Columns;
import io.elanus.model.rows.SparseVector;
import io.elanus.model.rows.VectorGate;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Limits;
import io.elanus.model.schema.Metric;
import io.elanus.testkit.oracle.OracleTable.Partition;
import io.elanus.testkit.oracle.OracleTable.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Searches that look at every row. Scores are summed in double precision. */
record OracleSearch(OracleTable table, List<Partition> partitions, long timestamp) {

  /** A row and how good it is, in the metric's own convention. */
  private record Scored(Row row, float score) {}

  SearchResult search(SearchRequest request) {
    Field field = checked(request);
    Metric metric = table.metric(field.name());
    SearchRequest.Page page = request.iterator();
    if (page != null) {
      return page(request, page, field, metric);
    }
    List<List<Scored>> perQuery = new ArrayList<>();
    for (int query = 0; query < request.queryCount(); query++) {
      perQuery.add(window(ranked(request, field, query), request.offset(), request.limit()));
    }
    return result(request.limit(), perQuery, request.outputFields(), request.roundDecimal(), null);
  }

  /** Scores beyond the last bound; a run of equal scores stays on one page. */
  private SearchResult page(
      SearchRequest request, SearchRequest.Page page, Field field, Metric metric) {
    Float last = page.lastBound();
    List<Scored> beyond =
        ranked(request, field, 0).stream()
            .filter(s -> last == null || worse(metric, s.score(), last))
            .toList();
    int end = Math.min(beyond.size(), Math.max(1, page.batchSize()));
    while (end < beyond.size() && beyond.get(end).score() == beyond.get(end - 1).score()) {
      end++;
    }
    List<Scored> shown = beyond.subList(0, end);
    float bound = shown.isEmpty() ? (last == null ? 0 : last) : shown.getLast().score();
    String token = page.token().isEmpty() ? "page-" + timestamp : page.token();
    return result(
        request.limit(),
        List.of(shown),
        request.outputFields(),
        request.roundDecimal(),
        new SearchResult.NextPage(token, bound));
  }

  private static boolean worse(Metric metric, float score, float than) {
    return metric.largerIsBetter() ? score < than : score > than;
  }

  SearchResult hybrid(HybridSearchRequest request) {
    OracleRows.checkWindow(request.limit(), request.offset());
    if (request.searches().isEmpty()) {
      throw OracleState.invalid("a hybrid search is made of searches");
    }
    int queries = request.searches().getFirst().queryCount();
    List<Field> fields = new ArrayList<>();
    for (SearchRequest search : request.searches()) {
      if (search.queryCount() != queries || search.iterator() != null) {
        throw OracleState.invalid("the searches of a hybrid search ask as many queries, once");
      }
      fields.add(checked(search));
    }
    checkRanker(request.ranker(), request.searches().size());
    List<List<Scored>> perQuery = new ArrayList<>();
    for (int query = 0; query < queries; query++) {
      List<List<Scored>> lists = new ArrayList<>();
      for (int i = 0; i < fields.size(); i++) {
        SearchRequest search = request.searches().get(i);
        List<Scored> all = ranked(search, fields.get(i), query);
        lists.add(window(all, search.offset(), search.limit()));
      }
      perQuery.add(
          window(fused(lists, fields, request.ranker()), request.offset(), request.limit()));
    }
    return result(request.limit(), perQuery, request.outputFields(), request.roundDecimal(), null);
  }

  private static void checkRanker(Ranker ranker, int searches) {
    boolean fits =
        switch (ranker) {
          case Ranker.Rrf rrf -> rrf.k() > 0 && rrf.k() < 16_384;
          case Ranker.Weighted weighted ->
              weighted.weights().size() == searches
                  && weighted.weights().stream().allMatch(w -> w >= 0 && w <= 1);
        };
    if (!fits) {
      throw OracleState.invalid("the ranker does not fit the searches: " + ranker);
    }
  }

  private List<Scored> fused(List<List<Scored>> lists, List<Field> fields, Ranker ranker) {
    Map<Object, Row> rows = new TreeMap<>(OracleKeys.ORDER);
    Map<Object, Double> sums = new LinkedHashMap<>();
    for (int list = 0; list < lists.size(); list++) {
      Metric metric = table.metric(fields.get(list).name());
      for (int i = 0; i < lists.get(list).size(); i++) {
        Scored hit = lists.get(list).get(i);
        double part =
            switch (ranker) {
              case Ranker.Rrf rrf -> 1 / (rrf.k() + (i + 1));
              case Ranker.Weighted weighted ->
                  weighted.weights().get(list)
                      * normalized(metric, hit.score(), weighted.normalizeScores());
            };
        rows.putIfAbsent(hit.row().key(), hit.row());
        sums.merge(hit.row().key(), part, Double::sum);
      }
    }
    List<Scored> fused = new ArrayList<>();
    rows.forEach(
        (key, row) ->
            fused.add(new Scored(row, (float) (double) Objects.requireNonNull(sums.get(key)))));
    fused.sort(Comparator.comparingDouble(s -> -s.score()));
    return fused;
  }

  /** Distances always, similarities on demand, are mapped to [0, 1]. */
  private static double normalized(Metric metric, double score, boolean normalize) {
    return switch (metric) {
      case L2, HAMMING, JACCARD -> 1 - 2 / Math.PI * Math.atan(score);
      case IP, BM25 -> normalize ? 0.5 + Math.atan(score) / Math.PI : score;
      case COSINE -> normalize ? (1 + score) / 2 : score;
    };
  }

  // --- one query ------------------------------------------------------------------------------

  /** All rows that pass, best first, no key twice. */
  private List<Scored> ranked(SearchRequest request, Field field, int query) {
    Metric metric = table.metric(field.name());
    Measure measure = measure(request, field, query);
    Map<Object, Scored> best = new TreeMap<>(OracleKeys.ORDER);
    for (Row row : OracleRows.passing(table, partitions, request.filter())) {
      float score = measure.of(row);
      Scored scored = new Scored(row, score);
      boolean stranger = field.type() == DataType.SPARSE_FLOAT_VECTOR && !(score > 0);
      if (!stranger && within(request.range(), metric, scored.score())) {
        best.merge(row.key(), scored, (a, b) -> worse(metric, b.score(), a.score()) ? a : b);
      }
    }
    List<Scored> ranked = new ArrayList<>(best.values());
    ranked.sort(Comparator.comparingDouble(s -> metric.largerIsBetter() ? -s.score() : s.score()));
    return ranked;
  }

  /** What a row is worth. */
  private interface Measure {
    float of(Row row);
  }

  private Measure measure(SearchRequest request, Field field, int query) {
    double ratio =
        Double.parseDouble(request.params().values().getOrDefault("drop_ratio_search", "0"));
    if (request.queries() instanceof Column.SparseVectors sparse) {
      Map<Long, Double> wanted =
          OracleVectors.dropped(OracleVectors.entries(sparse.get(query)), ratio);
      return row ->
          OracleVectors.product(wanted, OracleVectors.entries((SparseVector) value(row, field)));
    }
    if (request.queries() instanceof Column.Strings texts) {
      String function = table.schema.functionOf(field.name()).orElseThrow().inputs().getFirst();
      Field text = table.schema.field(function).orElseThrow();
      OracleTable.Index index = table.indexes.get(field.name());
      Map<String, String> params = new LinkedHashMap<>(Map.of("bm25_k1", "1.2", "bm25_b", "0.75"));
      params.putAll(index == null ? Map.of() : index.spec().params());
      params.putAll(request.params().values());
      double k1 = Double.parseDouble(params.get("bm25_k1"));
      double b = Double.parseDouble(params.get("bm25_b"));
      String words = Objects.requireNonNull(texts.values()[query]);
      return new OracleRelevance(table, text, words, k1, b, ratio)::of;
    }
    Metric metric = table.metric(field.name());
    double[] wanted = OracleVectors.numbers((Column.Vectors) request.queries(), query);
    return row ->
        OracleVectors.score(metric, wanted, OracleVectors.numbers(field, value(row, field)));
  }

  private static Object value(Row row, Field field) {
    return Objects.requireNonNull(row.values().get(field.name()));
  }

  private static boolean within(SearchRequest.@Nullable Range range, Metric metric, float score) {
    if (range == null) {
      return true;
    }
    Float filter = range.rangeFilter();
    if (metric.largerIsBetter()) {
      return score > range.radius() && (filter == null || score <= filter);
    }
    return score < range.radius() && (filter == null || score >= filter);
  }

  private static List<Scored> window(List<Scored> all, int offset, int limit) {
    int from = Math.min(offset, all.size());
    return all.subList(from, Math.min(all.size(), from + limit));
  }

  private SearchResult result(
      int limit,
      List<List<Scored>> perQuery,
      List<String> outputFields,
      int roundDecimal,
      SearchResult.@Nullable NextPage next) {
    List<Scored> flat = perQuery.stream().flatMap(List::stream).toList();
    float[] scores = new float[flat.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = rounded(flat.get(i).score(), roundDecimal);
    }
    OracleOutput output = OracleOutput.of(table.schema, outputFields, false);
    Field key = table.schema.primaryKey();
    return new SearchResult(
        limit,
        perQuery.stream().mapToInt(List::size).toArray(),
        Columns.keys(key.type(), flat.stream().map(s -> s.row().key()).toList()),
        scores,
        output.batch(table.schema, flat.stream().map(Scored::row).toList()),
        output.names(),
        key.name(),
        timestamp,
        next);
  }

  private static float rounded(float score, int decimals) {
    double factor = Math.pow(10, decimals);
    return decimals < 0 ? score : (float) (Math.floor(score * factor + 0.5) / factor);
  }

  // --- checks ---------------------------------------------------------------------------------

  private Field checked(SearchRequest request) {
    Field field = vectorField(request.vectorField());
    Metric metric = table.metric(field.name());
    if (request.metric() != null && request.metric() != metric) {
      throw OracleState.invalid(
          "field %s is measured by %s, not %s".formatted(field.name(), metric, request.metric()));
    }
    OracleRows.checkWindow(request.limit(), request.offset());
    int queries = request.queryCount();
    if (queries < 1
        || queries > Limits.RESULT_WINDOW_MAX
        || (request.iterator() != null && queries > 1)) {
      throw OracleState.invalid(queries + " queries cannot be asked at once");
    }
    SearchRequest.Range range = request.range();
    Float filter = range == null ? null : range.rangeFilter();
    if (range != null && filter != null && !worse(metric, range.radius(), filter)) {
      throw OracleState.invalid("nothing lies between %s and %s".formatted(filter, range.radius()));
    }
    VectorGate.checkQueries(field, request.queries(), metric);
    checkEf(request, field);
    checkDropRatio(request, field);
    return field;
  }

  private void checkEf(SearchRequest request, Field field) {
    OracleTable.Index index = table.indexes.get(field.name());
    String ef = request.params().values().getOrDefault("ef", Integer.toString(Integer.MAX_VALUE));
    boolean number = ef.matches("\\d{1,10}");
    if (index != null
        && index.spec().type().equals("HNSW")
        && (!number || Long.parseLong(ef) < request.limit() + request.offset())) {
      throw OracleState.invalid("ef %s is less than the rows wanted".formatted(ef));
    }
  }

  private static void checkDropRatio(SearchRequest request, Field field) {
    String ratio = request.params().values().getOrDefault("drop_ratio_search", "0");
    if (field.type() == DataType.SPARSE_FLOAT_VECTOR && !ratio.matches("0(\\.\\d+)?")) {
      throw OracleState.invalid("drop_ratio_search cannot be " + ratio);
    }
  }

  private Field vectorField(String name) {
    List<Field> vectors = table.schema.vectorFields();
    if (name.isEmpty()) {
      if (vectors.size() > 1) {
        throw OracleState.invalid("say which vector field to search");
      }
      return vectors.getFirst();
    }
    Field field =
        table
            .schema
            .field(name)
            .orElseThrow(
                () ->
                    new ElanusException(
                        ErrorCode.FIELD_NOT_FOUND, "there is no field named " + name));
    if (!field.type().isVector()) {
      throw OracleState.invalid("field %s holds no vectors".formatted(name));
    }
    return field;
  }
}
