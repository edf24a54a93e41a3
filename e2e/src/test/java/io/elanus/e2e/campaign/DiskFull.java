package io.elanus.e2e.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Fills the file system under the data folder, while writers write; then frees it. The run script
 * mounts a small tmpfs there, in a mount namespace of its own.
 */
final class DiskFull {
  /** More is no small disk, and would take long to fill. */
  private static final long SPACE_MAX = 256L << 20;

  private static final int BALLAST_STEP = 1 << 16;

  /** Attempts of the server are at most half a minute apart. */
  private static final int RESUME_SECONDS = 120;

  private final Path folder;
  private final long seed;
  private final int cycles;
  private final Set<String> sentences = new TreeSet<>();
  private int deletesServed;
  private int deletesRefused;
  private int stuckCollections;
  private int resumedCollections;
  private int resumedInserts;
  private int startedWhenFull;

  DiskFull(Path folder, long seed, int cycles) {
    this.folder = folder;
    this.seed = seed;
    this.cycles = cycles;
  }

  void run() throws IOException, InterruptedException {
    Path data = folder.resolve("data");
    long space = Files.getFileStore(data).getTotalSpace();
    if (space > SPACE_MAX) {
      throw new IllegalStateException("nothing small is mounted at " + data);
    }
    Random random = new Random(seed);
    try (Load load = new Load(folder, 2_000);
        Node node = new Node(folder, Load.SMALL)) {
      node.start();
      load.create(node.port());
      Owner deleter = load.ledger.owners().get(0);
      // Of each collection one owner writes until the disk is full, and one when it is not any
      // more.
      List<Owner> probers =
          load.ledger.owners().stream().filter(owner -> owner.id % 2 == deleter.id % 2).toList();
      for (int cycle = 0; cycle < cycles; cycle++) {
        load.start(node.port(), random, 0);
        Thread.sleep(1_500);
        load.stop();
        load.start(node.port(), random, 0, owner -> !probers.contains(owner));
        Path ballast = data.resolve("ballast");
        fill(ballast, data);
        awaitRefusal(load);
        load.stop();
        sentences.addAll(load.refusals.stream().map(DiskFull::withoutNumbers).toList());
        load.refusals.clear();
        InputOutputFaults.live(load, node, random);
        delete(load, deleter, node, random);
        if (random.nextBoolean()) {
          startWhenFull(load, node, random);
        }
        Files.deleteIfExists(ballast);
        resume(load, probers, node, random);
        load.judge(node.port(), random, true);
      }
      System.out.printf(
          """
          %d times full and freed, seed %d: acknowledged rows and keys %d, lost 0, resurrected 0
            deletes while full: %d served, %d refused; started while full %d times
            of %d collections that took no writes then, %d took them again by themselves; %d inserts in them
            refused with: %s
            %s%n""",
          cycles,
          seed,
          load.ledger.rows(),
          deletesServed,
          deletesRefused,
          startedWhenFull,
          stuckCollections,
          resumedCollections,
          resumedInserts,
          sentences,
          load.judge.summary());
    }
  }

  private static String withoutNumbers(String sentence) {
    String brief = sentence.replaceAll("\\d{3,}", "#").replaceAll("/\\S+", "…");
    return brief.substring(0, Math.min(160, brief.length()));
  }

  /** Takes all that is left, to the last byte. */
  private static void fill(Path ballast, Path data) throws IOException {
    byte[] piece = new byte[BALLAST_STEP];
    try (var out =
        Files.newOutputStream(ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (Files.getFileStore(data).getUsableSpace() > 0) {
        out.write(piece);
      }
    } catch (IOException e) {
      // Full.
    }
  }

  private static void awaitRefusal(Load load) throws InterruptedException {
    for (int i = 0; i < 300 && load.refusals.isEmpty(); i++) {
      Thread.sleep(50);
    }
    if (load.refusals.isEmpty()) {
      throw new IllegalStateException("the disk did not become full");
    }
    Thread.sleep(500);
  }

  private void delete(Load load, Owner owner, Node node, Random random) throws IOException {
    if (owner.open != null) {
      return;
    }
    String refusal = load.delete(owner, node.port(), random);
    if (refusal.isEmpty()) {
      deletesServed++;
    } else {
      deletesRefused++;
      sentences.add(withoutNumbers(refusal));
    }
  }

  /** A start on a full disk serves reads, or says why not. */
  private void startWhenFull(Load load, Node node, Random random)
      throws IOException, InterruptedException {
    node.kill();
    node.launch();
    if (node.ready(120_000_000_000L)) {
      startedWhenFull++;
      InputOutputFaults.live(load, node, random);
    } else {
      List<String> lines = node.tail().lines().toList();
      sentences.add("start: " + withoutNumbers(lines.getLast()));
    }
  }

  /** The server goes on by itself, and what it says then is what it says after a kill. */
  private void resume(Load load, List<Owner> probers, Node node, Random random)
      throws IOException, InterruptedException {
    if (node.alive()) {
      List<String> refusing = load.refusing(node.port());
      stuckCollections += refusing.size();
      int left = refusing.size();
      for (int i = 0; i < RESUME_SECONDS && left > 0; i++) {
        Thread.sleep(1_000);
        left = load.refusing(node.port()).size();
      }
      resumedCollections += refusing.size() - left;
      if (left > 0) {
        throw new IllegalStateException(
            left + " collections take no writes though there is space again");
      }
      load.judge(node.port(), random, false);
      for (Owner prober : probers) {
        if (prober.open == null && load.insert(prober, node.port(), random).isEmpty()) {
          resumedInserts++;
        }
      }
    }
    node.kill();
    node.start();
    load.judge(node.port(), random, false);
  }
}
