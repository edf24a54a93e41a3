package io.elanus.testkit.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.info.CollectionSpec;
import io.elanus.model.info.PartitionInfo;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.DeleteRequest;
import io.elanus.model.query.Filter;
import io.elanus.model.query.InsertRequest;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.query.SearchParams;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.query.SearchResult;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import io.elanus.testkit.fixture.Batches;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Random operations on a collection of two databases. After each, something is asked of both; the
 * answers must be the same, refusals included. Of hits with equal scores either may be answered.
 */
public final class RandomWorkload {
  private static final Caller ME = Caller.SYSTEM;
  private static final String NAME = "random";
  private static final int LOGGED_MAX = 30;

  /** Fields and index types that fit them. */
  private static final List<List<String>> SCALAR_INDEXES =
      List.of(
          List.of("n", "INVERTED", "STL_SORT", "BITMAP"),
          List.of("t", "INVERTED", "TRIE", "BITMAP", "STL_SORT"),
          List.of("f", "INVERTED", "STL_SORT"),
          List.of("g", "INVERTED", "STL_SORT"),
          List.of("d", "BITMAP", "AUTOINDEX"),
          List.of("b", "INVERTED", "BITMAP"),
          List.of("a", "INVERTED", "BITMAP"));

  /** Answers all there is in segments as small as here, whatever the index. */
  private static final SearchParams DROPPING = new SearchParams(Map.of("drop_ratio_search", "0.4"));

  private static final SearchParams EXACT = new SearchParams(Map.of("nprobe", "1024"));

  private static final List<DataType> VECTORS =
      List.of(
          DataType.FLOAT_VECTOR,
          DataType.FLOAT16_VECTOR,
          DataType.BFLOAT16_VECTOR,
          DataType.INT8_VECTOR,
          DataType.BINARY_VECTOR);

  private final Random random;

  /** What came later: the other one draws as it always did. */
  private final Random extras;

  private final RandomRows rows;
  private final boolean textKeys;
  private final DataType vectors;
  private final Metric metric;
  private final Database oracle;
  private Database subject;
  private Schema schema;
  private final Deque<String> log = new ArrayDeque<>();
  private final List<String> partitions = new ArrayList<>(List.of(""));
  private int addedFields;

  /**
   * A key may have been inserted twice, and come on two pages: pages know nothing of each other.
   */
  private boolean twins;

  /** How much was done, to show that something was. */
  public record Tally(int writes, int answers, int rowsAnswered, int refusals) {}

  private int writes;
  private int answers;
  private int rowsAnswered;
  private int refusals;

  public RandomWorkload(Database subject, Database oracle, long seed) {
    this.subject = subject;
    this.oracle = oracle;
    this.random = new Random(seed);
    this.rows = new RandomRows(random);
    this.textKeys = random.nextInt(3) == 0;
    this.vectors = VECTORS.get(random.nextInt(VECTORS.size()));
    this.metric = Metric.of(vectors).get(random.nextInt(Metric.of(vectors).size()));
    this.extras = new Random(~seed);
    this.schema = withClusteringKey(RandomRows.schema(NAME, textKeys, vectors));
    IndexSpec index = new IndexSpec("v", "", vectorIndex(), metric, Map.of(), Map.of());
    String sparseType = random.nextBoolean() ? "SPARSE_INVERTED_INDEX" : "AUTOINDEX";
    IndexSpec sparseIndex = new IndexSpec("s", "", sparseType, Metric.IP, Map.of(), Map.of());
    for (Database database : List.of(subject, oracle)) {
      database
          .collections()
          .create(ME, new CollectionSpec(schema, Consistency.Level.BOUNDED, Map.of(), 0, 0));
      database.indexes().create(ME, NAME, index);
      database.indexes().create(ME, NAME, sparseIndex);
      database.collections().load(ME, NAME, List.of());
    }
  }

