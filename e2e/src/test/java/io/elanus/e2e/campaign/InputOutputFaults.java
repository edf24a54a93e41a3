package io.elanus.e2e.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * The n-th call of a kind fails in the real process, in each of its threads, by {@code strace -e
 * inject}: for growing n, until a whole workload runs without reaching the fault. What was
 * acknowledged must be there afterwards, in the process that met the fault and after a restart
 * without it.
 */
final class InputOutputFaults {
  private final Path folder;
  private final long seed;
  private final boolean sample;
  private final List<String> calls;
  private final int last;
  private final Map<String, String> table = new TreeMap<>();
  private int cases;
  private int landed;

  /** A call and an error. */
  record Fault(String call, String error) {}

  /** The first two forces of each thread fail. */
  static InputOutputFaults sample(Path folder, long seed) {
    return new InputOutputFaults(folder, seed, true, List.of(), 2);
  }

  /**
   * @param calls of which kinds; empty for all
   * @param last no later call fails
   */
  static InputOutputFaults all(Path folder, long seed, List<String> calls, int last) {
    return new InputOutputFaults(folder, seed, false, calls, last);
  }

  private InputOutputFaults(Path folder, long seed, boolean sample, List<String> calls, int last) {
    this.folder = folder;
    this.seed = seed;
    this.sample = sample;
    this.calls = calls;
    this.last = last;
  }

  static boolean possible() {
    return Files.isExecutable(Path.of("/usr/bin/strace"));
  }

  private List<Fault> faults() {
    if (sample) {
      return List.of(new Fault("fsync", "error=EIO"));
    }
    // No short writes: strace leaves a call out whole, and what it says was written was not. (Such
    // a lie is noticed: the collection is told to be damaged.)
    List<Fault> all = new ArrayList<>();
    all.add(new Fault("fsync", "error=EIO"));
    // Bytes of the log and of SQLite's files.
    for (String how : List.of("error=EIO", "error=ENOSPC", "error=EINTR")) {
      all.add(new Fault("pwrite64", how));
    }
    // Bytes of segments, indexes and manifests, and sockets.
    for (String how : List.of("error=EIO", "error=ENOSPC")) {
      all.add(new Fault("write", how));
    }
    for (String call : List.of("rename", "ftruncate", "unlink", "pread64", "fdatasync")) {
      all.add(new Fault(call, "error=EIO"));
    }
    if (!calls.isEmpty()) {
      all.removeIf(fault -> !calls.contains(fault.call()));
      if (all.isEmpty()) {
        throw new IllegalArgumentException("none of these calls can be made to fail: " + calls);
      }
    }
    return all;
  }

  /** Runs all; answers how many faults landed. */
  int run() throws IOException, InterruptedException {
    for (Fault fault : faults()) {
      int reached = 0;
      for (int n = 1; n <= last; n = next(n)) {
        cases++;
        if (!one(fault, n)) {
          break;
        }
        landed++;
        reached = n;
      }
      table.put(fault.call() + " " + fault.error(), "landed up to call " + reached);
      System.out.println(fault + ": landed up to call " + reached);
    }
    System.out.printf(
        "%d cases, the fault landed in %d; acknowledged-then-lost 0, seed %d%n",
        cases, landed, seed);
    table.forEach((fault, text) -> System.out.println("  " + fault + ": " + text));
    return landed;
  }

  /** Every call at first, where the start and the first writes are; then with growing steps. */
  private int next(int n) {
    return sample ? n + 1 : n < 3 ? n + 1 : n + n * 2 / 3;
  }

  /** Whether the fault was reached. */
  private boolean one(Fault fault, int n) throws IOException, InterruptedException {
    Path own = folder.resolve("case-" + cases);
    Files.createDirectories(own);
    Random random = new Random(seed + cases);
    Path trace = own.resolve("strace.txt");
    try (Load load = new Load(own, 500);
        Node node = new Node(own, Load.SMALL)) {
      node.start();
      load.create(node.port());
      node.close();
      node.before =
          List.of(
              "strace",
              "-f",
              "-qq",
              "-o",
              trace.toString(),
              "-e",
              "trace=" + fault.call(),
              "-e",
              "inject=%s:%s:when=%d".formatted(fault.call(), fault.error(), n));
      node.launch();
      if (node.ready(120_000_000_000L)) {
        load.start(node.port(), random, 0);
        Thread.sleep(sample ? 1_000 : 1_500);
        load.flushAll(node.port());
        load.stop();
        live(load, node, random);
      }
      node.kill();
      boolean reached = Files.exists(trace) && Files.readString(trace).contains("(INJECTED");
      node.before = List.of();
      load.refusals.clear();
      node.start();
      load.judge(node.port(), random, true);
      Owner owner = load.ledger.owners().getFirst();
      String refusal = load.insert(owner, node.port(), random);
      if (!refusal.isEmpty()) {
        throw new Rows.Violation("refused after the fault was gone: " + refusal);
      }
      node.kill();
      Campaign.Folders.delete(own);
      return reached;
    } catch (Rows.Violation | IllegalStateException | IOException e) {
      throw new IllegalStateException("%s, call %d, in %s".formatted(fault, n, own), e);
    }
  }

  /** While the process lives: what it answers must be right, or be refused with a sentence. */
  static void live(Load load, Node node, Random random) {
    if (!node.alive()) {
      return;
    }
    for (Owner owner : load.ledger.owners()) {
      if (owner.open != null) {
        continue;
      }
      try (Wire wire = new Wire(node.port(), 30_000)) {
        List<Long> keys = List.copyOf(owner.some(random, 20));
        if (keys.isEmpty()) {
          continue;
        }
        Map<Long, Long> found = Rows.query(wire, owner.collection, "id in " + keys, false);
        for (long key : keys) {
          if (found.getOrDefault(key, Owner.GONE) != owner.value(key)) {
            throw new Rows.Violation(
                "key %d of %s reads %s, acknowledged was %d"
                    .formatted(key, owner.collection, found.get(key), owner.value(key)));
          }
        }
      } catch (IOException e) {
        // Refused or gone; nothing wrong was said.
      }
    }
  }
}
