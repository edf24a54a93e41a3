package io.elanus.store.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryBudgetTest {
  private static final long MIB = 1 << 20;

  @Test
  void whatDoesNotFitIsRefusedWithASentenceAndTakesNothing() {
    MemoryBudget budget = MemoryBudget.of(10 * MIB);
    try (Arena builds = budget.arena("index builds");
        Arena rows = budget.arena("growing rows")) {
      builds.allocate(6 * MIB, 64);
      assertThatThrownBy(() -> rows.allocate(5 * MIB, 64))
          .isInstanceOf(ElanusException.class)
          .hasMessage(
              "growing rows would take 5.0 MiB, and 4.0 MiB of the memory budget of 10.0 MiB are"
                  + " left; taken are 6.0 MiB for index builds")
          .extracting(e -> ((ElanusException) e).code())
          .isEqualTo(ErrorCode.MEMORY_LIMIT);
      assertThat(budget.leasedBytes()).isEqualTo(6 * MIB);
      rows.allocate(4 * MIB, 64);
      assertThat(budget.leftBytes()).isZero();
    }
    assertThat(budget.leasedBytes()).isZero();
    assertThat(budget.byPurpose()).containsEntry("index builds", 0L);
  }

  @Test
  void whatIsTakenByForceCountsForOthers() {
    MemoryBudget budget = MemoryBudget.of(MIB);
    try (Arena forced = budget.arenaByForce("replayed rows")) {
      forced.allocate(2 * MIB, 64);
      assertThat(budget.leftBytes()).isNegative();
      assertThatThrownBy(() -> budget.require(1, "rows")).isInstanceOf(ElanusException.class);
    }
    budget.require(MIB, "rows");
  }

  @Test
  void anArenaCanHoldAMappedFileWhichIsNotCounted(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("f"), new byte[] {7, 8, 9});
    MemoryBudget budget = MemoryBudget.of(1);
    try (Arena arena = budget.arena("files");
        FileChannel channel = FileChannel.open(file)) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, 3, arena);
      assertThat(mapped.get(ValueLayout.JAVA_BYTE, 1)).isEqualTo((byte) 8);
      assertThat(budget.leasedBytes()).isZero();
    }
  }

  /** Blocks that come from elsewhere than those of the JDK's arenas. */
  @Test
  void largeBlocksAreZeroAndAlignedAndGoWithTheirArena() {
    MemoryBudget budget = MemoryBudget.unlimited();
    MemorySegment kept;
    for (int round = 0; round < 3; round++) {
      try (Arena arena = budget.arena("blocks")) {
        for (long alignment : new long[] {1, 8, 64, 4096}) {
          MemorySegment block = arena.allocate(3 * MIB + 5, alignment);
          assertThat(block.byteSize()).isEqualTo(3 * MIB + 5);
          assertThat(block.address() % alignment).isZero();
          MemorySegment zeros = MemorySegment.ofArray(new byte[(int) block.byteSize()]);
          assertThat(block.mismatch(zeros)).isEqualTo(-1);
          // Memory that comes back from the system's heap is not zero by itself.
          block.fill((byte) 7);
        }
        kept = arena.allocate(2 * MIB, 64);
        assertThat(budget.leasedBytes()).isEqualTo(14 * MIB + 20);
      }
      MemorySegment gone = kept;
      assertThatThrownBy(() -> gone.get(ValueLayout.JAVA_BYTE, 0))
          .isInstanceOf(IllegalStateException.class);
      assertThat(budget.leasedBytes()).isZero();
    }
  }

  @Test
  void memoryThatTheSystemHasNotIsAnErrorAndTakesNothing() {
    MemoryBudget budget = MemoryBudget.unlimited();
    try (Arena arena = budget.arena("blocks")) {
      assertThatThrownBy(() -> arena.allocate(1L << 60, 64)).isInstanceOf(OutOfMemoryError.class);
      assertThat(budget.leasedBytes()).isZero();
    }
  }

  @Test
  void manyThreadsNeverHoldMoreThanThereIs() throws InterruptedException {
    MemoryBudget budget = MemoryBudget.of(1_000);
    AtomicLong held = new AtomicLong();
    AtomicLong most = new AtomicLong();
    AtomicLong refused = new AtomicLong();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 2_000; i++) {
                      takeAndGiveBack(budget, held, most, refused);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(most.get()).isBetween(300L, 1_000L);
    assertThat(budget.leasedBytes()).isZero();
    assertThat(budget.byPurpose()).containsExactly(Map.entry("a", 0L));
  }

  private static void takeAndGiveBack(
      MemoryBudget budget, AtomicLong held, AtomicLong most, AtomicLong refused) {
    try (Arena arena = budget.arena("a")) {
      long mine = 0;
      try {
        for (int i = 0; i < 2; i++) {
          arena.allocate(300, 1);
          mine += 300;
          most.accumulateAndGet(held.addAndGet(300), Math::max);
        }
      } catch (ElanusException e) {
        refused.incrementAndGet();
      }
      held.addAndGet(-mine);
    }
  }

  @Test
  void anUnlimitedBudgetCounts() {
    MemoryBudget budget = MemoryBudget.unlimited();
    try (Arena arena = budget.arena("a")) {
      arena.allocate(100, 1);
      assertThat(budget.leasedBytes()).isEqualTo(100);
    }
  }
}
