package io.elanus.sim;

import static java.util.stream.Collectors.joining;

import io.elanus.sim.run.Broken;
import io.elanus.sim.run.Outcome;
import io.elanus.sim.run.Shrinking;
import io.elanus.sim.run.Sightings;
import io.elanus.sim.run.Simulation;
import java.io.PrintStream;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./elanus sim}: many seeds, or one with everything that happens in it. */
@Command(
    name = "elanus sim",
    description = "Runs whole databases on disks that fail, one after the other, from seeds.",
    mixinStandardHelpOptions = true)
public final class SimulationCommand implements Callable<Integer> {
  @Option(names = "--seeds", description = "How many (default ${DEFAULT-VALUE}).")
  private int seeds = 1_000;

  @Option(names = "--first", description = "The first one (default ${DEFAULT-VALUE}).")
  private long first = 1;

  @Option(names = "--seed", description = "Only this one.")
  private long only = Long.MIN_VALUE;

  @Option(names = "--trace", description = "With --seed, prints every event.")
  private boolean trace;

  @Option(
      names = "--shrink",
      description = "With --seed, finds the few steps of it that break the same promise.")
  private boolean shrink;

  @Option(names = "--steps", description = "With --seed, only these, e.g. 3,17,20.", split = ",")
  private List<Integer> steps = List.of();

  @Option(names = "--failures", description = "Stops after so many (default ${DEFAULT-VALUE}).")
  private int failuresMax = 1;

  @Option(names = "--seen", description = "Prints how often what was seen.")
  private boolean seen;

  private SimulationCommand() {}

  /** Exits with 0, with 1 where a promise was broken, and 2 for wrong arguments. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new SimulationCommand()).execute(arguments));
  }

  @Override
  public Integer call() {
    PrintStream out = System.out;
    if (only != Long.MIN_VALUE) {
      BitSet kept = shrink ? Shrinking.shrink(only) : given();
      if (shrink && kept != null) {
        String left = kept.stream().mapToObj(Integer::toString).collect(joining(","));
        out.printf("%d steps are left: --seed %d --steps %s%n", kept.cardinality(), only, left);
      }
      Outcome outcome = Simulation.run(only, kept, trace ? out::println : null);
      print(outcome, out);
      return outcome.broken() == null ? 0 : 1;
    }
    Sightings sightings = new Sightings();
    int failures = 0;
    long done = 0;
    try (ProgressBar bar = System.console() == null ? null : new ProgressBar("Seeds", seeds)) {
      while (done < seeds && failures < failuresMax) {
        Outcome outcome = Simulation.run(first + done, null);
        sightings.add(outcome.sightings());
        done++;
        if (bar != null) {
          bar.step();
        }
        if (outcome.broken() != null) {
          failures++;
          print(outcome, out);
        }
      }
    }
    if (seen) {
      sightings.counts().forEach((what, times) -> out.printf("%9d  %s%n", times, what));
    }
    out.printf("%d seeds from %d, %d broken%n", done, first, failures);
    return failures == 0 ? 0 : 1;
  }

  private @Nullable BitSet given() {
    if (steps.isEmpty()) {
      return null;
    }
    BitSet some = new BitSet();
    steps.forEach(some::set);
    return some;
  }

  private static void print(Outcome outcome, PrintStream out) {
    Broken broken = outcome.broken();
    out.printf(
        "seed %d: %s, %d events, hash %016x%n",
        outcome.seed(),
        broken == null ? "every promise kept" : "BROKEN",
        outcome.events(),
        outcome.hash());
    if (broken != null) {
      broken.printStackTrace(out);
      out.printf("replay: ./elanus sim --seed %d --trace%n", outcome.seed());
    }
  }
}
