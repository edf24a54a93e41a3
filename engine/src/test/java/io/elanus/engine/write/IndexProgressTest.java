package io.elanus.engine.write;

import static io.elanus.engine.write.ShardFixture.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What is said of an index while it is built: nothing is done before it is published. */
class IndexProgressTest {
  private static final long VECTOR_INDEX = 1;
  private static final int ROWS = 40;
  private static final IndexProgress PENDING =
      new IndexProgress(ROWS, 0, ROWS, false, Map.of(), "");
  private static final IndexProgress INDEXED =
      new IndexProgress(ROWS, ROWS, 0, false, Map.of("HNSW", (long) ROWS), "");

  private final Queue<Runnable> background = new ArrayDeque<>();
  private ShardFixture shard = new ShardFixture();

  /** One sealed segment that waits for its indexes. */
  private WritePath sealed(Faults faults) {
    shard.config = new WriteConfig(1 << 20, 1_000, 8, 100_000, 3, 3);
    shard.background = background::add;
    WritePath path = shard.open(faults);
    upsert(path, 0, LongStream.range(0, ROWS).toArray(), 5);
    path.flush();
    return path;
  }

  private void runBackground() {
    for (Runnable task = background.poll(); task != null; task = background.poll()) {
      task.run();
    }
  }

  /** What is said of the vector index before each step on the disk. */
  private record Seen(String step, IndexProgress progress) {}

  private List<Seen> build(WritePath path, Faults faults) {
    List<Seen> seen = new ArrayList<>();
    faults.watch(step -> seen.add(new Seen(step, path.progress(VECTOR_INDEX))));
    runBackground();
    return seen;
  }

  /** Where the index file is committed; the step after it publishes the manifest. */
  private static int commit(List<Seen> seen) {
    for (int i = 0; i < seen.size(); i++) {
      if (seen.get(i).step().endsWith("/index-1.bin")) {
        assertThat(seen.get(i + 1).step()).isEqualTo("put c/manifest");
        return i;
      }
    }
    throw new AssertionError("no index was built: " + seen);
  }

  @Test
  void rowsArePendingUntilTheirIndexIsPublished() {
    Faults faults = Faults.none();
    WritePath path = sealed(faults);
    assertThat(path.progress(VECTOR_INDEX)).isEqualTo(PENDING);
    List<Seen> seen = build(path, faults);
    int commit = commit(seen);
    // Every row has been put into the graph by now.
    assertThat(seen.get(commit).progress())
        .isEqualTo(new IndexProgress(ROWS, 0, ROWS, true, Map.of(), ""));
    assertThat(seen.get(commit + 1).progress()).isEqualTo(PENDING);
    assertThat(path.progress(VECTOR_INDEX)).isEqualTo(INDEXED);
    path.close();
  }

  @Test
  void rowsOfAnIndexThatCouldNotBePublishedArePending() {
    Faults counting = Faults.none();
    WritePath whole = sealed(counting);
    int before = counting.count();
    int publish = before + commit(build(whole, counting)) + 2;
    whole.close();
    background.clear();

    shard = new ShardFixture();
    Faults faults = new Faults(Faults.Kind.FAIL, publish);
    WritePath path = sealed(faults);
    runBackground();
    assertThat(faults.where()).endsWith("put c/manifest");
    assertThat(path.progress(VECTOR_INDEX)).isEqualTo(PENDING);
    path.flush();
    runBackground();
    assertThat(path.progress(VECTOR_INDEX)).isEqualTo(INDEXED);
    path.close();
  }
}
