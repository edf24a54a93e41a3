package io.elanus.testkit.contract.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionSpec;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.HybridSearchRequest;
import io.elanus.model.query.Ranker;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import io.elanus.testkit.contract.DatabaseUnderTest;
import io.elanus.testkit.contract.OpenCollection;
import io.elanus.testkit.contract.OpenCollection.Found;
import io.elanus.testkit.fixture.Batches;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Vectors of halves, of int8 and of bits do all that those of float32 do. */
public interface VectorTypesContract extends DatabaseUnderTest {
  List<DataType> NUMBERS =
      List.of(DataType.FLOAT16_VECTOR, DataType.BFLOAT16_VECTOR, DataType.INT8_VECTOR);

  private static Schema schema(DataType type) {
    return new Schema(
        "c",
        "",
        List.of(
            Field.named("id", DataType.INT64).primaryKey(true).build(),
            Field.named("n", DataType.INT64).nullable(true).build(),
            Field.named("v", type).dim(8).build()),
        false,
        0);
  }

  private static List<Float> vector(float... first) {
    List<Float> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(i < first.length ? first[i] : 0f);
    }
    return all;
  }

  /** Half of the points sealed, and all of them after a restart. */
  private OpenCollection points(DataType type, String index, Metric metric) {
    if (database().collections().exists(ME, "c")) {
      database().collections().drop(ME, "c");
    }
    OpenCollection c = OpenCollection.create(database(), ME, schema(type), index, metric);
    c.insert(
        Map.of("id", 1, "v", vector(1, 0), "n", 1),
        Map.of("id", 2, "v", vector(1, 1, 1), "n", 2),
        Map.of("id", 3, "v", vector(0, 1), "n", 3));
    database().jobs().flush(ME, "c");
    c.insert(
        Map.of("id", 4, "v", vector(1, 1, 1, 1, 1, 1, 1, 1), "n", 4),
        Map.of("id", 5, "v", vector(1, 1, 0, 0, 0, 0, 0, 1), "n", 5));
    return c;
  }

  private static SearchRequest.Builder search(DataType type, List<Float> query, int limit) {
    return SearchRequest.of("c", Batches.vectors(type, List.of(query)), limit)
        .consistency(Consistency.STRONG)
        .outputFields(List.of("v", "n"));
  }

  private void expect(
      OpenCollection c, SearchRequest.Builder request, List<Object> keys, double... scores) {
    List<Found> found = c.search(request);
    assertThat(OpenCollection.keysOf(found)).isEqualTo(keys);
    for (int i = 0; i < scores.length; i++) {
      assertThat((double) found.get(i).score()).as("score " + i).isCloseTo(scores[i], within(1e-5));
    }
  }

  @Test
  default void numbersOfEveryTypeAreMeasuredByEveryMetric() {
    for (DataType type : NUMBERS) {
      for (String index : List.of("FLAT", "HNSW", "IVF_FLAT", "AUTOINDEX")) {
        List<Float> query = vector(1, 1, 1);
        expect(
            points(type, index, Metric.L2),
            search(type, query, 5),
            List.of(2L, 1L, 3L, 5L, 4L),
            0,
            2,
            2,
            2,
            5);
        expect(points(type, index, Metric.IP), search(type, query, 2), List.of(2L, 4L), 3, 3);
        expect(
            points(type, index, Metric.COSINE),
            search(type, query, 3),
            List.of(2L, 5L, 4L),
            1,
            2 / 3.0,
            3 / Math.sqrt(24));
      }
    }
  }

  @Test
  default void bitsAreCounted() {
    DataType type = DataType.BINARY_VECTOR;
    for (String index : List.of("BIN_FLAT", "BIN_IVF_FLAT", "HNSW", "AUTOINDEX")) {
      OpenCollection c = points(type, index, Metric.HAMMING);
      SearchRequest.Builder all = search(type, vector(1, 1, 1), 5);
      expect(c, all, List.of(2L, 1L, 3L, 5L, 4L), 0, 2, 2, 2, 5);
      // Nearer than the radius, and not nearer than the filter.
      expect(c, all.range(new SearchRequest.Range(5, 2f)), List.of(1L, 3L, 5L));
      c = points(type, index, Metric.JACCARD);
      expect(
          c,
          search(type, vector(1, 1, 1), 5),
          List.of(2L, 5L, 4L, 1L, 3L),
          0,
          0.5,
          0.625,
          2 / 3.0,
          2 / 3.0);
      // Where neither has a bit, nothing is common.
      expect(c, search(type, vector(), 1), List.of(1L), 1);
    }
  }

  @Test
  default void vectorsComeBackAsTheyWereSent() {
    for (DataType type :
        List.of(
            DataType.FLOAT16_VECTOR,
            DataType.BFLOAT16_VECTOR,
            DataType.INT8_VECTOR,
            DataType.BINARY_VECTOR)) {
      OpenCollection c = points(type, "AUTOINDEX", Metric.of(type).getFirst());
      c.upsert(Map.of("id", 2, "v", vector(0, 0, 1, 1), "n", 9));
      c.delete("id == 1");
      for (int round = 0; round < 2; round++) {
        assertThat(c.query("id in [1, 2, 4]", "v", "n"))
            .as("%s", type)
            .isEqualTo(
                List.of(
                    Map.of("id", 2L, "v", vector(0, 0, 1, 1), "n", 9L),
                    Map.of("id", 4L, "v", vector(1, 1, 1, 1, 1, 1, 1, 1), "n", 4L)));
        Found first = c.search(search(type, vector(0, 0, 1, 1), 1)).getFirst();
        assertThat(first.key()).isEqualTo(2L);
        assertThat(first.row().get("v")).isEqualTo(vector(0, 0, 1, 1));
        database().jobs().flush(ME, "c");
        reopen();
        c = c.on(database());
      }
      Field described =
          database().collections().describe(ME, "c").schema().field("v").orElseThrow();
      assertThat(described.type()).isEqualTo(type);
      assertThat(described.dim()).isEqualTo(8);
    }
  }

  @Test
  default void anIteratorGivesEveryRowOfBitsOnce() {
    OpenCollection c =
        OpenCollection.create(
            database(), ME, schema(DataType.BINARY_VECTOR), "BIN_FLAT", Metric.HAMMING);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      float[] bits = new float[8];
      for (int bit = 0; bit < 8; bit++) {
        bits[bit] = i >> bit & 1;
      }
      rows.add(Map.of("id", i, "v", vector(bits)));
    }
    c.insert(rows);
    List<Object> seen = new ArrayList<>();
    SearchRequest.Page page = new SearchRequest.Page(20, null, "");
    while (true) {
      var request = search(DataType.BINARY_VECTOR, vector(1, 1), 20).iterator(page);
      var found = database().rows().search(ME, request.build());
      if (found.scores().length == 0) {
        break;
      }
      for (int i = 0; i < found.scores().length; i++) {
        seen.add(found.ids().get(i));
      }
      var next = Objects.requireNonNull(found.page());
      page = new SearchRequest.Page(20, next.lastBound(), next.token());
    }
    assertThat(seen).hasSize(256).doesNotHaveDuplicates();
  }

  @Test
  default void severalTypesAreSearchedTogether() {
    List<Field> fields = new ArrayList<>();
    fields.add(Field.named("id", DataType.INT64).primaryKey(true).build());
    List<DataType> types =
        List.of(DataType.FLOAT16_VECTOR, DataType.INT8_VECTOR, DataType.BINARY_VECTOR);
    types.forEach(type -> fields.add(Field.named(type.name(), type).dim(8).build()));
    Schema schema = new Schema("c", "", fields, false, 0);
    database()
        .collections()
        .create(ME, new CollectionSpec(schema, Consistency.Level.BOUNDED, Map.of(), 0, 0));
    for (DataType type : types) {
      // No metric named: the first of the type.
      database()
          .indexes()
          .create(ME, "c", new IndexSpec(type.name(), "", "", null, Map.of(), Map.of()));
    }
    database().collections().load(ME, "c", List.of());
    OpenCollection c = new OpenCollection(database(), ME, schema);
    for (int i = 0; i < 8; i++) {
      float[] one = new float[8];
      one[i] = 1;
      one[(i + 1) % 8] = 1;
      List<Float> v = vector(one);
      c.insert(
          Map.of("id", i, types.get(0).name(), v, types.get(1).name(), v, types.get(2).name(), v));
    }
    List<SearchRequest> searches =
        types.stream()
            .map(type -> search(type, vector(0, 0, 1, 1), 3).vectorField(type.name()))
            .map(request -> request.outputFields(List.of()).build())
            .toList();
    var request =
        new HybridSearchRequest(
            "c", List.of(), searches, new Ranker.Rrf(60), 1, 0, List.of(), Consistency.STRONG, -1);
    var found = database().rows().hybridSearch(ME, request);
    assertThat(found.ids().get(0)).isEqualTo(2L);
    assertThat(found.scores()[0]).isCloseTo(3 / 61f, within(1e-6f));
  }

  @Test
  default void whatDoesNotFitIsRefused() {
    for (int dim : new int[] {0, 4, 12, 262_152}) {
      Field v = Field.named("v", DataType.BINARY_VECTOR).dim(dim).build();
      Schema odd = new Schema("odd", "", List.of(schema(v.type()).primaryKey(), v), false, 0);
      refused(
          ErrorCode.INVALID_SCHEMA,
          () -> database().collections().create(ME, OpenCollection.spec(odd)));
    }
    OpenCollection bits = points(DataType.BINARY_VECTOR, "BIN_FLAT", Metric.HAMMING);
    refused(
        ErrorCode.INVALID_ARGUMENT, () -> bits.search(search(DataType.INT8_VECTOR, vector(1), 1)));
    refused(ErrorCode.INVALID_ARGUMENT, () -> bits.search(bits.nearest(1, 1, 1)));
    for (Map.Entry<String, Metric> wrong :
        Map.of("BIN_FLAT", Metric.L2, "FLAT", Metric.HAMMING, "BIN_IVF_FLAT", Metric.COSINE)
            .entrySet()) {
      Schema schema = new Schema("wrong", "", schema(DataType.BINARY_VECTOR).fields(), false, 0);
      refused(
          wrong.getKey().equals("FLAT")
              ? ErrorCode.INDEX_NOT_SUPPORTED
              : ErrorCode.INVALID_ARGUMENT,
          () -> OpenCollection.create(database(), ME, schema, wrong.getKey(), wrong.getValue()));
      database().collections().drop(ME, "wrong");
    }
    OpenCollection halves = points(DataType.FLOAT16_VECTOR, "FLAT", Metric.COSINE);
    refused(ErrorCode.INVALID_ROWS, () -> halves.insert(Map.of("id", 6, "v", vector(1e30f))));
    refused(ErrorCode.INVALID_ROWS, () -> halves.insert(Map.of("id", 6, "v", vector())));
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () -> halves.search(search(DataType.FLOAT16_VECTOR, vector(), 1)));
    Column keys = new Column.Longs(DataType.INT64, new long[] {6}, null);
    Column other = new Column.ByteVectors(DataType.BFLOAT16_VECTOR, 8, new byte[16]);
    refused(
        ErrorCode.INVALID_ROWS,
        () -> halves.insert("", new RowBatch(1, Map.of("id", keys, "v", other))));
    assertThat(halves.count("")).isEqualTo(5);
  }

  @Test
  default void halvesMayBeAskedByFloat32() {
    for (DataType type : List.of(DataType.FLOAT16_VECTOR, DataType.BFLOAT16_VECTOR)) {
      OpenCollection c = points(type, "FLAT", Metric.L2);
      expect(c, search(DataType.FLOAT_VECTOR, vector(1.1f), 1), List.of(1L), 0.01);
    }
  }
}
