package io.elanus.sim.run;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.Filter;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.query.SearchParams;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.query.SearchResult;
import io.elanus.model.rows.RowBatch;
import io.elanus.sim.model.Contents;
import io.elanus.sim.model.Row;
import io.elanus.testkit.fixture.Batches;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Something asked of a collection, which knows whether an answer fits some contents. */
sealed interface Question {
  /** None for all. */
  Set<String> partitions();

  Object ask(Database database, String collection);

  boolean fits(Object answer, Contents contents);

  default boolean allowed(Contents contents) {
    return contents.exists() && contents.mayRead(partitions());
  }

  static Question draw(Random chance, Contents likely, Step.Kind kind) {
    List<String> names = new ArrayList<>(likely.partitions().keySet());
    Set<String> partitions =
        names.isEmpty() || chance.nextInt(3) > 0
            ? Set.of()
            : Set.of(names.get(chance.nextInt(names.size())));
    long bound = chance.nextInt(3) == 0 ? Long.MAX_VALUE : chance.nextInt(21) - 10;
    return switch (kind) {
      case COUNT -> new Count(partitions, bound);
      case SEARCH ->
          new Search(
              partitions,
              vector(chance),
              1 + chance.nextInt(12),
              !Set.of("HNSW", "AUTOINDEX").contains(likely.vectorIndex()));
      default -> new Rows(partitions, bound);
    };
  }

  static List<Float> vector(Random chance) {
    List<Float> vector = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      vector.add((float) (chance.nextInt(17) - 8));
    }
    return vector;
  }

  private static String filter(long bound) {
    return bound == Long.MAX_VALUE ? "id >= 0" : "n < " + bound;
  }

  private static RowBatch query(
      Database database, String collection, Set<String> partitions, long bound, String... output) {
    return database
        .rows()
        .query(
            Caller.SYSTEM,
            new QueryRequest(
                collection,
                List.copyOf(partitions),
                Filter.of(filter(bound)),
                List.of(output),
                QueryRequest.NO_LIMIT,
                0,
                Consistency.STRONG,
                false))
        .rows();
  }

  /** All rows whose number is below a bound. */
  record Rows(Set<String> partitions, long bound) implements Question {
    @Override
    public Object ask(Database database, String collection) {
      TreeMap<Long, Row> found = new TreeMap<>();
      for (Map<String, @Nullable Object> row :
          Batches.rows(query(database, collection, partitions, bound, "n", "t", "v"))) {
        Row before = found.put((Long) Objects.requireNonNull(row.get("id")), row(row));
        if (before != null) {
          return "key %s came twice".formatted(row.get("id"));
        }
      }
      return found;
    }

    /** The partition is not among the fields: it is not compared. */
    static Row row(Map<String, @Nullable Object> values) {
      List<Float> vector = new ArrayList<>();
      for (Object number : (List<?>) Objects.requireNonNull(values.get("v"))) {
        vector.add((Float) number);
      }
      return new Row(
          "", (Long) Objects.requireNonNull(values.get("n")), (String) values.get("t"), vector);
    }

    @Override
    public boolean fits(Object answer, Contents contents) {
      return answer.equals(expected(contents));
    }

    SortedMap<Long, Row> expected(Contents contents) {
      SortedMap<Long, Row> rows = contents.readable(partitions, row -> row.number() < bound);
      TreeMap<Long, Row> plain = new TreeMap<>();
      rows.forEach(
          (key, row) -> plain.put(key, new Row("", row.number(), row.text(), row.vector())));
      return plain;
    }
  }

  /** How many rows have a number below a bound. */
  record Count(Set<String> partitions, long bound) implements Question {
    @Override
    public Object ask(Database database, String collection) {
      RowBatch counted = query(database, collection, partitions, bound, QueryRequest.COUNT);
      return Objects.requireNonNull(counted.require(QueryRequest.COUNT).get(0));
    }

    @Override
    public boolean fits(Object answer, Contents contents) {
      return answer.equals(
          (long) contents.readable(partitions, row -> row.number() < bound).size());
    }
  }

  /**
   * The nearest rows. An approximate index may answer others than the nearest, but as many, each
   * with its true distance, in order, none twice.
   */
  record Search(Set<String> partitions, List<Float> vector, int limit, boolean exact)
      implements Question {
    private static final SearchParams ALL_LISTS = new SearchParams(Map.of("nprobe", "1024"));

    /** Keys and distances, best first. */
    record Hits(List<Long> keys, List<Float> distances) {}

    @Override
    public Object ask(Database database, String collection) {
      SearchResult result =
          database
              .rows()
              .search(
                  Caller.SYSTEM,
                  SearchRequest.of(collection, Batches.queries(Batches.vector(vector)), limit)
                      .vectorField("v")
                      .partitions(List.copyOf(partitions))
                      .params(ALL_LISTS)
                      .consistency(Consistency.STRONG)
                      .build());
      List<Long> keys = new ArrayList<>();
      List<Float> distances = new ArrayList<>();
      for (int i = 0; i < result.scores().length; i++) {
        keys.add((Long) Objects.requireNonNull(result.ids().get(i)));
        distances.add(result.scores()[i]);
      }
      return new Hits(keys, distances);
    }

    @Override
    public boolean fits(Object answer, Contents contents) {
      Hits hits = (Hits) answer;
      SortedMap<Long, Row> rows = contents.readable(partitions, row -> true);
      if (hits.keys.size() != Math.min(limit, rows.size())
          || new HashSet<>(hits.keys).size() != hits.keys.size()) {
        return false;
      }
      float before = 0;
      for (int i = 0; i < hits.keys.size(); i++) {
        Row row = rows.get(hits.keys.get(i));
        float distance = hits.distances.get(i);
        if (row == null || row.distance(vector) != distance || distance < before) {
          return false;
        }
        before = distance;
      }
      List<Float> best =
          rows.values().stream().map(row -> row.distance(vector)).sorted().limit(limit).toList();
      return !exact || best.equals(hits.distances);
    }
  }
}
