package io.elanus.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.schema.Metric;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TruthTest {
  @TempDir Path folder;

  @Test
  void countsWhatWasFoundOnce() {
    int[][] exact = {{1, 2, 3}, {4, 5}};
    assertThat(Truth.recall(exact, new long[][] {{3, 2, 1}, {4, 5}})).isEqualTo(1);
    assertThat(Truth.recall(exact, new long[][] {{1, 1, 1}, {9, 4}})).isEqualTo(0.4);
  }

  @Test
  void findsTheNearestThatPass() {
    DataSet line =
        new DataSet("line", 2, new float[] {0, 0, 1, 0, 2, 0, 3, 0}, new float[] {2.2f, 0});
    assertThat(Truth.exact(line, Metric.L2, 2, BenchCommand.BUCKETS)[0]).containsExactly(2, 3);
    assertThat(Truth.exact(line, Metric.L2, 2, 2)[0]).containsExactly(1, 0);
  }

  @Test
  void readsFvecsAndRefusesOthers() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(3 * 12).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 3; i++) {
      bytes.putInt(2).putFloat(i).putFloat(-i);
    }
    Path file = Files.write(folder.resolve("a.fvecs"), bytes.array());
    DataSet data = DataSet.file(file, 1);
    assertThat(data.vectors()).containsExactly(0, 0, 1, -1);
    assertThat(data.queries()).containsExactly(2, -2);
    DataSet two = DataSet.files(file, file, 2);
    assertThat(two.rows()).isEqualTo(3);
    assertThat(two.queries()).containsExactly(0, 0, 1, -1);
    Path cut = Files.write(folder.resolve("b.fvecs"), java.util.Arrays.copyOf(bytes.array(), 35));
    assertThatThrownBy(() -> DataSet.file(cut, 1)).hasMessageContaining("not a file of fvecs");
  }
}
