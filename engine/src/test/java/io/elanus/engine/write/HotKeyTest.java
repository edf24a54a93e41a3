package io.elanus.engine.write;

import static io.elanus.engine.write.ShardFixture.read;
import static io.elanus.engine.write.ShardFixture.rows;
import static io.elanus.engine.write.ShardFixture.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.elanus.engine.segment.Deletions;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One key with many versions: the work grows with the writes, not with their square. */
class HotKeyTest {
  private static final long[] HOT = {7};
  private static final int WRITES = 4_000;

  private final ShardFixture shard = new ShardFixture();

  private WritePath open() {
    shard.config = new WriteConfig(1 << 30, 1_000_000, 1_000_000, 1_000_000, 100, 3);
    return shard.open(Faults.none());
  }

  @Test
  void anUpsertLooksAtTheVersionBeforeAlone() {
    WritePath path = open();
    for (int i = 0; i < WRITES; i++) {
      upsert(path, 0, HOT, i);
    }
    Deletions deletions = path.state().growing().get(0L).deletions();
    assertThat(deletions.count()).isEqualTo(WRITES - 1);
    // The row that is deleted, and one deleted before, at which it stops.
    assertThat(deletions.attempts()).isLessThan(2L * WRITES);
    assertThat(read(path)).isEqualTo(Map.of(7L, WRITES - 1L));
    path.close();
  }

  @Test
  void aSealedVersionIsDeletedOnce() {
    WritePath path = open();
    for (int i = 0; i < WRITES; i++) {
      path.insert(List.of(rows(0, new long[] {i % 2 == 0 ? 7 : -i}, i)));
    }
    path.flush();
    Deletions deletions = path.state().sealed().getFirst().deletions();
    for (int i = 0; i < WRITES; i++) {
      upsert(path, 0, HOT, i);
    }
    assertThat(deletions.count()).isEqualTo(WRITES / 2);
    assertThat(deletions.attempts()).isLessThan(2L * WRITES);
    assertThat(read(path)).hasSize(WRITES / 2 + 1).containsEntry(7L, WRITES - 1L);
    path.close();
  }

  /** Copying the rows of the key at each write would take {@code WRITES² / 2} integers. */
  @Test
  void aWriteDoesNotCopyTheVersionsBefore() {
    WritePath path = open();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 100; i++) {
      path.insert(List.of(rows(0, HOT, i)));
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < WRITES; i++) {
      path.insert(List.of(rows(0, HOT, i)));
    }
    long perWrite = (threads.getCurrentThreadAllocatedBytes() - before) / WRITES;
    assertThat(perWrite).isBetween(1L, 4L * WRITES / 2);
    path.close();
  }
}
