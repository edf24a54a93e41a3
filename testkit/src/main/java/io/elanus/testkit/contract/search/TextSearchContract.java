package io.elanus.testkit.contract.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.Filter;
import io.elanus.model.query.HybridSearchRequest;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.query.Ranker;
import io.elanus.model.query.SearchParams;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.query.SearchResult;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.SparseVector;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import io.elanus.model.schema.SchemaFunction;
import io.elanus.testkit.contract.DatabaseUnderTest;
import io.elanus.testkit.contract.OpenCollection;
import io.elanus.testkit.contract.OpenCollection.Found;
import io.elanus.testkit.fixture.Batches;
import io.elanus.testkit.fixture.Seeds;
import io.elanus.testkit.oracle.OracleDatabase;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Texts searched by texts under BM25: scores by hand, and beside the oracle on random texts. */
public interface TextSearchContract extends DatabaseUnderTest {
  private static Field text(Map<String, String> params) {
    Map<String, String> all = new LinkedHashMap<>(Map.of("enable_analyzer", "true"));
    all.putAll(params);
    return Field.named("t", DataType.VARCHAR)
        .nullable(true)
        .maxLength(1000)
        .typeParams(all)
        .build();
  }

  private static Schema textSchema(String name, Field text, SchemaFunction... functions) {
    Field terms = Field.named("s", DataType.SPARSE_FLOAT_VECTOR).build();
    Schema plain = DatabaseUnderTest.schema(name, true, text, terms);
    return new Schema(name, "", plain.fields(), true, 0, List.of(functions));
  }

  private static SchemaFunction bm25(String input, String output) {
    return new SchemaFunction(
        0, "bm25", "", SchemaFunction.Type.BM25, List.of(input), List.of(output), Map.of());
  }

  private OpenCollection texts(String index, Map<String, String> params) {
    return texts(database(), textSchema("c", text(Map.of()), bm25("t", "s")), index, params);
  }

  private static OpenCollection texts(
      io.elanus.model.Database database, Schema schema, String index, Map<String, String> params) {
    database.collections().create(ME, OpenCollection.spec(schema));
    database
        .indexes()
        .create(ME, "c", new IndexSpec("v", "", "FLAT", Metric.L2, Map.of(), Map.of()));
    database.indexes().create(ME, "c", new IndexSpec("s", "", index, null, params, Map.of()));
    database.collections().load(ME, "c", List.of());
    return new OpenCollection(database, ME, schema);
  }

  private static Map<String, Object> row(long id, String text) {
    return Map.of("id", id, "v", List.of(id, 0), "t", text);
  }

  private static SearchRequest.Builder by(int limit, String... texts) {
    return SearchRequest.of("c", new Column.Strings(texts), limit)
        .vectorField("s")
        .consistency(Consistency.STRONG);
  }

  private static double score(
      double rows, double with, double times, double length, double average, double k1, double b) {
    double rarity = Math.log(1 + (rows - with + 0.5) / (with + 0.5));
    return rarity * times * (k1 + 1) / (times + k1 * (1 - b + b * length / average));
  }

  private static void fill(OpenCollection c) {
    c.insert(
        row(1, "the cat sat on the mat"),
        row(2, "The Dog"),
        row(3, "a cat, a CAT and a dog!"),
        row(4, ""));
  }

  private static void expectScores(OpenCollection c, double k1, double b) {
    // 15 words in 4 texts; cat is in 2 of them, dog in 2.
    double average = 15 / 4.0;
    List<Found> cats = c.search(by(10, "Cat"));
    assertThat(OpenCollection.keysOf(cats)).containsExactly(3L, 1L);
    assertThat((double) cats.get(0).score())
        .isCloseTo(score(4, 2, 2, 7, average, k1, b), within(1e-5));
    assertThat((double) cats.get(1).score())
        .isCloseTo(score(4, 2, 1, 6, average, k1, b), within(1e-5));
    // A word asked for twice counts twice; one that no text has counts nothing.
    List<Found> dogs = c.search(by(10, "dog dog unicorn"));
    assertThat(OpenCollection.keysOf(dogs)).containsExactly(2L, 3L);
    assertThat((double) dogs.getFirst().score())
        .isCloseTo(2 * score(4, 2, 1, 2, average, k1, b), within(1e-5));
    assertThat(c.search(by(10, "unicorn"))).isEmpty();
    assertThat(c.search(by(10, ""))).isEmpty();
  }

  @Test
  default void textsAreRankedByBm25WhereverTheyLie() {
    OpenCollection c = texts("SPARSE_INVERTED_INDEX", Map.of());
    fill(c);
    expectScores(c, 1.2, 0.75);
    database().jobs().flush(ME, "c");
    expectScores(c, 1.2, 0.75);
    reopen();
    expectScores(c.on(database()), 1.2, 0.75);
  }

