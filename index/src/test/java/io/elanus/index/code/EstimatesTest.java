package io.elanus.index.code;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.index.VectorData;
import io.elanus.testkit.fixture.Seeds;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Estimates lie within their slacks, nearly always, and have no bias. */
class EstimatesTest {
  private static final int ROWS = 2_000;
  private static final int[] STARTS = {0, 777, 777, ROWS};

  @ParameterizedTest
  @CsvSource({"32,true", "32,false", "100,true", "100,false", "385,true", "385,false"})
  void holdTheTrueDistance(int width, boolean euclidean) {
    Random random = new Random(Seeds.seed(41));
    try (Arena arena = Arena.ofConfined()) {
      VectorData rows = gaussian(ROWS, width, 1, random, arena);
      VectorData centroids = gaussian(3, width, 0.5f, random, arena);
      int[] order = new int[ROWS];
      for (int i = 0; i < ROWS; i++) {
        order[i] = ROWS - 1 - i;
      }
      PlacedRows placed = new PlacedRows(rows, centroids, STARTS, order, euclidean);
      SignCodes signs = SignCodes.encode(placed, arena, done -> {});
      ByteCodes bytes = ByteCodes.encode(placed, arena, done -> {});
      double outsideSigns = 0;
      double outsideBytes = 0;
      double bias = 0;
      double slack = 0;
      int queries = 20;
      for (int q = 0; q < queries; q++) {
        float[] query = gaussian(1, width, 1, random, arena).vector(0);
        Truth truth = new Truth(placed, query);
        double[] seen = truth.compare(signs.scan(query, true));
        outsideSigns += seen[0];
        bias += seen[1];
        slack += seen[2];
        outsideBytes += truth.compare(bytes.scan(query, true))[0];
      }
      double all = ROWS * queries;
      assertThat(outsideSigns / all).as("signs").isLessThan(0.08);
      assertThat(outsideBytes / all).as("bytes").isLessThan(0.02);
      assertThat(Math.abs(bias)).as("bias beside slack").isLessThan(0.05 * slack);
      // Not because slacks are endless.
      assertThat(slack / all).isLessThan((euclidean ? 6 : 3) * Math.sqrt(width));
    }
  }

  private static VectorData gaussian(
      int count, int width, float scale, Random random, Arena arena) {
    MemorySegment values = arena.allocate(4L * count * width, 64);
    for (int i = 0; i < count * width; i++) {
      values.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian() * scale);
    }
    return new VectorData(values, count, width);
  }

  private record Truth(PlacedRows placed, float[] query) {
    /** Rows outside of their slack; the sum of errors; the sum of slacks. */
    double[] compare(CodeScan scan) {
      float[] estimates = new float[CodeScan.CHUNK];
      float[] slacks = new float[CodeScan.CHUNK];
      double[] seen = new double[3];
      int block = 0;
      for (int list = 0; list < placed.lists(); list++) {
        int start = STARTS[list];
        int end = STARTS[list + 1];
        float[] centroid = placed.centroids().vector(list);
        float distance = (float) Math.sqrt(between(centroid, true));
        float base = (float) between(centroid, placed.euclidean());
        scan.enter(new ListPlace(list, start, block, base, distance));
        for (int first = start; first < end; first += CodeScan.CHUNK) {
          int count = Math.min(CodeScan.CHUNK, end - first);
          scan.estimate(first, count, estimates, slacks);
          for (int i = 0; i < count; i++) {
            float[] row = placed.rows().vector(placed.order()[first + i]);
            double error = estimates[i] - between(row, placed.euclidean());
            seen[0] += Math.abs(error) > slacks[i] ? 1 : 0;
            seen[1] += error;
            seen[2] += slacks[i];
          }
        }
        block += (end - start + 31) / 32;
      }
      return seen;
    }

    private double between(float[] row, boolean euclidean) {
      double sum = 0;
      for (int d = 0; d < row.length; d++) {
        double apart = (double) query[d] - row[d];
        sum += euclidean ? apart * apart : -(double) query[d] * row[d];
      }
      return sum;
    }
  }
}
