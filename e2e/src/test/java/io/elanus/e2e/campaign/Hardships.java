package io.elanus.e2e.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What happens to a process that is no failure of its disk: pauses, other clocks, little memory.
 */
final class Hardships {
  private final Path folder;
  private final long seed;

  Hardships(Path folder, long seed) {
    this.folder = folder;
    this.seed = seed;
  }

  /** A signal has been sent before each thread has met it. */
  private static void awaitStop(long pid) throws IOException, InterruptedException {
    String state = "";
    for (int attempt = 0; attempt < 1_000; attempt++) {
      state = Files.readString(Path.of("/proc", "" + pid, "stat"));
      if (state.startsWith("T", state.lastIndexOf(')') + 2)) {
        return;
      }
      Thread.sleep(10);
    }
    throw new IllegalStateException("the process was not stopped: " + state);
  }

  /** The process stands still for a while, and goes on as if nothing had been. */
  void pause(int cycles) throws IOException, InterruptedException {
    Random random = new Random(seed);
    try (Load load = new Load(folder, 3_000);
        Node node = new Node(folder, Load.SMALL)) {
      node.start();
      load.create(node.port());
      long paused = 0;
      for (int i = 0; i < cycles; i++) {
        load.start(node.port(), random, 0);
        Thread.sleep(200 + random.nextInt(500));
        signal("STOP", node.pid());
        awaitStop(node.pid());
        long millis = 500 + random.nextInt(4_000);
        paused += millis;
        Thread.sleep(millis);
        signal("CONT", node.pid());
        Thread.sleep(200);
        load.stop();
        clean(load);
        load.judge(node.port(), random, i + 1 == cycles);
      }
      System.out.printf(
          "%d pauses, %d s in all, seed %d: acknowledged rows and keys %d, lost 0; nothing refused%n",
          cycles, paused / 1_000, seed, load.ledger.rows());
    }
  }

  private static void signal(String name, long pid) throws IOException, InterruptedException {
    int status = new ProcessBuilder("kill", "-" + name, "" + pid).start().waitFor();
    if (status != 0) {
      throw new IllegalStateException("kill -" + name + " failed");
    }
  }

  private static void clean(Load load) {
    if (!load.refusals.isEmpty()) {
      throw new Rows.Violation("refused without a fault: " + load.refusals);
    }
  }

  /** Each start has another clock; deletes and upserts mean the same rows whatever it says. */
  void clock() throws IOException, InterruptedException {
    Random random = new Random(seed);
    long day = 86_400;
    long[] offsets = {0, 3_600, -3_600, day, -day, 365 * day, 0, -3_650 * day, 3_650 * day, 0};
    try (Load load = new Load(folder, 3_000);
        Node node = new Node(folder, Load.SMALL)) {
      node.start();
      load.create(node.port());
      for (long offset : offsets) {
        node.kill();
        List<String> settings = new ArrayList<>(Load.SMALL);
        settings.add("clock-offset-seconds: " + offset);
        node.configure(settings);
        node.start();
        load.judge(node.port(), random, true);
        load.start(node.port(), random, 0);
        Thread.sleep(1_000);
        load.stop();
        clean(load);
        load.judge(node.port(), random, true);
      }
      System.out.printf(
          "%d clocks, from 10 years behind to 10 years ahead, seed %d: acknowledged rows and keys %d, lost 0, resurrected 0%n",
          offsets.length, seed, load.ledger.rows());
    }
  }

  /** A cgroup of version 1 bounds the memory; the process must live within. */
  void memory(int mebibytes, int minutes) throws IOException, InterruptedException {
    Path group = Path.of("/sys/fs/cgroup/memory/elanus-campaign-" + ProcessHandle.current().pid());
    Files.createDirectory(group);
    Random random = new Random(seed);
    try (Load load = new Load(folder, 10_000);
        Node node = new Node(folder, Load.SMALL)) {
      Files.writeString(group.resolve("memory.limit_in_bytes"), "" + ((long) mebibytes << 20));
      node.before =
          List.of("sh", "-c", "echo $$ > %s/cgroup.procs; exec \"$@\"".formatted(group), "sh");
      node.javaOptions = "-Xmx" + mebibytes / 4 + "m";
      node.start();
      load.create(node.port());
      for (int i = 0; i < minutes * 4; i++) {
        load.start(node.port(), random, 0);
        Thread.sleep(15_000);
        load.stop();
        clean(load);
        load.judge(node.port(), random, false);
      }
      load.judge(node.port(), random, true);
      String peak = Files.readString(group.resolve("memory.max_usage_in_bytes")).strip();
      String control = Files.readString(group.resolve("memory.oom_control"));
      if (!node.alive() || !control.contains("oom_kill 0")) {
        throw new IllegalStateException("killed for memory: " + control);
      }
      System.out.printf(
          "limit %d MiB, heap %d MiB, %d minutes, seed %d: peak with page cache %d MiB, killed for memory 0, acknowledged rows and keys %d, lost 0%n",
          mebibytes, mebibytes / 4, minutes, seed, Long.parseLong(peak) >> 20, load.ledger.rows());
    }
    Thread.sleep(500);
    Files.delete(group);
  }
}
