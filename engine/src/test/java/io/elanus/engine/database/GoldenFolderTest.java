package io.elanus.engine.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.engine.write.WriteConfig;
import io.elanus.model.Caller;
import io.elanus.model.info.CollectionSpec;
import io.elanus.model.info.SegmentInfo;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.DeleteRequest;
import io.elanus.model.query.Filter;
import io.elanus.model.query.InsertRequest;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.query.SearchParams;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.query.SearchResult;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import io.elanus.testkit.fixture.Batches;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Data folders as earlier builds wrote them, with a collection per kind of index, deletions and
 * rows that are only in the log: they open and answer. A new version of any format gets a folder of
 * its own beside these, written by {@code -Dgolden.write=FILE.zip}; those that are here stay.
 */
class GoldenFolderTest {
  private static final Caller ME = Caller.SYSTEM;
  private static final int DIM = 16;
  private static final int SEALED_ROWS = 64;
  private static final int ROWS = 80;
  private static final int DELETED = 5;
  private static final WriteConfig SMALL = new WriteConfig(1 << 20, 10_000, 16, 100_000, 4, 4);

  private static final List<String> FLOATS =
      List.of(
          "FLAT",
          "IVF_FLAT",
          "IVF_SQ8",
          "IVF_RABITQ",
          "IVF_PQ",
          "SCANN",
          "IVF_HNSW",
          "HNSW",
          "HNSW_SQ",
          "HNSW_PQ",
          "HNSW_PRQ",
          "DISKANN",
          "QG");
  private static final List<String> BITS = List.of("BIN_FLAT", "BIN_IVF_FLAT");
  private static final List<String> SPARSE = List.of("SPARSE_INVERTED_INDEX", "SPARSE_WAND");
  private static final Map<String, String> SCALARS =
      Map.of("n", "INVERTED", "small", "BITMAP", "ratio", "STL_SORT", "word", "Trie");

  @TempDir Path folder;

  @Test
  void aFolderOfTheFirstFormatsOpensAndAnswers() throws IOException {
    String write = System.getProperty("golden.write");
    if (write != null) {
      write(Path.of(write));
    }
    try (InputStream zip =
        Objects.requireNonNull(GoldenFolderTest.class.getResourceAsStream("/golden/first.zip"))) {
      unzip(zip, folder.resolve("opened"));
    }
    // Nothing runs in the background: an index that did not open could not be built again.
    try (FolderDatabase database =
        FolderDatabase.open(folder.resolve("opened"), SMALL, never -> {})) {
      assertThat(database.local().damaged()).isEmpty();
      int searched = 0;
      for (String type : FLOATS) {
        searched += check(database, type, DataType.FLOAT_VECTOR);
      }
      for (String type : BITS) {
        searched += check(database, type, DataType.BINARY_VECTOR);
      }
      for (String type : SPARSE) {
        searched += check(database, type, DataType.SPARSE_FLOAT_VECTOR);
      }
      assertThat(searched).isEqualTo(FLOATS.size() + BITS.size() + SPARSE.size());
    }
  }

  private int check(FolderDatabase database, String type, DataType vectors) {
    List<SegmentInfo> sealed = new ArrayList<>(database.collections().segments(ME, type));
    sealed.removeIf(segment -> segment.state() == SegmentInfo.State.GROWING);
    assertThat(sealed)
        .as(type)
        .hasSize(2)
        .anyMatch(
            segment ->
                segment.rowCount() >= SEALED_ROWS - DELETED
                    && segment.state() == SegmentInfo.State.INDEXED);
    QueryRequest all =
        new QueryRequest(
            type,
            List.of(),
            Filter.of("n >= 0 and small < 3 and ratio >= 0.0 and word like \"w%\""),
            List.of("n", "small", "ratio", "word"),
            QueryRequest.NO_LIMIT,
            0,
            Consistency.STRONG,
            false);
    List<Map<String, Object>> expected = new ArrayList<>();
    for (int i = DELETED; i < ROWS; i++) {
      Map<String, Object> row = new LinkedHashMap<>(row(i, vectors));
      row.remove("v");
      expected.add(row);
    }
    List<? extends Map<String, ?>> found = Batches.rows(database.rows().query(ME, all).rows());
    assertThat(found).as(type).hasSize(expected.size());
    for (int i = 0; i < expected.size(); i++) {
      assertThat(found.get(i).get("id")).isEqualTo(expected.get(i).get("id"));
      assertThat(found.get(i).get("word")).isEqualTo(expected.get(i).get("word"));
      assertThat(found.get(i).get("ratio")).isEqualTo(expected.get(i).get("ratio"));
    }
    for (int wanted : new int[] {10, 33, 63, 70}) {
      Column.Vectors query =
          (Column.Vectors) batch(List.of(row(wanted, vectors)), vectors).column("v").orElseThrow();
      SearchRequest request =
          SearchRequest.of(type, query, 10)
              .consistency(Consistency.STRONG)
              .params(SearchParams.NONE)
              .build();
      SearchResult result = database.rows().search(ME, request);
      assertThat(((Column.Longs) result.ids()).values())
          .as("%s, row %d", type, wanted)
          .contains(wanted);
    }
    return 1;
  }