  /** Mostly one, of any type that can be. */
  private Schema withClusteringKey(Schema plain) {
    List<String> ordered =
        plain.fields().stream().filter(f -> f.type().isOrdered()).map(Field::name).toList();
    String chosen = extras.nextInt(4) == 0 ? "" : ordered.get(extras.nextInt(ordered.size()));
    return plain.withFields(
        plain.fields().stream()
            .map(f -> f.name().equals(chosen) ? f.toBuilder().clusteringKey(true).build() : f)
            .toList(),
        plain.version());
  }

  /** With or without moving rows by the clustering key, which may not be there. */
  private void compact() {
    if (extras.nextBoolean()) {
      both("compact", d -> d.jobs().compact(ME, NAME) >= -1);
    } else {
      both("cluster", d -> d.jobs().cluster(ME, NAME) >= -1);
    }
  }

  /**
   * IVF_FLAT keeps vectors of float32 at unit length under COSINE, whose products differ in the
   * last digit from those of rows that are not indexed yet: pages that a build falls between would
   * overlap.
   */
  private String vectorIndex() {
    List<String> types =
        vectors == DataType.BINARY_VECTOR
            ? List.of("BIN_FLAT", "HNSW", "AUTOINDEX", "BIN_IVF_FLAT")
            : List.of("FLAT", "HNSW", "AUTOINDEX", "IVF_FLAT");
    boolean unit = metric == Metric.COSINE && vectors == DataType.FLOAT_VECTOR;
    return types.get(random.nextInt(unit ? 3 : 4));
  }

  public Tally tally() {
    return new Tally(writes, answers, rowsAnswered, refusals);
  }

  /** The subject was closed and opened again. */
  public void reopened(Database again) {
    subject = again;
    note("reopened");
    compare();
  }

