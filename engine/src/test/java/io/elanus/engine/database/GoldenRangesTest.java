package io.elanus.engine.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.engine.write.WriteConfig;
import io.elanus.model.Caller;
import io.elanus.model.info.SegmentInfo;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Metric;
import io.elanus.testkit.contract.DatabaseUnderTest;
import io.elanus.testkit.contract.OpenCollection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A data folder with the first manifests that have ranges of a clustering key, of each kind: it
 * opens, answers, and leaves out segments. Written by {@code -Dgolden.ranges.write=FILE.zip}.
 */
class GoldenRangesTest {
  private static final Caller ME = Caller.SYSTEM;
  private static final int ROWS = 80;
  private static final WriteConfig SMALL = new WriteConfig(1 << 20, 10_000, 16, 20, 50, 4);
  private static final Map<String, DataType> TYPES =
      Map.of("integers", DataType.INT64, "floats", DataType.DOUBLE, "texts", DataType.VARCHAR);

  @TempDir Path folder;

  private static OpenCollection collection(FolderDatabase database, String name, boolean create) {
    Field key =
        Field.named("n", Objects.requireNonNull(TYPES.get(name)))
            .nullable(true)
            .maxLength(300)
            .clusteringKey(true)
            .build();
    var schema = DatabaseUnderTest.schema(name, false, key);
    return create
        ? OpenCollection.create(database, ME, schema, "FLAT", Metric.L2)
        : new OpenCollection(database, ME, schema);
  }

  private static @Nullable Object value(String name, int id) {
    int place = id * 37 % 100;
    return switch (name) {
      case "integers" -> place == 0 ? null : (Object) (long) place;
      case "floats" -> place / 4.0;
      default -> "ä%02d".formatted(place) + "x".repeat(place);
    };
  }

  private static List<Map<String, @Nullable Object>> rows(String name, int from, int to) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (int id = from; id < to; id++) {
      Map<String, @Nullable Object> row = new HashMap<>();
      row.put("id", (long) id);
      row.put("n", value(name, id));
      row.put("v", List.of((float) id, 1f));
      rows.add(row);
    }
    return rows;
  }

  private void write(Path zip) throws IOException {
    Path made = folder.resolve("made");
    try (FolderDatabase database = FolderDatabase.open(made, SMALL, Runnable::run)) {
      for (String name : TYPES.keySet()) {
        OpenCollection c = collection(database, name, true);
        for (int first = 0; first < ROWS - 10; first += 10) {
          c.insert(rows(name, first, first + 10));
          database.jobs().flush(ME, name);
        }
        database.jobs().cluster(ME, name);
        c.delete("id in [3, 33]");
        database.jobs().flush(ME, name);
        c.insert(rows(name, ROWS - 10, ROWS));
      }
    }
    GoldenFolderTest.zip(made, zip);
  }

  @Test
  void aFolderWithRangesOpensAndLeavesOutSegments() throws IOException {
    String write = System.getProperty("golden.ranges.write");
    if (write != null) {
      write(Path.of(write));
    }
    try (InputStream zip =
        Objects.requireNonNull(GoldenRangesTest.class.getResourceAsStream("/golden/ranges.zip"))) {
      GoldenFolderTest.unzip(zip, folder.resolve("opened"));
    }
    // Nothing runs in the background: a range that was not read could not be found again.
    try (FolderDatabase database =
        FolderDatabase.open(folder.resolve("opened"), SMALL, never -> {})) {
      assertThat(database.local().damaged()).isEmpty();
      for (String name : TYPES.keySet()) {
        OpenCollection c = collection(database, name, false);
        List<SegmentInfo> sealed = new ArrayList<>(database.collections().segments(ME, name));
        sealed.removeIf(segment -> segment.state() == SegmentInfo.State.GROWING);
        assertThat(sealed).as(name).hasSizeBetween(4, 5);
        assertThat(c.count("")).isEqualTo(ROWS - 2);
        Object wanted = Objects.requireNonNull(value(name, 21));
        String literal = wanted instanceof String ? "'" + wanted + "'" : wanted.toString();
        long before = database.local().skippedSegments();
        assertThat(c.keys("n == " + literal)).as(name).contains(21L);
        long skipped = database.local().skippedSegments() - before;
        assertThat(skipped).as(name).isGreaterThanOrEqualTo(3);
        assertThat(c.count("n is null")).isEqualTo(name.equals("integers") ? 1 : 0);
      }
    }
  }
}