  private static Schema schema(String name, DataType vectors) {
    Field.Builder v = Field.named("v", vectors);
    return new Schema(
        name,
        "",
        List.of(
            Field.named("id", DataType.INT64).primaryKey(true).build(),
            Field.named("n", DataType.INT64).build(),
            Field.named("small", DataType.INT8).build(),
            Field.named("ratio", DataType.DOUBLE).build(),
            Field.named("word", DataType.VARCHAR).maxLength(20).build(),
            vectors == DataType.SPARSE_FLOAT_VECTOR ? v.build() : v.dim(DIM).build()),
        false,
        0);
  }

  private static Map<String, Object> row(int i, DataType vectors) {
    SplittableRandom random = new SplittableRandom(i);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", (long) i);
    row.put("n", (long) i * 3);
    row.put("small", (long) i % 3);
    row.put("ratio", i / 8.0);
    row.put("word", "w" + i);
    Object v =
        switch (vectors) {
          case SPARSE_FLOAT_VECTOR ->
              Batches.sparse(i, 2 + random.nextDouble(), 100 + i, 3, 999, 1);
          case BINARY_VECTOR -> random.ints(DIM, 0, 2).boxed().toList();
          default -> random.doubles(DIM, -1, 1).boxed().toList();
        };
    row.put("v", v);
    return row;
  }

  private static RowBatch batch(List<Map<String, Object>> rows, DataType vectors) {
    return Batches.of(schema("x", vectors), rows);
  }

  // --- writing ----------------------------------------------------------------------------------

  private void write(Path zip) throws IOException {
    Path made = folder.resolve("made");
    try (FolderDatabase database = FolderDatabase.open(made, SMALL, Runnable::run)) {
      FLOATS.forEach(type -> fill(database, type, DataType.FLOAT_VECTOR, Metric.L2));
      BITS.forEach(type -> fill(database, type, DataType.BINARY_VECTOR, Metric.HAMMING));
      SPARSE.forEach(type -> fill(database, type, DataType.SPARSE_FLOAT_VECTOR, Metric.IP));
    }
    zip(made, zip);
  }

  static void zip(Path made, Path zip) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip));
        Stream<Path> files = Files.walk(made)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        out.putNextEntry(new ZipEntry(made.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
  }

  private static void fill(FolderDatabase database, String type, DataType vectors, Metric metric) {
    database
        .collections()
        .create(
            ME,
            new CollectionSpec(schema(type, vectors), Consistency.Level.STRONG, Map.of(), 0, 0));
    Map<String, String> params =
        type.endsWith("PQ") || type.endsWith("PRQ") ? Map.of("m", "4") : Map.of();
    database.indexes().create(ME, type, new IndexSpec("v", "", type, metric, params, Map.of()));
    SCALARS.forEach(
        (field, index) ->
            database
                .indexes()
                .create(ME, type, new IndexSpec(field, "", index, null, Map.of(), Map.of())));
    database.collections().load(ME, type, List.of());
    insert(database, type, vectors, 0, SEALED_ROWS);
    database.jobs().flush(ME, type);
    Filter some = Filter.of("id < " + DELETED);
    database.rows().delete(ME, new DeleteRequest(type, "", some, Consistency.STRONG));
    // Publishing a second segment, too small for an index, writes the delete file of the first.
    insert(database, type, vectors, SEALED_ROWS, SEALED_ROWS + 8);
    database.jobs().flush(ME, type);
    insert(database, type, vectors, SEALED_ROWS + 8, ROWS);
  }

  private static void insert(
      FolderDatabase database, String name, DataType vectors, int from, int to) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = from; i < to; i++) {
      rows.add(row(i, vectors));
    }
    database.rows().insert(ME, new InsertRequest(name, "", batch(rows, vectors)));
  }

  static void unzip(InputStream from, Path to) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(from)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = to.resolve(entry.getName());
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.copy(zip, file);
      }
    }
  }
}
