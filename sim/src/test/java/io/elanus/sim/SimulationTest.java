package io.elanus.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.sim.run.Outcome;
import io.elanus.sim.run.Simulation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** A thousand seeds keep every promise, see what they must see, and replay exactly. */
class SimulationTest {
  private static final int SEEDS = 1_000;

  /** States that a thousand seeds reach, or the simulation has gone blind. */
  private static final List<String> SOMETIMES =
      List.of(
          "power cut",
          "kill",
          "clean end",
          "clock jumped",
          "death in seal",
          "death in merge",
          "death in clustering",
          "death in manifest",
          "death in index build",
          "death in deletes file",
          "death in log write",
          "death in new log file",
          "death in cut of the log",
          "death in release of old files",
          "death in log recovery",
          "death in recovery",
          "death in removal of dropped collections",
          "death in creation of a collection",
          "death in drop of a collection",
          "death in drop of a partition",
          "death in close",
          "death while opening",
          "start refused after a fault",
          "failed FORCE of log",
          "failed FORCE of rows",
          "failed FORCE of manifest",
          "failed FORCE_FOLDER of log folder",
          "failed FORCE_FOLDER of object folder",
          "failed WRITE of log",
          "failed WRITE of catalog",
          "failed RENAME of manifest",
          "failed DELETE of rows",
          "failed READ of rows",
          "fault in merge",
          "fault in clustering",
          "segment ruled out by its range",
          "fault in cut of the log",
          "fault in log recovery",
          "torn sector",
          "lost sector",
          "lost entry of a folder",
          "deletion undone",
          "operation of unknown outcome",
          "unknown outcome decided after a start",
          "read with several possible answers",
          "write after one that failed",
          "death in revival of a shard",
          "rot of rows told",
          "rot of rows harmless",
          "rot of deletes told",
          "rot of manifest told",
          "rot of index harmless",
          "rot of log told",
          "peace with segments",
          "peace with clustered segments");

  /** A seed takes some 50 milliseconds. */
  private static final long STALL_SECONDS = 60;

  @Test
  void everyPromiseIsKept() throws IOException, InterruptedException {
    Map<String, Long> sightings = new TreeMap<>();
    long seed = 1;
    int stalls = 0;
    while (seed <= SEEDS) {
      long next = runElsewhere(seed, sightings);
      stalls = next == seed ? stalls + 1 : 0;
      assertThat(stalls).as("times that seed %d did not end, or broke", next).isLessThan(3);
      seed = next;
    }
    sightings.forEach((what, times) -> System.out.printf("%9d  %s%n", times, what));
    TreeSet<String> never = new TreeSet<>(SOMETIMES);
    never.removeAll(sightings.keySet());
    assertThat(never).as("never seen").isEmpty();
  }

  /**
   * Runs seeds in a process of their own, and answers which is the next. A thread of a simulated
   * process may wait for a lock of the JVM's own (its cleaner's, say) that this thread wants as
   * well, and then nobody goes on: such a process is ended, and the seed run again. What is broken
   * is broken every time.
   */
  private static long runElsewhere(long first, Map<String, Long> sightings)
      throws IOException, InterruptedException {
    Process process = java(Seeds.class, Long.toString(first));
    long next = first;
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      while (next <= SEEDS) {
        CompletableFuture<String> line = CompletableFuture.supplyAsync(() -> read(lines));
        String said = line.get(STALL_SECONDS, TimeUnit.SECONDS);
        if (!said.startsWith("clean ")) {
          System.out.printf("seed %d is run again: %s%n", next, said);
          return next;
        }
        for (String seen : said.substring("clean ".length()).split(", ")) {
          sightings.merge(seen, 1L, Long::sum);
        }
        next++;
      }
    } catch (TimeoutException e) {
      System.out.printf("seed %d did not end, and is run again%n", next);
    } catch (ExecutionException e) {
      throw new AssertionError("seed %d".formatted(next), e.getCause());
    } finally {
      process.destroyForcibly().waitFor();
    }
    return next;
  }

  private static String read(BufferedReader lines) {
    try {
      return String.valueOf(lines.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Process java(Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> argument.startsWith("-") && !argument.startsWith("-javaagent"))
            .toList());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** Runs the seeds from one on, a line for each. */
  static final class Seeds {
    private Seeds() {}

    public static void main(String[] arguments) {
      for (long seed = Long.parseLong(arguments[0]); seed <= SEEDS; seed++) {
        Outcome outcome = Simulation.run(seed, null);
        System.out.println(
            outcome.broken() == null
                ? "clean " + String.join(", ", outcome.sightings().counts().keySet())
                : "broken; replay: ./elanus sim --seed %d --trace: %s"
                    .formatted(seed, outcome.broken().getMessage()));
      }
    }
  }

  @Test
  void aSeedReplaysExactly() throws IOException, InterruptedException {
    List<String> said = hashes(1, 10, 2);
    for (int seed = 1; seed <= 10; seed++) {
      String once = said.get(2 * seed - 2);
      assertThat(said.get(2 * seed - 1)).as("seed %d again", seed).isEqualTo(once);
      assertThat(Long.parseLong(once.split(" ")[1])).as("its events").isGreaterThan(50);
    }
    assertThat(new TreeSet<>(said)).as("different seeds").hasSize(10);
  }

  /** Another process has other hash seeds, addresses and threads. */
  @Test
  void aSeedReplaysExactlyInAnotherProcess() throws IOException, InterruptedException {
    assertThat(hashes(20, 29, 1)).hasSize(10).isEqualTo(hashes(20, 29, 1));
  }

  /** What {@link Hashes} says; a process that stalls, as above, is tried again. */
  private static List<String> hashes(int first, int last, int times)
      throws IOException, InterruptedException {
    for (int attempt = 0; attempt < 3; attempt++) {
      Process process =
          java(
              Hashes.class,
              Integer.toString(first),
              Integer.toString(last),
              Integer.toString(times));
      try {
        if (process.waitFor(2 * STALL_SECONDS, TimeUnit.SECONDS)) {
          assertThat(process.exitValue()).isZero();
          try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            return lines.lines().toList();
          }
        }
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
    throw new AssertionError("seeds %d to %d did not end".formatted(first, last));
  }

  /** Prints the hash and the number of events of each seed, so many times. */
  static final class Hashes {
    private Hashes() {}

    public static void main(String[] arguments) {
      for (long seed = Long.parseLong(arguments[0]); seed <= Long.parseLong(arguments[1]); seed++) {
        for (int time = 0; time < Integer.parseInt(arguments[2]); time++) {
          Outcome outcome = Simulation.run(seed, null);
          System.out.printf("%016x %d%n", outcome.hash(), outcome.events());
        }
      }
    }
  }
}