  @Test
  default void theIndexSaysWhatOccurrencesAndLengthAreWorth() {
    OpenCollection c = texts("AUTOINDEX", Map.of("bm25_k1", "2", "bm25_b", "0.25"));
    fill(c);
    expectScores(c, 2, 0.25);
    database().jobs().flush(ME, "c");
    expectScores(c, 2, 0.25);
    List<Found> cats =
        c.search(by(10, "cat").params(new SearchParams(Map.of("bm25_k1", "0", "bm25_b", "1"))));
    assertThat((double) cats.getFirst().score()).isCloseTo(Math.log(2), within(1e-5));
    assertThat(cats.get(1).score()).isEqualTo(cats.get(0).score());
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            database()
                .indexes()
                .create(
                    ME,
                    "c",
                    new IndexSpec("s", "", "AUTOINDEX", null, Map.of("bm25_k1", "4"), Map.of())));
  }

  @Test
  default void deletedRowsDoNotCountAndGrowingOnesDo() {
    OpenCollection c = texts("SPARSE_INVERTED_INDEX", Map.of());
    fill(c);
    database().jobs().flush(ME, "c");
    c.delete("id in [2, 4]");
    c.insert(row(5, "one more cat"));
    // 16 words in 3 texts.
    List<Found> cats = c.search(by(10, "cat"));
    assertThat(OpenCollection.keysOf(cats)).containsExactly(3L, 5L, 1L);
    assertThat((double) cats.get(1).score())
        .isCloseTo(score(3, 3, 1, 3, 16 / 3.0, 1.2, 0.75), within(1e-5));
    c.upsert(row(5, "one more dog"));
    assertThat(OpenCollection.keysOf(c.search(by(10, "cat")))).containsExactly(3L, 1L);
    // Filters, and what is not asked for, leave scores alone.
    float all = c.search(by(1, "cat")).getFirst().score();
    List<Found> one = c.search(by(10, "cat").filter(Filter.of("id == 3")));
    assertThat(one).hasSize(1);
    assertThat(one.getFirst().score()).isEqualTo(all);
  }

  @Test
  default void whatTheFunctionMakesIsNeitherSentNorSeen() {
    OpenCollection c = texts("SPARSE_INVERTED_INDEX", Map.of());
    fill(c);
    Map<String, @Nullable Object> row = c.query("id == 1", "*").getFirst();
    assertThat(row).doesNotContainKey("s").containsEntry("t", "the cat sat on the mat");
    refused(ErrorCode.INVALID_ARGUMENT, () -> c.query("id == 1", "s"));
    refused(ErrorCode.INVALID_ARGUMENT, () -> c.search(by(1, "cat").outputFields(List.of("s"))));
    Map<String, Object> sent = new LinkedHashMap<>(row(9, "x"));
    sent.put("s", SparseVector.EMPTY);
    refused(ErrorCode.INVALID_ROWS, () -> c.insert(List.of(sent)));
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            c.search(
                SearchRequest.of("c", Batches.queries(Batches.sparse(1, 1)), 1).vectorField("s")));
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            c.search(
                SearchRequest.of("c", new Column.Strings(new String[] {"a"}), 1).vectorField("v")));
    refused(ErrorCode.INVALID_ARGUMENT, () -> c.search(by(1, "cat").metric(Metric.IP)));
    Schema described = database().collections().describe(ME, "c").schema();
    assertThat(described.functions())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.inputs()).containsExactly("t");
              assertThat(f.outputs()).containsExactly("s");
            });
    reopen();
    assertThat(database().collections().describe(ME, "c").schema()).isEqualTo(described);
  }

  @Test
  default void wrongFunctionsAreRefused() {
    Field words = text(Map.of());
    Field plain = Field.named("t", DataType.VARCHAR).maxLength(10).build();
    for (Schema wrong :
        List.of(
            textSchema("c", plain, bm25("t", "s")),
            textSchema("c", words, bm25("t", "v")),
            textSchema("c", words, bm25("id", "s")),
            textSchema("c", words, bm25("nothing", "s")),
            textSchema("c", words, bm25("t", "nothing")),
            textSchema("c", words, bm25("t", "s"), bm25("t", "s")),
            textSchema("c", text(Map.of("enable_analyzer", "maybe"))),
            textSchema("c", text(Map.of("enable_analyzer", "false", "enable_match", "true"))))) {
      refused(
          ErrorCode.INVALID_SCHEMA,
          () -> database().collections().create(ME, OpenCollection.spec(wrong)));
    }
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            texts(
                database(),
                textSchema("c", words, bm25("t", "s")),
                "SPARSE_INVERTED_INDEX",
                Map.of("bm25_b", "2")));
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            database()
                .indexes()
                .create(
                    ME, "c", new IndexSpec("s", "", "AUTOINDEX", Metric.IP, Map.of(), Map.of())));
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            database()
                .collections()
                .alterField(ME, "c", "t", Map.of("analyzer_params", "{}"), java.util.Set.of()));
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            database()
                .collections()
                .alterField(ME, "c", "t", Map.of(), java.util.Set.of("enable_analyzer")));
  }

  @Test
  default void hybridSearchTakesTextsBesideVectors() {
    OpenCollection c = texts("SPARSE_INVERTED_INDEX", Map.of());
    fill(c);
    SearchRequest near = c.nearest(4, 1, 0).vectorField("v").build();
    SearchRequest words = by(4, "dog").build();
    SearchResult fused =
        database()
            .rows()
            .hybridSearch(
                ME,
                new HybridSearchRequest(
                    "c",
                    List.of(),
                    List.of(near, words),
                    new Ranker.Rrf(60),
                    3,
                    0,
                    List.of("t"),
                    Consistency.STRONG,
                    -1));
    List<Found> found = OpenCollection.found(fused);
    assertThat(OpenCollection.keysOf(found)).containsExactly(2L, 3L, 1L);
    assertThat((double) found.getFirst().score()).isCloseTo(1 / 62.0 + 1 / 61.0, within(1e-6));
    assertThat(found.getFirst().row()).containsEntry("t", "The Dog");
  }

  /** The subject's hits are the oracle's, on disk, beside it, and after deletes. */
  @Test
  default void randomTextsScoreAsTheOracleSays() {
    long seed = Seeds.seed(20_261_121);
    Random random = new Random(seed);
    Schema schema =
        textSchema(
            "c",
            text(
                Map.of(
                    "enable_match",
                    "true",
                    "analyzer_params",
                    "{\"tokenizer\": \"standard\", \"filter\": [\"lowercase\", {\"type\": \"stop\", \"stop_words\": [\"w0\"]}]}")),
            bm25("t", "s"));
    OracleDatabase oracle = new OracleDatabase(InstantSource.system());
    List<OpenCollection> both =
        List.of(
            texts(database(), schema, "SPARSE_INVERTED_INDEX", Map.of()),
            texts(oracle, schema, "SPARSE_INVERTED_INDEX", Map.of()));
    long id = 0;
    for (int round = 0; round < 6; round++) {
      List<Map<String, Object>> rows = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        Map<String, Object> row = new LinkedHashMap<>(row(id++, words(random, random.nextInt(12))));
        if (random.nextInt(20) == 0) {
          row.remove("t");
        }
        rows.add(row);
      }
      long gone = random.nextLong(id);
      for (OpenCollection c : both) {
        c.insert(rows);
        c.delete("id in [%d, %d]".formatted(gone, gone + 7));
        c.upsert(row(gone + 1, "w1 w2 w3"));
      }
      if (round % 3 == 1) {
        both.forEach(c -> c.database().jobs().flush(ME, "c"));
      }
      for (int i = 0; i < 10; i++) {
        compare(both, random, "seed " + seed);
      }
    }
  }

  private static String words(Random random, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : random.nextInt(3) == 0 ? ", " : " ");
      // Few words are frequent, many are rare.
      text.append(random.nextBoolean() ? "w" : "W")
          .append((int) Math.pow(random.nextDouble() * 4, 3));
    }
    return text.toString();
  }

  private static void compare(List<OpenCollection> both, Random random, String seed) {
    String query = words(random, 1 + random.nextInt(4));
    String filter =
        switch (random.nextInt(4)) {
          case 0 -> "text_match(t, '%s')".formatted(words(random, 2));
          case 1 ->
              "text_match(t, '%s', minimum_should_match=%d)"
                  .formatted(words(random, 3), 1 + random.nextInt(3));
          case 2 -> "phrase_match(t, '%s', %d)".formatted(words(random, 2), random.nextInt(4));
          default -> "id >= 0";
        };
    filter = random.nextInt(4) == 0 ? "not (" + filter + ")" : filter;
    String what = seed + " query " + query + " filter " + filter;
    SearchRequest.Builder request = by(400, query).filter(Filter.of(filter));
    if (random.nextInt(3) == 0) {
      request.params(new SearchParams(Map.of("drop_ratio_search", "0.4")));
    }
    List<Found> actual = both.getFirst().search(request);
    List<Found> expected = both.getLast().search(request);
    Map<Object, Float> scores = new LinkedHashMap<>();
    expected.forEach(hit -> scores.put(hit.key(), hit.score()));
    assertThat(OpenCollection.keysOf(actual))
        .as(what)
        .containsExactlyInAnyOrderElementsOf(scores.keySet());
    for (Found hit : actual) {
      assertThat(hit.score()).as(what).isCloseTo(scores.get(hit.key()), within(1e-5f));
    }
    QueryRequest all =
        both.getFirst().queryRequest(Filter.of(filter), QueryRequest.NO_LIMIT, 0, List.of());
    List<Column> keys = new ArrayList<>();
    both.forEach(c -> keys.add(c.database().rows().query(ME, all).rows().require("id")));
    assertThat(((Column.Longs) keys.getFirst()).values())
        .as(what)
        .isEqualTo(((Column.Longs) keys.getLast()).values());
  }
}
