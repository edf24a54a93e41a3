package io.elanus.sim.run;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;

/** What outlives every process of a run: settings, time, chance, and the record of it all. */
final class World {
  private static final long START_MILLIS = 1_800_000_000_000L;
  private static final long HOUR_MILLIS = 3_600_000;

  final Configuration configuration;
  final Trace trace;
  final Sightings sightings;
  private long millis = START_MILLIS;
  private boolean powerCut;

  World(Configuration configuration, Trace trace, Sightings sightings) {
    this.configuration = configuration;
    this.trace = trace;
    this.sightings = sightings;
  }

  /** Virtual time, which goes on a little whenever somebody looks. */
  InstantSource clock() {
    return () -> Instant.ofEpochMilli(millis++);
  }

  void jumpClock(Random chance) {
    millis += chance.nextLong(2 * HOUR_MILLIS) - HOUR_MILLIS;
    sightings.saw("clock jumped");
  }

  void dieSoon(Incarnation process, Random chance, boolean power) {
    powerCut = power;
    // Mostly within the next operation, sometimes much later.
    process.faults.dieAfter(1 + chance.nextInt(chance.nextInt(4) == 0 ? 80 : 12));
  }

  /** Whether the last death was one of the whole machine. */
  boolean powerCut() {
    return powerCut;
  }

  void fault(Incarnation process, Random chance) {
    List<Faults.Kind> kinds = configuration.faults();
    if (!kinds.isEmpty()) {
      Faults.Kind kind = kinds.get(chance.nextInt(kinds.size()));
      process.faults.arm(kind, 1 + chance.nextInt(8), chance.nextInt(3) / 2.0);
      trace.note("ARM", kind.name(), 0);
    }
  }

  void restartWanted(Incarnation process) {
    process.stop();
  }
}
