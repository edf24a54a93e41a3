package io.elanus.index.ivf;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.index.VectorData;
import io.elanus.index.VectorQuery;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.Metric;
import io.elanus.testkit.fixture.Clustered;
import io.elanus.testkit.race.Mutant;
import io.elanus.testkit.race.Together;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One thread adds rows; whoever sees that a row is there finds it. */
@Timeout(120)
class GrowingListRaceTest {
  private static final int ROWS = 4096;
  private static final int DIM = 64;
  private static final int STEP = 64;
  private static final int ROUNDS = 5;

  /** Answers how many searches missed the newest row, which is what they asked for. */
  static final class Searching implements Callable<Long> {
    private final AtomicLong missed = new AtomicLong();

    @Override
    public Long call() throws Exception {
      Clustered data = Clustered.of(ROWS, DIM, 20, 1, 81);
      try (Arena arena = Arena.ofShared()) {
        MemorySegment values = arena.allocate(4L * ROWS * DIM, 64);
        MemorySegment.copy(data.vectors(), 0, values, ValueLayout.JAVA_FLOAT, 0, ROWS * DIM);
        VectorData rows = new VectorData(values, ROWS, DIM);
        for (int round = 0; round < ROUNDS; round++) {
          Metric metric = round % 2 == 0 ? Metric.L2 : Metric.COSINE;
          GrowingList list = new GrowingList(rows.slice(0, 512), metric, ROWS, arena);
          Together.run(
              2,
              thread -> {
                if (thread == 0) {
                  for (int to = STEP; to <= ROWS; to += STEP) {
                    list.add(rows, to);
                  }
                } else {
                  search(list, rows);
                }
              });
        }
      }
      return missed.get();
    }

    private void search(GrowingList list, VectorData rows) {
      int count = 0;
      while (count < ROWS) {
        count = list.count();
        if (count > 0) {
          VectorQuery query =
              new VectorQuery(
                  rows.vector(count - 1),
                  1,
                  null,
                  count,
                  Float.NEGATIVE_INFINITY,
                  Float.POSITIVE_INFINITY,
                  new SearchParams(Map.of("nprobe", "1")));
          int found = list.open(rows.slice(0, count)).search(query).rows()[0];
          missed.addAndGet(found == count - 1 ? 0 : 1);
        }
      }
    }
  }

  @Test
  void whatIsThereIsFound() throws Exception {
    assertThat(new Searching().call()).isZero();
  }

  @Test
  void theCheckSeesRowsThatAreThereBeforeTheirCodes() throws Exception {
    Mutant early =
        Mutant.of(
            GrowingList.class,
            "codes.append(placed, from);\n    count = to;",
            "count = to;\n    codes.append(placed, from);");
    assertThat(early.isSeenBy(Searching.class)).isTrue();
  }
}
