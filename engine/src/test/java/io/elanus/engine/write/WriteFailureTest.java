package io.elanus.engine.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.engine.segment.Snapshot;
import io.elanus.engine.write.bytes.Manifest;
import io.elanus.engine.write.bytes.PartitionRows;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.object.ObjectStore;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What writers meet when something around them does not work. */
@Timeout(60)
class WriteFailureTest {
  private static ErrorCode codeOf(Runnable act) {
    try {
      act.run();
    } catch (ElanusException e) {
      return e.code();
    }
    throw new AssertionError("it did not fail");
  }

  private static void insert(WritePath path, long from, long to) {
    path.insert(
        List.of(ShardFixture.rows(0, java.util.stream.LongStream.range(from, to).toArray(), from)));
  }

  @Test
  void aFullDiskIsToldToInsertsAndDeletesGoOn() {
    ShardFixture shard = new ShardFixture();
    Queue<Runnable> never = new ArrayDeque<>();
    shard.background = never::add;
    FullDisk disk = new FullDisk(shard.objects);
    WritePath path =
        WritePath.open(
            new WriteSetup(
                1,
                ShardFixture.SCHEMA,
                disk.store(),
                "c/",
                new FaultyLog(shard.log, Faults.none()),
                new Ticks(shard),
                shard.background,
                shard.config,
                7));
    disk.full = true;
    for (int i = 0; i < 3; i++) {
      insert(path, 10L * i, 10L * i + 10);
    }
    assertThat(codeOf(() -> insert(path, 30, 40))).isEqualTo(ErrorCode.DISK_LIMIT);
    assertThat(disk.refused).as("the fault landed").isPositive();
    ShardFixture.delete(path, 3, 4);
    assertThat(ShardFixture.read(path)).hasSize(28);
    disk.full = false;
    insert(path, 30, 40);
    assertThat(ShardFixture.read(path)).hasSize(38);
    assertThat(never).as("nothing waited for the background").isNotEmpty();
  }

  @Test
  void aFailedForceStopsWritesAndShowsNothingOfIt() {
    ShardFixture shard = new ShardFixture();
    WritePath path = shard.open(new Faults(Faults.Kind.FAIL, 2));
    insert(path, 0, 3);
    assertThat(codeOf(() -> insert(path, 3, 6))).isEqualTo(ErrorCode.LOG_FAILED);
    assertThat(codeOf(() -> ShardFixture.delete(path, 0))).isEqualTo(ErrorCode.LOG_FAILED);
    assertThat(codeOf(path::flush)).isEqualTo(ErrorCode.LOG_FAILED);
    assertThat(codeOf(() -> path.deleteWhere(newest -> ShardFixture.keys(), Set.of())))
        .isEqualTo(ErrorCode.LOG_FAILED);
    assertThat(ShardFixture.read(path)).isEqualTo(Map.of(0L, 0L, 1L, 0L, 2L, 0L));
    assertThat(ShardFixture.read(shard.open(Faults.none()))).hasSize(3);
  }

  @Test
  void aWriteThatCannotBeAppliedStopsWrites() {
    ShardFixture shard = new ShardFixture();
    WritePath path = shard.open(Faults.none());
    insert(path, 0, 3);
    // A batch that no gate would let pass: the vectors of its second part are numbers.
    PartitionRows broken =
        new PartitionRows(
            1,
            new io.elanus.model.rows.RowBatch(
                1,
                Map.of(
                    "id", ShardFixture.keys(9),
                    "value", ShardFixture.keys(9),
                    "v", ShardFixture.keys(9))));
    assertThat(codeOf(() -> path.insert(List.of(ShardFixture.rows(0, new long[] {8}, 8), broken))))
        .isEqualTo(ErrorCode.INTERNAL);
    assertThat(codeOf(() -> insert(path, 3, 6))).isEqualTo(ErrorCode.INTERNAL);
    assertThat(ShardFixture.read(path)).as("not half of it").hasSize(3);
  }

  @Test
  void rowsOfOneWriteInTwoPartsOfAPartitionSurviveTheSealBetween() {
    ShardFixture shard = new ShardFixture();
    WritePath path = shard.open(Faults.none());
    long[] many = java.util.stream.LongStream.range(0, 12).toArray();
    path.insert(
        List.of(
            ShardFixture.rows(0, many, 1),
            ShardFixture.rows(0, new long[] {20, 21}, 1),
            ShardFixture.rows(1, new long[] {30}, 1)));
    path.flush();
    assertThat(ShardFixture.read(path)).hasSize(15);
    assertThat(ShardFixture.read(shard.open(Faults.none()))).hasSize(15);
  }

