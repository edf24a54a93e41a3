package io.elanus.index.ivf;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.index.BuildMonitor;
import io.elanus.index.VectorData;
import io.elanus.index.cluster.Assignment;
import io.elanus.testkit.fixture.Clustered;
import io.elanus.testkit.fixture.Seeds;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Assigning by a graph is as good as looking at every centroid. */
class CentroidGraphTest {
  @Test
  void assignsNearlyEveryRowToItsNearestCentroid() {
    Clustered data = Clustered.of(12_000, 24, 60, 1, Seeds.seed(71));
    try (Arena arena = Arena.ofShared()) {
      MemorySegment values = arena.allocate(4L * data.vectors().length, 64);
      MemorySegment.copy(
          data.vectors(), 0, values, ValueLayout.JAVA_FLOAT, 0, data.vectors().length);
      VectorData rows = new VectorData(values, data.rows(), data.dim());
      VectorData centroids = new VectorData(values, 2_000, data.dim());
      AtomicInteger done = new AtomicInteger();
      int[] found = CentroidGraph.assign(rows, null, centroids, BuildMonitor.NONE, done::set);
      int[] right = Assignment.nearest(rows, null, centroids, progress -> {});
      int same = 0;
      for (int row = 0; row < rows.count(); row++) {
        same += found[row] == right[row] ? 1 : 0;
      }
      assertThat((double) same / rows.count()).isGreaterThan(0.97);
      assertThat(done.get()).isEqualTo(rows.count());
      int[] some = {5, 11_999, 2_000};
      int[] ofSome = CentroidGraph.assign(rows, some, centroids, BuildMonitor.NONE, at -> {});
      assertThat(ofSome).containsExactly(found[5], found[11_999], found[2_000]);
    }
  }

  @Test
  void paysOnlyWhereThereAreThousands() {
    assertThat(CentroidGraph.pays(1_024)).isFalse();
    assertThat(CentroidGraph.pays(65_536)).isTrue();
  }
}
