package io.elanus.engine.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.engine.write.WriteConfig;
import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.info.SegmentInfo;
import io.elanus.testkit.contract.DatabaseModelContract;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;

/**
 * Random operations with segments so small that they are sealed, indexed and merged all along. In
 * two runs of three, work in the background waits for moments that the seed chooses, so that a seed
 * replays it; in the third it has a thread.
 */
class LocalModelTest extends DatabaseModelContract {
  private static final List<WriteConfig> CONFIGS =
      List.of(
          // Full by rows, merged two by two, clustered early.
          new WriteConfig(1 << 20, 24, 8, 100, 2, 2),
          // Full by bytes, and large ones are not merged.
          new WriteConfig(6_000, 10_000, 16, 150, 3, 4),
          new WriteConfig(1 << 20, 64, 16, 100_000, 3, 3));

  private static final int THREADED = 2;

  private final Queue<Runnable> background = new ArrayDeque<>();
  private boolean threaded;

  /** What was seen to happen to segments. */
  private int sealed;

  private int merged;
  private int indexed;
  private int foundSealedAtOpen;
  private final Set<Long> known = new HashSet<>();

  @Override
  protected Database open(Path folder, int run) {
    int which = run % CONFIGS.size();
    threaded = which == THREADED;
    // What was queued for the database before went with it.
    background.clear();
    FolderDatabase database =
        threaded
            ? FolderDatabase.open(folder, CONFIGS.get(which))
            : FolderDatabase.open(folder, CONFIGS.get(which), background::add);
    foundSealedAtOpen += sealed(database).size();
    return database;
  }

  @Override
  protected void between(Database database, Random random) {
    look(database);
    // Sometimes work piles up, sometimes it is done at once.
    for (int i = random.nextInt(3); i > 0 && !background.isEmpty(); i--) {
      List<SegmentInfo> before = sealed(database);
      background.remove().run();
      List<SegmentInfo> after = sealed(database);
      if (gone(before, after) >= 2) {
        merged++;
      }
      look(database);
    }
  }

  private void look(Database database) {
    for (SegmentInfo segment : sealed(database)) {
      if (known.add(segment.id())) {
        sealed++;
      }
      if (segment.state() == SegmentInfo.State.INDEXED) {
        indexed++;
      }
    }
  }

  private static List<SegmentInfo> sealed(Database database) {
    List<SegmentInfo> all = new ArrayList<>();
    for (CollectionInfo collection : database.collections().list(Caller.SYSTEM)) {
      all.addAll(database.collections().segments(Caller.SYSTEM, collection.name()));
    }
    all.removeIf(segment -> segment.state() == SegmentInfo.State.GROWING);
    return all;
  }

  private static long gone(List<SegmentInfo> before, List<SegmentInfo> after) {
    Set<Long> left = new HashSet<>();
    after.forEach(segment -> left.add(segment.id()));
    return before.stream().filter(segment -> !left.contains(segment.id())).count();
  }

  @Override
  protected void ended(Database database, int run) {
    System.out.printf(
        "run %d: %d segments sealed, %d merges, indexes seen %d times, %d segments at openings%n",
        run, sealed, merged, indexed, foundSealedAtOpen);
    assertThat(sealed).as("segments sealed").isGreaterThan(10);
    assertThat(indexed).as("indexed segments seen").isPositive();
    assertThat(foundSealedAtOpen).as("sealed segments opened again").isPositive();
    if (!threaded) {
      assertThat(merged).as("merges").isPositive();
    }
  }
}
