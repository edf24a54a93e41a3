package io.elanus.engine.write;

import static io.elanus.engine.write.ShardFixture.VECTOR;
import static io.elanus.engine.write.ShardFixture.delete;
import static io.elanus.engine.write.ShardFixture.read;
import static io.elanus.engine.write.ShardFixture.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.engine.segment.SealedSegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What is merged when, and what searches meet meanwhile. */
class BackgroundTest {
  private final Queue<Runnable> background = new ArrayDeque<>();
  private final ShardFixture shard = new ShardFixture();

  private void runBackground() {
    for (Runnable task = background.poll(); task != null; task = background.poll()) {
      task.run();
    }
  }

  private WritePath open(Faults faults, int mergeFanIn) {
    shard.config = new WriteConfig(1 << 20, 1_000, 8, 100_000, mergeFanIn, 3);
    shard.background = background::add;
    WritePath path = shard.open(faults);
    runBackground();
    return path;
  }

  private void seal(WritePath path, long first, int rows) {
    upsert(path, 0, LongStream.range(first, first + rows).toArray(), 5);
    path.flush();
  }

  private static List<Long> sizes(WritePath path) {
    return path.segments().stream().map(SegmentView::rowCount).sorted().toList();
  }

  @Test
  void whatHadAnIndexHasOneThroughoutAMerge() {
    Faults faults = Faults.none();
    WritePath path = open(faults, 3);
    for (int i = 0; i < 3; i++) {
      seal(path, 100L * i, 20);
      if (i < 2) {
        runBackground();
      }
    }
    assertThat(sizes(path)).containsExactly(20L, 20L, 20L);
    List<Long> unindexed = new ArrayList<>();
    faults.watch(step -> unindexed.add(path.progress(1).pendingRows()));
    runBackground();
    assertThat(sizes(path)).containsExactly(60L);
    assertThat(path.progress(1).pendingRows()).isZero();
    // The segment that was sealed last never had one.
    assertThat(unindexed).isNotEmpty().allMatch(rows -> rows <= 20);
    assertThat(path.state().sealed().getFirst().vectorIndex(VECTOR)).isNotNull();
    assertThat(read(path)).hasSize(60);
    path.close();
  }

  @Test
  void deletesThatComeWhileAMergedSegmentIsIndexedAreKept() {
    Faults faults = Faults.none();
    WritePath path = open(faults, 2);
    seal(path, 0, 20);
    runBackground();
    seal(path, 100, 20);
    boolean[] deleted = {false};
    faults.watch(
        step -> {
          if (step.endsWith("/index-1.bin") && !deleted[0]) {
            deleted[0] = true;
            delete(path, 3, 104);
          }
        });
    runBackground();
    assertThat(deleted[0]).isTrue();
    assertThat(sizes(path)).containsExactly(40L);
    assertThat(read(path)).hasSize(38).doesNotContainKeys(3L, 104L);
    path.close();
    assertThat(read(shard.open(Faults.none()))).hasSize(38).doesNotContainKeys(3L, 104L);
  }

  @Test
  void segmentsThatWaitForAnIndexGetOneTogether() {
    WritePath path = open(Faults.none(), 100);
    seal(path, 0, 30);
    seal(path, 100, 10);
    runBackground();
    assertThat(sizes(path)).containsExactly(40L);
    seal(path, 200, 10);
    runBackground();
    assertThat(sizes(path)).containsExactly(10L, 40L);
    path.close();
  }

  @Test
  void smallSegmentsAreMergedWhenNothingIsWritten() {
    WritePath path = open(Faults.none(), 100);
    for (int rows : new int[] {64, 6, 9}) {
      seal(path, 1_000L * rows, rows);
      runBackground();
    }
    assertThat(sizes(path)).containsExactly(6L, 9L, 64L);
    path.tick(0);
    runBackground();
    assertThat(sizes(path)).as("written since the last tick").hasSize(3);
    path.tick(0);
    runBackground();
    assertThat(sizes(path)).containsExactly(79L);
    assertThat(path.progress(1).pendingRows()).isZero();
    seal(path, 900_000, 8);
    path.tick(0);
    path.tick(0);
    runBackground();
    assertThat(sizes(path)).as("too few to rewrite the others for").containsExactly(8L, 79L);
    path.close();
  }

  @Test
  void rowsPastTheirTimeGo() {
    WritePath path = open(Faults.none(), 100);
    seal(path, 0, 20);
    runBackground();
    long between = shard.clock.incrementAndGet();
    seal(path, 100, 20);
    runBackground();
    assertThat(sizes(path)).containsExactly(20L, 20L);
    path.tick(between);
    runBackground();
    assertThat(read(path)).hasSize(20).containsKey(100L).doesNotContainKey(0L);
    assertThat(sizes(path)).containsExactly(20L);
    assertThat(path.state().sealed().stream().map(SealedSegment::rowCount)).containsExactly(20);
    path.close();
    WritePath again = shard.open(Faults.none());
    assertThat(read(again)).hasSize(20);
    again.close();
  }

  @Test
  void rowsPastTheirTimeGoWhenTheirSegmentIsMerged() {
    WritePath path = open(Faults.none(), 100);
    upsert(path, 0, LongStream.range(0, 20).toArray(), 5);
    long between = shard.clock.incrementAndGet();
    seal(path, 100, 20);
    runBackground();
    path.tick(between);
    runBackground();
    assertThat(sizes(path)).as("one of its rows is young").containsExactly(40L);
    seal(path, 200, 20);
    path.tick(between);
    path.tick(between);
    runBackground();
    assertThat(sizes(path)).containsExactly(40L);
    assertThat(read(path)).hasSize(40).doesNotContainKey(0L).containsKeys(100L, 200L);
    path.close();
  }

  @Test
  void theBacklogSaysWhatWaits() {
    WritePath path = open(Faults.none(), 100);
    assertThat(path.backlog()).isEqualTo(Backlog.NONE);
    seal(path, 0, 20);
    upsert(path, 0, new long[] {500}, 5);
    assertThat(path.backlog().unindexedRows()).isEqualTo(20);
    assertThat(path.backlog().sealedSegments()).isEqualTo(1);
    assertThat(path.backlog().growingBytes()).isPositive();
    runBackground();
    assertThat(path.backlog().unindexedRows()).isZero();
    path.close();
  }
}
