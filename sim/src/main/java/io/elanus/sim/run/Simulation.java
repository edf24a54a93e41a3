package io.elanus.sim.run;

import io.elanus.model.error.ElanusException;
import io.elanus.sim.disk.DiskLosses;
import io.elanus.sim.disk.SimulatedCatalog;
import io.elanus.sim.disk.SimulatedDisk;
import io.elanus.sim.schedule.Scheduler;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One run from one seed: process after process over one disk, then peace, then a last look. */
public final class Simulation {
  private static final int TURNS_MAX = 400_000;
  private static final int DEATHS_WHILE_OPENING_MAX = 4;

  private final long seed;
  private final World world;
  private final List<Client> clients = new ArrayList<>();
  private final Random scheduling;
  private final Random fate;
  private SimulatedDisk disk = new SimulatedDisk();
  private SimulatedCatalog catalog = new SimulatedCatalog();

  private Simulation(long seed, @Nullable BitSet only, @Nullable Consumer<String> printer) {
    this.seed = seed;
    Random chance = new Random(seed * 0x9E37_79B9_7F4A_7C15L + 1);
    Configuration configuration = Configuration.draw(chance, new Random(~seed));
    world = new World(configuration, new Trace(printer), new Sightings());
    for (int i = 0; i < configuration.clients(); i++) {
      List<Step> steps = Step.draw(configuration.steps(), configuration.operations(), chance);
      int first = i * configuration.steps();
      clients.add(
          new Client(
              world,
              i,
              IntStream.range(0, steps.size())
                  .filter(step -> only == null || only.get(first + step))
                  .mapToObj(steps::get)
                  .toList()));
    }
    scheduling = new Random(chance.nextLong());
    fate = new Random(chance.nextLong());
  }

  /**
   * Runs a seed to its end.
   *
   * @param printer told of every event, or null
   */
  public static Outcome run(long seed, @Nullable Consumer<String> printer) {
    return run(seed, null, printer);
  }

  /** Over all clients. */
  static int stepCount(long seed) {
    Simulation simulation = new Simulation(seed, null, null);
    return simulation.clients.size() * simulation.world.configuration.steps();
  }

  /**
   * Runs some steps of a seed.
   *
   * @param only these, by their numbers over all clients; null for all
   */
  public static Outcome run(long seed, @Nullable BitSet only, @Nullable Consumer<String> printer) {
    UnexpectedErrors.forget();
    Simulation simulation = new Simulation(seed, only, printer);
    Broken broken = null;
    try {
      simulation.run();
    } catch (Broken e) {
      broken = e;
    }
    World world = simulation.world;
    return new Outcome(seed, world.trace.hash(), world.trace.events(), world.sightings, broken);
  }

  private void run() {
    world.trace.note("SETTINGS", world.configuration.toString(), seed);
    while (!clients.stream().allMatch(Client::finished)) {
      Incarnation process = open();
      observe(process);
      work(process);
      if (!process.faults.dead()) {
        close(process);
      }
      succeed(process);
    }
    new Peace(this, world, clients).rest();
  }

  // --- the life of a process ------------------------------------------------------------------

  /** A process that is open, after as many as it takes. */
  Incarnation open() {
    for (int deaths = 0; ; ) {
      Incarnation process = fresh();
      boolean calm = deaths >= DEATHS_WHILE_OPENING_MAX;
      if (!calm && fate.nextInt(100) < world.configuration.recoveryCrashPercent()) {
        world.dieSoon(process, fate, fate.nextBoolean());
        if (fate.nextBoolean()) {
          world.fault(process, fate);
        }
      }
      ElanusException refusal = tryOpen(process);
      if (refusal == null && !process.faults.dead()) {
        refuseDamage(process);
        process.faults.dieAfter(0);
        return process;
      }
      deaths++;
      if (refusal != null) {
        world.trace.note("UNOPENED", refusal.code().name(), deaths);
        if (process.faults.landed() == 0 && !process.faults.dead()) {
          throw new Broken("does not open", "without a fault", refusal);
        }
        world.sightings.saw("start refused after a fault");
      } else {
        world.sightings.saw("death while opening");
      }
      succeed(process);
    }
  }

  private Incarnation fresh() {
    Scheduler scheduler =
        new Scheduler(
            scheduling,
            world.configuration.manner(),
            thread -> world.trace.note("TURN", thread, 0));
    return new Incarnation(
        world.configuration,
        world.clock(),
        disk,
        catalog,
        scheduler,
        new Faults(world.trace, world.sightings),
        new Random(scheduling.nextLong()));
  }

  private @Nullable ElanusException tryOpen(Incarnation process) {
    ElanusException[] refusal = {null};
    process.scheduler.start(
        "opening",
        false,
        () -> {
          try {
            process.open();
          } catch (ElanusException e) {
            refusal[0] = e;
          }
        });
    runUntil(process, () -> process.isOpen() || refusal[0] != null);
    return refusal[0];
  }

