package io.elanus.e2e.campaign;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Kills the server with SIGKILL at random moments, under load, in the middle of seals and merges,
 * and during recovery; after each restart compares it with the ledger.
 */
final class KillLoop {
  private final Path folder;
  private final int kills;
  private final int fullEvery;
  private final long seed;
  private final Duration limit;
  private final List<Long> recoveries = new ArrayList<>();
  private int killed;
  private int killedInRecovery;
  private int killedWhileMerging;

  /** What a run did. */
  record Outcome(int kills, long calls, long rows, String text) {}

  KillLoop(Path folder, int kills, int fullEvery, long seed, Duration limit) {
    this.folder = folder;
    this.kills = kills;
    this.fullEvery = fullEvery;
    this.seed = seed;
    this.limit = limit;
  }

  Outcome run() throws IOException, InterruptedException {
    Random random = new Random(seed);
    Instant begin = Instant.now();
    try (Load load = new Load(folder, 5_000);
        Node node = new Node(folder, Load.SMALL)) {
      node.start();
      load.create(node.port());
      int round = 0;
      while (killed < kills && Duration.between(begin, Instant.now()).compareTo(limit) < 0) {
        round(load, node, random);
        recoveries.add(node.start());
        round++;
        boolean last = killed >= kills;
        load.judge(node.port(), random, last || round % fullEvery == 0);
        if (!load.refusals.isEmpty()) {
          throw new Rows.Violation("refused without a fault: " + load.refusals);
        }
        if (round % 25 == 0) {
          System.out.println(text(load, begin));
        }
      }
      load.judge(node.port(), random, true);
      String text = text(load, begin);
      System.out.println(text);
      return new Outcome(killed, load.ledger.calls(), load.ledger.rows(), text);
    }
  }

  private void round(Load load, Node node, Random random) throws IOException, InterruptedException {
    load.start(node.port(), random, 0);
    long millis = random.nextInt(5) < 3 ? random.nextInt(400) : random.nextInt(2_000);
    Thread.sleep(20 + millis);
    boolean merging = random.nextInt(4) == 0;
    if (merging) {
      Thread flusher = Thread.ofVirtual().start(() -> load.flushAll(node.port()));
      Thread.sleep(random.nextInt(120));
      kill(node);
      flusher.join();
      killedWhileMerging++;
    } else {
      kill(node);
    }
    load.stop();
    int again = random.nextInt(6) == 0 ? 1 + random.nextInt(3) : 0;
    for (int i = 0; i < again && killed < kills; i++) {
      node.launch();
      if (random.nextBoolean()) {
        // Anywhere in the start, the JVM's included.
        Thread.sleep(random.nextInt(1_500));
      } else {
        awaitRecovery(node, random);
      }
      kill(node);
      killedInRecovery++;
    }
  }

  /** Until the start is at its recovery: the lock of the data folder is taken just before it. */
  private static void awaitRecovery(Node node, Random random) throws InterruptedException {
    Path lock = node.data().resolve("LOCK");
    long before = lock.toFile().lastModified();
    for (int i = 0; i < 600 && lock.toFile().lastModified() == before && node.alive(); i++) {
      Thread.sleep(5);
    }
    Thread.sleep(random.nextInt(200));
  }

  private void kill(Node node) throws InterruptedException {
    int status = node.kill();
    if (status != Node.KILLED) {
      throw new IllegalStateException("the kill did not land: exit status " + status);
    }
    killed++;
  }

  private String text(Load load, Instant begin) {
    List<Long> sorted = new ArrayList<>(recoveries);
    Collections.sort(sorted);
    return """
    %d kills (%d with seal and merge asked for, %d during a start), %d s, seed %d
      acknowledged calls %d, acknowledged rows and keys %d
      %s
      %s
      lost 0, resurrected 0, phantom 0, torn 0
      start until healthy, JVM included, ms: p50 %d, p99 %d, longest %d"""
        .formatted(
            killed,
            killedWhileMerging,
            killedInRecovery,
            Duration.between(begin, Instant.now()).toSeconds(),
            seed,
            load.ledger.calls(),
            load.ledger.rows(),
            load.ledger.summary(),
            load.judge.summary(),
            at(sorted, 0.5),
            at(sorted, 0.99),
            at(sorted, 1));
  }

  private static long at(List<Long> sorted, double share) {
    if (sorted.isEmpty()) {
      return 0;
    }
    int index = (int) Math.ceil(share * sorted.size()) - 1;
    return sorted.get(Math.max(0, index)) / 1_000_000;
  }
}
