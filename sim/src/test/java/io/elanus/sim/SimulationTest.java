package io.elanus.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.sim.run.Outcome;
import io.elanus.sim.run.Sightings;
import io.elanus.sim.run.Simulation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
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
          "death in manifest",
          "death in index build",
          "death in deletes file",
          "death in log write",
          "death in new log file",
          "death in cut of the log",
          "death in release of old files",
          "death in log recovery",
          "death in recovery",
          "death in removal of orphans",
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
          "fault in cut of the log",
          "fault in log recovery",
          "torn sector",
          "lost sector",
          "lost entry of a folder",
          "deletion undone",
          "operation of unknown outcome",
          "unknown outcome decided after a start",
          "read with several possible answers",
          "peace with segments");

  @Test
  void everyPromiseIsKept() {
    Sightings sightings = new Sightings();
    for (long seed = 1; seed <= SEEDS; seed++) {
      Outcome outcome = Simulation.run(seed, null);
      if (outcome.broken() != null) {
        throw new AssertionError(
            "replay: ./elanus sim --seed " + seed + " --trace", outcome.broken());
      }
      sightings.add(outcome.sightings());
    }
    sightings.counts().forEach((what, times) -> System.out.printf("%9d  %s%n", times, what));
    TreeSet<String> never = new TreeSet<>(SOMETIMES);
    never.removeAll(sightings.counts().keySet());
    assertThat(never).as("never seen").isEmpty();
  }

  @Test
  void aSeedReplaysExactly() {
    for (long seed = 1; seed <= 10; seed++) {
      List<String> events = new ArrayList<>();
      Outcome once = Simulation.run(seed, events::add);
      Outcome again = Simulation.run(seed, null);
      assertThat(events.size()).isEqualTo(once.events()).isGreaterThan(50);
      assertThat(again.hash()).as("seed %d", seed).isEqualTo(once.hash());
      assertThat(again.events()).isEqualTo(once.events());
      assertThat(Simulation.run(seed + 1_000, null).hash()).isNotEqualTo(once.hash());
    }
  }

  /** Another process has other hash seeds, addresses and threads. */
  @Test
  void aSeedReplaysExactlyInAnotherProcess() throws IOException, InterruptedException {
    StringBuilder expected = new StringBuilder();
    for (long seed = 20; seed < 30; seed++) {
      expected.append("%016x%n".formatted(Simulation.run(seed, null).hash()));
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> argument.startsWith("-") && !argument.startsWith("-javaagent"))
            .toList());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Hashes.class.getName()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String hashes = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(hashes).isEqualTo(expected.toString());
  }

  /** Prints the hashes of ten seeds. */
  static final class Hashes {
    private Hashes() {}

    public static void main(String[] arguments) {
      for (long seed = 20; seed < 30; seed++) {
        System.out.printf("%016x%n", Simulation.run(seed, null).hash());
      }
    }
  }
}