  /** No damage was done in this world, so none may be found. */
  private static void refuseDamage(Incarnation process) {
    List<String> damaged = process.database().damaged();
    if (!damaged.isEmpty()) {
      throw new Broken("whole data called corrupt", "after a start: " + damaged);
    }
  }

  /** Alone in the process, but for its background. */
  void observe(Incarnation process) {
    process.faults.pause(true);
    boolean[] done = {false};
    process.scheduler.start(
        "observer",
        false,
        () -> {
          clients.forEach(client -> client.observe(process));
          done[0] = true;
        });
    runUntil(process, () -> done[0]);
    process.faults.pause(false);
  }

  private void work(Incarnation process) {
    int[] working = {clients.size()};
    for (Client client : clients) {
      process.scheduler.start(
          client.name,
          false,
          () -> {
            client.work(process);
            working[0]--;
          });
      for (int i = 0; i < world.configuration.readers(); i++) {
        Random chance = new Random(fate.nextLong());
        process.scheduler.start(
            client.name + "-reader",
            false,
            () -> client.read(process, chance, world.configuration.questions()));
      }
    }
    runUntil(process, () -> working[0] == 0);
  }

  /** Stops as a server does; it may die on the way. */
  void close(Incarnation process) {
    process.stop();
    boolean[] done = {false};
    process.scheduler.start(
        "closing",
        false,
        () -> {
          try {
            process.database().close();
          } catch (ElanusException e) {
            if (process.faults.landed() == 0) {
              throw new Broken("failed without a fault", "close", e);
            }
          }
          done[0] = true;
        });
    runUntil(process, () -> done[0]);
    if (!process.faults.dead()) {
      // What is left of readers and background ends by itself.
      process.scheduler.run(process.faults::dead, TURNS_MAX);
      refuseFailure(process);
    }
  }

  /** What the next process finds. */
  void succeed(Incarnation process) {
    boolean dead = process.faults.dead();
    if (dead) {
      look(process);
    }
    SimulatedDisk left = disk;
    // A process that ended by itself may still lose its machine before the next one starts.
    boolean power = dead ? world.powerCut() : fate.nextInt(4) == 0;
    if (power) {
      DiskLosses losses = new DiskLosses();
      disk = left.afterPowerCut(fate, losses);
      world.sightings.saw("torn sector", losses.tornSectors);
      world.sightings.saw("lost sector", losses.lostSectors);
      world.sightings.saw("lost entry of a folder", losses.lostEntries);
      world.sightings.saw("deletion undone", losses.deletionsUndone);
    } else {
      disk = left.afterKill();
    }
    catalog = catalog.afterCrash();
    world.trace.note(dead ? "DEATH" : "END", power ? "power cut" : "kill", 0);
    world.sightings.saw(power ? "power cut" : dead ? "kill" : "clean end");
    process.bury();
    UnexpectedErrors.forget();
    if (fate.nextInt(100) < world.configuration.rotPercent()) {
      rot(!dead && process.faults.landed() == 0);
    }
  }

  /** Damages a copy of the disk and lets a process look at it; then all goes on without. */
  private void rot(boolean closed) {
    SimulatedDisk sound = disk;
    SimulatedCatalog kept = catalog;
    disk = sound.afterKill();
    catalog = kept.afterCrash();
    Rot rot = new Rot(world, clients, new Random(fate.nextLong()));
    String file = rot.damage(disk, closed);
    if (!file.isEmpty()) {
      rot.look(fresh(), file);
    }
    disk = sound;
    catalog = kept;
  }

  private void look(Incarnation process) {
    for (Thread thread : process.scheduler.living()) {
      for (String place : Places.of(thread)) {
        world.sightings.saw("death in " + place);
      }
    }
  }

  // --- turns ----------------------------------------------------------------------------------

  /** Until the condition holds or the process is dead; it must get there. */
  void runUntil(Incarnation process, BooleanSupplier condition) {
    BooleanSupplier until = () -> process.faults.dead() || condition.getAsBoolean();
    int turns = process.scheduler.run(until, TURNS_MAX);
    refuseFailure(process);
    if (!until.getAsBoolean()) {
      String where = stacks(process);
      throw turns >= TURNS_MAX ? new Broken("no end", where) : new Broken("everybody waits", where);
    }
  }

  private static void refuseFailure(Incarnation process) {
    String logged = UnexpectedErrors.first();
    if (logged != null) {
      throw new Broken("background work failed by a defect", logged);
    }
    Throwable failure = process.scheduler.failure();
    if (failure instanceof Broken broken) {
      throw broken;
    }
    if (failure != null) {
      throw new Broken("an exception that is not for users", failure.toString(), failure);
    }
  }

  private static String stacks(Incarnation process) {
    StringBuilder text = new StringBuilder();
    for (Thread thread : process.scheduler.living()) {
      text.append("\n  ").append(thread.getName());
      for (StackTraceElement frame : thread.getStackTrace()) {
        if (frame.getClassName().startsWith("io.elanus")) {
          text.append("\n    ").append(frame);
        }
      }
    }
    return text.toString();
  }
}
