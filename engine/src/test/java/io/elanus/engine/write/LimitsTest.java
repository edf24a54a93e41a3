package io.elanus.engine.write;

import static io.elanus.engine.write.ShardFixture.delete;
import static io.elanus.engine.write.ShardFixture.read;
import static io.elanus.engine.write.ShardFixture.rows;
import static io.elanus.engine.write.ShardFixture.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.engine.segment.GrowingSegment;
import io.elanus.engine.segment.Snapshot;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.limit.DiskReserve;
import io.elanus.store.limit.MemoryBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a process may take, and what happens when that is not enough. */
class LimitsTest {
  private static final long MIB = 1 << 20;

  private final ShardFixture shard = new ShardFixture();
  private final List<Runnable> background = new ArrayList<>();

  private WritePath open(MemoryBudget memory, MemoryBudget heap, DiskReserve disk) {
    shard.limits = new Limits(memory, heap, disk);
    shard.config = new WriteConfig(1 << 30, 1_000_000, 8, 1_000_000, 100, 100);
    shard.background = background::add;
    return shard.open(Faults.none());
  }

  private static ElanusException refused(Runnable write) {
    try {
      write.run();
    } catch (ElanusException e) {
      return e;
    }
    throw new AssertionError("was not refused");
  }

  @Test
  void growingRowsAreCountedUntilTheirLastReaderIsGone() {
    MemoryBudget memory = MemoryBudget.unlimited();
    MemoryBudget heap = MemoryBudget.unlimited();
    WritePath path = open(memory, heap, DiskReserve.NONE);
    upsert(path, 0, LongStream.range(0, 100).toArray(), 5);
    long taken = memory.byPurpose().get(GrowingSegment.GROWING_ROWS);
    assertThat(taken).isEqualTo(4096L * 2 * 4);
    assertThat(heap.leasedBytes()).isGreaterThan(100 * 64);
    Snapshot reading = path.snapshot();
    path.flush();
    assertThat(memory.byPurpose()).containsEntry(GrowingSegment.GROWING_ROWS, taken);
    reading.close();
    assertThat(memory.byPurpose()).containsEntry(GrowingSegment.GROWING_ROWS, 0L);
    assertThat(heap.leasedBytes()).isZero();
    path.close();
  }

  @Test
  void rowsThatDoNotFitAreRefusedBeforeTheyAreLogged() {
    WritePath path = open(MemoryBudget.of(64 * 1024), MemoryBudget.unlimited(), DiskReserve.NONE);
    long[] many = LongStream.range(0, 20_000).toArray();
    long before = shard.log.last;
    ElanusException why = refused(() -> path.insert(List.of(rows(0, many, 1))));
    assertThat(why.code()).isEqualTo(ErrorCode.MEMORY_LIMIT);
    assertThat(why).hasMessageContaining("growing rows would take").hasMessageContaining("MiB");
    assertThat(shard.log.last).isEqualTo(before);
    // Others are taken: nothing is broken.
    upsert(path, 0, new long[] {1, 2, 3}, 7);
    assertThat(read(path)).hasSize(3);
    path.close();
  }

  @Test
  void whatGrowsIsSealedToMakeRoom() {
    MemoryBudget memory = MemoryBudget.of(80 * 1024);
    WritePath path = open(memory, MemoryBudget.unlimited(), DiskReserve.NONE);
    for (int i = 0; i < 5; i++) {
      upsert(path, i, LongStream.range(100L * i, 100L * i + 50).toArray(), 3);
    }
    assertThat(read(path)).hasSize(250);
    assertThat(path.segments()).anyMatch(segment -> !segment.growing());
    assertThat(memory.leasedBytes()).isLessThanOrEqualTo(memory.limitBytes());
    path.close();
  }

  @Test
  void theHeapThatRowsTakeIsLimitedToo() {
    WritePath path = open(MemoryBudget.unlimited(), MemoryBudget.of(1_000), DiskReserve.NONE);
    long[] keys = LongStream.range(0, 100).toArray();
    assertThat(refused(() -> upsert(path, 0, keys, 1)).code()).isEqualTo(ErrorCode.MEMORY_LIMIT);
    path.close();
  }

  @Test
  void aReplayTakesWhatItNeeds() {
    WritePath path = open(MemoryBudget.unlimited(), MemoryBudget.unlimited(), DiskReserve.NONE);
    upsert(path, 0, LongStream.range(0, 500).toArray(), 5);
    path.close();
    WritePath again = open(MemoryBudget.of(1), MemoryBudget.of(1), DiskReserve.NONE);
    assertThat(read(again)).hasSize(500);
    assertThat(refused(() -> upsert(again, 0, new long[] {1}, 1)).code())
        .isEqualTo(ErrorCode.MEMORY_LIMIT);
    delete(again, 1, 2, 3);
    assertThat(read(again)).hasSize(497);
    again.close();
  }

  @Test
  void anIndexThatDoesNotFitIsNotBuiltAndSaysWhy() {
    MemoryBudget memory = MemoryBudget.of(MIB);
    WritePath path = open(memory, MemoryBudget.unlimited(), DiskReserve.NONE);
    upsert(path, 0, LongStream.range(0, 400).toArray(), 5);
    path.flush();
    try (var held = memory.arena("something else")) {
      held.allocate(memory.leftBytes() - 1_000, 1);
      runBackground();
      assertThat(path.progress(1).failure())
          .contains("index builds would take")
          .contains("something else");
      assertThat(read(path)).hasSize(400);
    }
    path.tick(0);
    runBackground();
    assertThat(path.progress(1).failure()).isEmpty();
    assertThat(path.progress(1).indexedRows()).isEqualTo(400);
    path.close();
  }

  @Test
  void aFullDiskTakesDeletesAndNoRows() {
    AtomicLong free = new AtomicLong(100 * MIB);
    DiskReserve reserve = new DiskReserve(free::get, 50 * MIB);
    WritePath path = open(MemoryBudget.unlimited(), MemoryBudget.unlimited(), reserve);
    upsert(path, 0, LongStream.range(0, 100).toArray(), 5);
    free.set(50 * MIB + 10);
    assertThatThrownBy(() -> upsert(path, 0, new long[] {1_000}, 1))
        .isInstanceOf(ElanusException.class)
        .hasMessage(
            "the disk has 50.0 MiB left, of which 50.0 MiB are kept for deletes and compaction;"
                + " free some space")
        .extracting(e -> ((ElanusException) e).code())
        .isEqualTo(ErrorCode.DISK_LIMIT);
    delete(path, 1, 2);
    path.flush();
    path.compact(false);
    runBackground();
    assertThat(read(path)).hasSize(98);
    free.set(100 * MIB);
    upsert(path, 0, new long[] {1_000}, 1);
    assertThat(read(path)).hasSize(99);
    path.close();
  }

  private void runBackground() {
    while (!background.isEmpty()) {
      background.removeFirst().run();
    }
  }
}
