package io.elanus.bench.race;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data set of 40 points on a line: the truth is known, and so is what a filter leaves of it. */
class InProcessTest {
  private static final int ROWS = 40;

  @TempDir Path folder;

  @Test
  void answersEachLineWithRecallAndCost() throws IOException {
    write(row -> row < 20 ? 99 : 900);
    List<String> lines = run("FLAT", "warm=0 seconds=0\nfilter=10 warm=0 seconds=0\n");
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0))
        .contains("\"event\": \"ready\"", "\"system\": \"line\"", "\"index_bytes\": ");
    assertThat(lines.get(1)).contains("\"filter\": null", "\"recall\": 1.0", "\"queries\": 2,");
    assertThat(lines.get(2)).contains("\"filter\": \"10\"", "\"recall\": 1.0");
  }

  @Test
  void recallCountsWhatIsMissing() throws IOException {
    // The truth file names the first ten rows; a filter that passes only five of them must show.
    write(row -> row < 5 || row >= 20 ? 5 : 900);
    List<String> lines = run("FLAT", "filter=1 warm=0 seconds=0\n");
    assertThat(lines.get(1)).contains("\"recall\": 0.5");
  }

  private List<String> run(String type, String commands) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    InProcess.run(
        new String[] {"--data", folder.toString(), "--type", type, "--name", "line"},
        new BufferedReader(new StringReader(commands)),
        new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** Points 0, 1, 2 … and twice the query 0, whose nearest are the first ten, filtered or not. */
  private void write(java.util.function.IntUnaryOperator label) throws IOException {
    Files.writeString(folder.resolve("meta.properties"), "metric=L2\n");
    ByteBuffer base = bytes(ROWS * 3);
    ByteBuffer labels = bytes(ROWS);
    for (int row = 0; row < ROWS; row++) {
      base.putInt(2).putFloat(row).putFloat(0);
      labels.putInt(label.applyAsInt(row));
    }
    ByteBuffer truth = bytes(2 * 11);
    for (int query = 0; query < 2; query++) {
      truth.putInt(10);
      for (int rank = 0; rank < 10; rank++) {
        truth.putInt(rank);
      }
    }
    ByteBuffer queries = bytes(2 * 3).putInt(2).putFloat(0).putFloat(0);
    queries.putInt(2).putFloat(0).putFloat(0);
    Files.write(folder.resolve("base.fvecs"), base.array());
    Files.write(folder.resolve("labels.i32"), labels.array());
    Files.write(folder.resolve("queries.fvecs"), queries.array());
    for (String name : List.of("truth.ivecs", "truth-10.ivecs", "truth-1.ivecs")) {
      Files.write(folder.resolve(name), truth.array());
    }
  }

  private static ByteBuffer bytes(int numbers) {
    return ByteBuffer.allocate(4 * numbers).order(ByteOrder.LITTLE_ENDIAN);
  }
}