  @Test
  void anExecutorThatIsShutDownFailsNoWrite() {
    ShardFixture shard = new ShardFixture();
    int[] refused = {0};
    shard.background =
        task -> {
          refused[0]++;
          throw new java.util.concurrent.RejectedExecutionException();
        };
    WritePath path = shard.open(Faults.none());
    insert(path, 0, 25);
    assertThat(refused[0]).isPositive();
    assertThat(ShardFixture.read(path)).hasSize(25);
  }

  @Test
  void aClosedShardRefusesToAnswer() {
    ShardFixture shard = new ShardFixture();
    WritePath path = shard.open(Faults.none());
    insert(path, 0, 25);
    Snapshot open = path.snapshot();
    path.close();
    assertThat(codeOf(path::snapshot)).isEqualTo(ErrorCode.NOT_READY);
    assertThat(codeOf(() -> insert(path, 30, 40))).isEqualTo(ErrorCode.NOT_READY);
    assertThat(ShardFixture.read(open)).as("what was pinned stays").hasSize(25);
    open.close();
  }

  @Test
  void aLogThatIsGoneIsNoticed() {
    ShardFixture shard = new ShardFixture();
    WritePath path = shard.open(Faults.none());
    insert(path, 0, 5);
    path.flush();
    insert(path, 5, 8);
    path.close();
    List<String> objects = shard.objects.list("");
    shard.log.records.clear();
    shard.log.last = 0;
    assertThatThrownBy(() -> shard.open(Faults.none())).hasMessageContaining("log ends");
    assertThat(shard.objects.list("")).as("nothing was removed").isEqualTo(objects);
  }

  @Test
  void aManifestThatIsGoneIsNoticedAndNothingRemoved() {
    ShardFixture shard = new ShardFixture();
    WritePath path = shard.open(Faults.none());
    insert(path, 0, 5);
    path.flush();
    insert(path, 5, 8);
    path.close();
    shard.objects.delete("c/" + Manifest.KEY);
    List<String> objects = shard.objects.list("");
    assertThat(objects).isNotEmpty();
    assertThatThrownBy(() -> shard.open(Faults.none())).hasMessageContaining("log lacks");
    assertThat(shard.objects.list("")).isEqualTo(objects);
  }

  @Test
  void aClockBehindTheRowsIsNoticed() {
    ShardFixture shard = new ShardFixture();
    WritePath path = shard.open(Faults.none());
    insert(path, 0, 5);
    path.flush();
    path.close();
    shard.clock.set(0);
    assertThatThrownBy(() -> shard.open(Faults.none())).hasMessageContaining("timestamps");
  }

  @Test
  void askedCompactionEndsThoughDeletesGoOn() {
    ShardFixture shard = new ShardFixture();
    Queue<Runnable> queue = new ArrayDeque<>();
    shard.background = queue::add;
    WritePath path = shard.open(Faults.none());
    insert(path, 0, 10);
    path.flush();
    ShardFixture.delete(path, 1);
    DeletingObjects deleting = new DeletingObjects(path);
    long id = path.compact(false);
    assertThat(id).isPositive();
    deleting.runWhile(queue);
    assertThat(path.compacted(id)).isTrue();
  }

  /** Deletes one more row before each task of the queue. */
  private record DeletingObjects(WritePath path) {
    void runWhile(Queue<Runnable> queue) {
      long key = 2;
      for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
        ShardFixture.delete(path, key++);
        task.run();
      }
    }
  }

  /** Timestamps from the fixture's clock. */
  private record Ticks(ShardFixture shard) implements io.elanus.store.time.Timestamps {
    @Override
    public long next() {
      return shard.clock.incrementAndGet();
    }

    @Override
    public long last() {
      return shard.clock.get();
    }
  }

  /** A disk that takes nothing while it is full. */
  private static final class FullDisk {
    private final ObjectStore disk;
    private boolean full;
    private int refused;

    FullDisk(ObjectStore disk) {
      this.disk = disk;
    }

    ObjectStore store() {
      return (ObjectStore)
          java.lang.reflect.Proxy.newProxyInstance(
              ObjectStore.class.getClassLoader(),
              new Class<?>[] {ObjectStore.class},
              (proxy, method, arguments) -> {
                if (full && (method.getName().equals("create") || method.getName().equals("put"))) {
                  refused++;
                  throw new ElanusException(ErrorCode.DISK_LIMIT, "no space left");
                }
                return method.invoke(disk, arguments);
              });
    }
  }
}