  /** One operation, and a few questions. */
  public void step() {
    try {
      operate();
      for (int i = 0; i < 3; i++) {
        compare();
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("after:\n  " + String.join("\n  ", log) + "\n" + e.getMessage(), e);
    }
  }

  private void note(String operation) {
    log.add(operation);
    if (log.size() > LOGGED_MAX) {
      log.remove();
    }
  }

  /** Something to do to a database. */
  private interface Call<T> {
    T on(Database database);
  }

  /** An answer, or the code of a refusal. */
  private <T> Object outcome(Database database, Call<T> call) {
    try {
      return Objects.requireNonNull(call.on(database));
    } catch (ElanusException e) {
      return e.code();
    }
  }

  private void both(String operation, Call<?> call) {
    note(operation);
    Object expected = outcome(oracle, call);
    Object actual = outcome(subject, call);
    assertThat(actual).as(operation).isEqualTo(expected);
    writes++;
  }

  // --- operations -----------------------------------------------------------------------------

  private void operate() {
    switch (random.nextInt(24)) {
      case 0, 1, 2, 3, 4, 5, 6 -> write(false);
      case 7, 8, 9, 10, 11 -> write(true);
      case 12, 13, 14 -> delete();
      case 15, 16 -> both("flush", d -> d.jobs().flush(ME, NAME).segmentIds().isEmpty() || true);
      case 17 -> compact();
      case 18 -> scalarIndex();
      case 19 -> addField();
      case 20 -> partition();
      case 21 -> loadOrRelease();
      default -> {
        if (random.nextInt(20) == 0) {
          both("truncate", d -> done(() -> d.collections().truncate(ME, NAME)));
        }
      }
    }
  }

  private static boolean done(Runnable action) {
    action.run();
    return true;
  }

  private void write(boolean upsert) {
    int count = 1 + random.nextInt(random.nextInt(4) == 0 ? 150 : 12);
    Map<Object, Map<String, @Nullable Object>> batch = new HashMap<>();
    boolean freshOnly = random.nextInt(10) > 0;
    for (int i = 0; i < count; i++) {
      Object key = rows.key(textKeys);
      batch.put(key, rows.row(key));
    }
    if (!upsert && freshOnly) {
      stored().forEach(batch::remove);
    }
    twins |= !upsert && !freshOnly;
    if (batch.isEmpty()) {
      return;
    }
    String partition = partitions.get(random.nextInt(partitions.size()));
    RowBatch rowBatch = Batches.of(schema, List.copyOf(batch.values()));
    InsertRequest request = new InsertRequest(NAME, partition, rowBatch);
    both(
        "%s %d rows into '%s': %s"
            .formatted(upsert ? "upsert" : "insert", batch.size(), partition, batch.keySet()),
        d -> (upsert ? d.rows().upsert(ME, request) : d.rows().insert(ME, request)).ids().size());
  }

  /** Keys that are there, loaded or not. */
  private Set<Object> stored() {
    Set<Object> keys = new HashSet<>();
    oracle.collections().load(ME, NAME, List.of());
    subject.collections().load(ME, NAME, List.of());
    QueryRequest everyRow =
        new QueryRequest(
            NAME,
            List.of(),
            Filter.of(everything()),
            List.of(),
            QueryRequest.NO_LIMIT,
            0,
            Consistency.STRONG,
            false);
    RowBatch all = oracle.rows().query(ME, everyRow).rows();
    for (int row = 0; row < all.size(); row++) {
      keys.add(Objects.requireNonNull(all.require("id").get(row)));
    }
    return keys;
  }

  private String everything() {
    return textKeys ? "id >= \"\"" : "id >= 0";
  }

  private void delete() {
    Filter filter = RandomFilters.next(random, textKeys);
    String partition = random.nextInt(4) == 0 ? partitions.getLast() : "";
    DeleteRequest request = new DeleteRequest(NAME, partition, filter, Consistency.STRONG);
    both(
        "delete in '%s': %s".formatted(partition, filter),
        d -> d.rows().delete(ME, request).deleteCount());
  }

  private void scalarIndex() {
    List<String> choice = SCALAR_INDEXES.get(random.nextInt(SCALAR_INDEXES.size()));
    String field = choice.getFirst();
    if (random.nextInt(3) == 0) {
      both("drop index on " + field, d -> done(() -> d.indexes().drop(ME, NAME, field)));
      return;
    }
    String type = choice.get(1 + random.nextInt(choice.size() - 1));
    IndexSpec spec = new IndexSpec(field, "", type, null, Map.of(), Map.of());
    both(
        "index %s on %s".formatted(type, field),
        d -> done(() -> d.indexes().create(ME, NAME, spec)));
  }

  private void addField() {
    if (addedFields == 3) {
      return;
    }
    String name = "added" + addedFields++;
    Field.Builder field = Field.named(name, DataType.INT64).nullable(true);
    Field added = random.nextBoolean() ? field.defaultValue(5L).build() : field.build();
    both("add field " + name, d -> done(() -> d.collections().addField(ME, NAME, added)));
    schema = oracle.collections().describe(ME, NAME).schema();
  }

  private void partition() {
    if (partitions.size() > 1 && random.nextInt(3) == 0) {
      String name = partitions.get(1 + random.nextInt(partitions.size() - 1));
      both("release " + name, d -> done(() -> d.collections().release(ME, NAME, List.of(name))));
      both("drop partition " + name, d -> done(() -> d.partitions().drop(ME, NAME, name)));
      partitions.remove(name);
    } else if (partitions.size() < 4) {
      String name = "p" + random.nextInt(4);
      partitions.remove(name);
      partitions.add(name);
      both("create partition " + name, d -> done(() -> d.partitions().create(ME, NAME, name)));
    }
  }

  /** None, which means all; or one or two of them. */
  private List<String> somePartitions() {
    if (random.nextInt(4) > 0 || partitions.size() == 1) {
      return List.of();
    }
    String one = partitions.get(1 + random.nextInt(partitions.size() - 1));
    return random.nextBoolean() ? List.of(one) : List.of(PartitionInfo.DEFAULT, one);
  }

  private void loadOrRelease() {
    String partition = partitions.getLast();
    if (partition.isEmpty()) {
      return;
    }
    List<String> named = List.of(partition);
    if (random.nextBoolean()) {
      both("release " + named, d -> done(() -> d.collections().release(ME, NAME, named)));
    } else {
      both("load " + named, d -> done(() -> d.collections().load(ME, NAME, named)));
    }
  }

  // --- questions ------------------------------------------------------------------------------

  private void compare() {
    answers++;
    switch (random.nextInt(6)) {
      case 0 -> compareCounts();
      case 1, 2 -> compareRows();
      case 3 -> comparePages();
      default -> compareHits();
    }
  }

  private QueryRequest query(Filter filter, List<String> output) {
    return new QueryRequest(
        NAME,
        somePartitions(),
        filter,
        output,
        QueryRequest.NO_LIMIT,
        0,
        Consistency.STRONG,
        false);
  }

  private void compareCounts() {
    Call<Long> rowCount = d -> d.collections().rowCount(ME, NAME);
    assertThat(outcome(subject, rowCount)).as("row count").isEqualTo(outcome(oracle, rowCount));
    Filter filter = RandomFilters.next(random, textKeys);
    QueryRequest request = query(filter, List.of(QueryRequest.COUNT));
    same("count of " + filter, d -> Batches.rows(d.rows().query(ME, request).rows()));
  }

  private void same(String question, Call<?> call) {
    Object expected = outcome(oracle, call);
    assertThat(outcome(subject, call)).as(question).isEqualTo(expected);
    if (expected instanceof List<?> list) {
      rowsAnswered += list.size();
    } else {
      refusals++;
    }
  }

  private void compareRows() {
    Filter filter = RandomFilters.next(random, textKeys);
    List<String> output =
        random.nextBoolean() ? List.of("*") : List.of("n", "t", "x", "j", "a", "d");
    QueryRequest whole = query(filter, output);
    QueryRequest part =
        new QueryRequest(
            NAME,
            somePartitions(),
            filter,
            output,
            1 + random.nextInt(20),
            random.nextInt(30),
            Consistency.STRONG,
            false);
    QueryRequest request = random.nextBoolean() ? whole : part;
    same("rows of " + filter, d -> Batches.rows(d.rows().query(ME, request).rows()));
  }

  private SearchRequest.Builder search(int limit) {
    Filter filter = random.nextBoolean() ? Filter.ALL : RandomFilters.next(random, textKeys);
    SearchRequest.Builder request =
        random.nextInt(3) == 0
            ? SearchRequest.of(NAME, Batches.queries(rows.sparse()), limit)
                .vectorField("s")
                .params(random.nextBoolean() ? SearchParams.NONE : DROPPING)
            : SearchRequest.of(NAME, Batches.vectors(vectors, List.of(rows.vector())), limit)
                .vectorField("v")
                .params(EXACT);
    return request
        .filter(filter)
        .partitions(somePartitions())
        .outputFields(List.of("n", "t", "x", "j", "s"))
        .consistency(Consistency.STRONG);
  }

  /** The oracle is asked for all hits, of which the subject's must be the best. */
  private void compareHits() {
    int limit = 1 + random.nextInt(40);
    SearchRequest.Builder request = search(limit);
    if (random.nextInt(3) == 0) {
      boolean sparse = request.build().vectorField().equals("s");
      float radius =
          switch (metric) {
            case L2 -> 40.5f;
            case IP -> -3.5f;
            case COSINE, JACCARD -> 0.503f;
            case HAMMING -> 3.5f;
            case BM25 -> throw new IllegalStateException("not of vectors: " + metric);
          };
      request.range(new SearchRequest.Range(sparse ? 2.25f : radius, null));
    }
    SearchRequest asked = request.build();
    Object expected = outcome(oracle, d -> d.rows().search(ME, with(asked, 16_384)));
    Object actual = outcome(subject, d -> d.rows().search(ME, asked));
    if (!(expected instanceof SearchResult all)) {
      assertThat(actual).as(asked.toString()).isEqualTo(expected);
      refusals++;
      return;
    }
    assertThat(actual).as(asked.toString()).isInstanceOf(SearchResult.class);
    assertBest(asked.toString(), (SearchResult) actual, all, Math.min(limit, all.scores().length));
  }

  private static SearchRequest with(SearchRequest r, int limit) {
    boolean sparse = r.vectorField().equals("s");
    return SearchRequest.of(r.collection(), r.queries(), limit)
        .vectorField(r.vectorField())
        .params(sparse ? r.params() : SearchParams.NONE)
        .filter(r.filter())
        .partitions(r.partitions())
        .range(r.range())
        .outputFields(r.outputFields())
        .consistency(r.consistency())
        .build();
  }

  private void assertBest(String question, SearchResult actual, SearchResult all, int count) {
    Map<Object, Float> scores = new HashMap<>();
    Map<Object, Map<String, @Nullable Object>> fields = new HashMap<>();
    List<Map<String, @Nullable Object>> shown = Batches.rows(actual.fields());
    List<Map<String, @Nullable Object>> allShown = Batches.rows(all.fields());
    for (int i = 0; i < all.scores().length; i++) {
      Object key = Objects.requireNonNull(all.ids().get(i));
      scores.put(key, all.scores()[i]);
      fields.put(key, allShown.get(i));
    }
    assertThat(actual.scores()).as(question).hasSize(count);
    Set<Object> seen = new HashSet<>();
    for (int i = 0; i < count; i++) {
      Object key = Objects.requireNonNull(actual.ids().get(i));
      assertThat(seen.add(key)).as("%s: key %s once", question, key).isTrue();
      assertThat(scores).as(question).containsKey(key);
      near("%s: score of %s".formatted(question, key), actual.scores()[i], scores.get(key));
      if (!twins) {
        assertThat(shown.get(i)).as("%s: fields of %s", question, key).isEqualTo(fields.get(key));
      }
      near("%s: score of hit %d".formatted(question, i), actual.scores()[i], all.scores()[i]);
    }
    rowsAnswered += count;
  }

  /** Sums of small integers are exact; cosines and shares are not. */
  private void near(String what, float actual, @Nullable Float expected) {
    float tolerance = metric == Metric.COSINE || metric == Metric.JACCARD ? 1e-5f : 0;
    assertThat(Math.abs(actual - Objects.requireNonNull(expected)))
        .as("%s: %s instead of %s", what, actual, expected)
        .isLessThanOrEqualTo(tolerance);
  }

  /** A search iterator over everything; cosines of one value need not be equal floats. */
  private void comparePages() {
    SearchRequest.Builder request = search(16_384);
    SearchRequest whole = request.build();
    Object expected = outcome(oracle, d -> d.rows().search(ME, whole));
    if (!(expected instanceof SearchResult all)) {
      assertThat(outcome(subject, d -> d.rows().search(ME, whole))).isEqualTo(expected);
      refusals++;
      return;
    }
    int size = 5 + random.nextInt(60);
    List<Object> keys = new ArrayList<>();
    SearchRequest.Page page = new SearchRequest.Page(size, null, "");
    while (true) {
      SearchResult found = subject.rows().search(ME, request.iterator(page).build());
      if (found.scores().length == 0) {
        break;
      }
      for (int i = 0; i < found.scores().length; i++) {
        keys.add(Objects.requireNonNull(found.ids().get(i)));
      }
      SearchResult.NextPage next = Objects.requireNonNull(found.page());
      page = new SearchRequest.Page(size, next.lastBound(), next.token());
    }
    Set<Object> wanted = new HashSet<>();
    for (int i = 0; i < all.scores().length; i++) {
      wanted.add(Objects.requireNonNull(all.ids().get(i)));
    }
    if (!twins) {
      assertThat(keys).as("pages of " + whole).doesNotHaveDuplicates();
    }
    assertThat(new HashSet<>(keys)).as("pages of " + whole).isEqualTo(wanted);
    rowsAnswered += keys.size();
  }
}
