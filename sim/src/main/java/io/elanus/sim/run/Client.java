package io.elanus.sim.run;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.sim.model.Contents;
import io.elanus.sim.model.Effect;
import io.elanus.sim.model.Possibilities;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Writes one collection, alone, through all lives of the process, and remembers what it may hold.
 * An error that no fault explains, and an answer that no possible contents explain, break the run.
 */
final class Client {
  private static final int POSSIBILITIES_MAX = 8;

  final String name;
  final String alias;
  final Possibilities possible = new Possibilities();
  private final World world;
  private final List<Step> steps;
  private int position;
  private long lastTimestamp;

  Client(World world, int number, List<Step> steps) {
    this.world = world;
    this.name = "c" + number;
    this.alias = "a" + number;
    this.steps = steps;
  }

  boolean finished() {
    return position == steps.size();
  }

  /** Until the process stops, dies, or nothing is left to do. */
  void work(Incarnation process) {
    Operations operations = new Operations(this, process, world);
    while (!finished() && !process.stopping()) {
      Step step = steps.get(position++);
      world.trace.note("STEP", name + " " + step.kind(), position);
      operations.perform(step);
      Thread.yield();
    }
  }

  /** Asks questions while the client writes. */
  void read(Incarnation process, Random chance, int questions) {
    List<Step.Kind> kinds = List.of(Step.Kind.QUERY, Step.Kind.COUNT, Step.Kind.SEARCH);
    for (int i = 0; i < questions && !process.stopping(); i++) {
      Question question = Question.draw(chance, possible.any(), kinds.get(chance.nextInt(3)));
      ask(process, question, name);
      Thread.yield();
    }
  }

  /** As the server's clockwork does every few seconds. */
  void tick(Incarnation process) {
    try {
      process.database().tick();
      process.refuseOver();
    } catch (ElanusException e) {
      process.refuseOver();
      explain(process, "a tick", e);
    }
  }

  // --- writes ---------------------------------------------------------------------------------

  /** What a call answers. */
  interface Call<T> {
    T on(Database database);
  }

  /** An operation with nothing to check but its effect. */
  boolean change(Incarnation process, String what, Effect effect, Runnable call) {
    return change(
        process,
        what,
        effect,
        database -> {
          call.run();
          return true;
        },
        answer -> contents -> true);
  }

  /**
   * Calls, and keeps what is possible after it.
   *
   * @param fits whether an answer fits the contents before the call
   */
  <T> boolean change(
      Incarnation process,
      String what,
      Effect effect,
      Call<T> call,
      java.util.function.Function<T, Predicate<Contents>> fits) {
    process.refuseOver();
    possible.begin(effect);
    T answer;
    try {
      answer = call.on(process.database());
      process.refuseOver();
    } catch (ElanusException e) {
      process.refuseOver();
      world.trace.note("REFUSED", what + " " + e.code(), process.faults.landed());
      failed(process, what, effect, e);
      return false;
    }
    boolean afterFailures = possible.failedRows();
    if (!possible.done(effect, fits.apply(answer), writesRows(what))) {
      throw new Broken(
          "an operation did what it could not",
          "%s on %s answered %s".formatted(what, name, answer));
    }
    if (afterFailures && writesRows(what)) {
      world.sightings.saw("write after one that failed");
    }
    world.trace.note("DONE", what, answer.hashCode());
    return true;
  }

  private static boolean writesRows(String what) {
    return what.startsWith("insert") || what.startsWith("upsert") || what.startsWith("delete");
  }

  private void failed(Incarnation process, String what, Effect effect, ElanusException e) {
    if (e.code().kind() == ErrorCode.Kind.USER) {
      if (!possible.refused(effect)) {
        throw new Broken("refused without reason", what + " on " + name, e);
      }
      return;
    }
    explain(process, what, e);
    if (!possible.sure()) {
      world.sightings.saw("operation of unknown outcome");
    }
    possible.unknown(effect, writesRows(what));
    if (e.code() == ErrorCode.DISK_LIMIT && position % 2 == 0) {
      process.faults.heal();
      tick(process);
    }
    boolean hopeless =
        e.code() == ErrorCode.LOG_FAILED || possible.all().size() > POSSIBILITIES_MAX;
    if (hopeless) {
      world.restartWanted(process);
    }
  }

  /** Errors that are not the user's need a fault. */
  private void explain(Incarnation process, String what, ElanusException e) {
    if (e.code() == ErrorCode.DATA_CORRUPT) {
      throw new Broken("whole data called corrupt", what + " on " + name, e);
    }
    if (process.faults.landed() == 0 && !process.faults.dead()) {
      throw new Broken("failed without a fault", what + " on " + name, e);
    }
  }

  /** Timestamps of writes grow for ever. */
  void wrote(Incarnation process, long timestamp) {
    process.refuseOver();
    if (timestamp <= lastTimestamp) {
      throw new Broken(
          "timestamps went back", "%d after %d on %s".formatted(timestamp, lastTimestamp, name));
    }
    lastTimestamp = timestamp;
  }

  // --- reads ----------------------------------------------------------------------------------

  /** Asks, and compares with everything that was possible from before until after. */
  void ask(Incarnation process, Question question, String called) {
    process.refuseOver();
    Set<Contents> window = possible.watch();
    try {
      Object answer;
      try {
        answer = question.ask(process.database(), called);
        process.refuseOver();
      } catch (ElanusException e) {
        process.refuseOver();
        world.trace.note("REFUSED", question + " " + e.code(), window.size());
        boolean allowed =
            e.code().kind() == ErrorCode.Kind.USER
                && window.stream().anyMatch(contents -> !question.allowed(contents));
        if (!allowed) {
          if (e.code().kind() == ErrorCode.Kind.USER) {
            throw new Broken("a read was refused without reason", question + " on " + called, e);
          }
          explain(process, question.toString(), e);
        }
        return;
      }
      world.trace.note("ANSWER", question.toString(), answer.hashCode());
      if (process.database().skippedSegments() > 0) {
        world.sightings.saw("segment ruled out by its range");
      }
      if (window.size() > 1) {
        world.sightings.saw("read with several possible answers");
      }
      boolean right =
          window.stream().anyMatch(c -> question.allowed(c) && question.fits(answer, c));
      if (!right) {
        throw new Broken("a wrong answer", Differences.tell(question, answer, window, called));
      }
      if (window.size() == possible.all().size() && window.containsAll(possible.all())) {
        possible.saw(c -> question.allowed(c) && question.fits(answer, c));
      }
    } finally {
      possible.unwatch(window);
    }
  }

  // --- after a start --------------------------------------------------------------------------

  /**
   * Reads everything and takes it over where nobody knew. Called with nothing else going on but
   * work in the background.
   */
  void observe(Incarnation process) {
    Operations operations = new Operations(this, process, world);
    int before = possible.all().size();
    Contents seen = told("names", () -> operations.names());
    keep("what there is after a start", seen, c -> Differences.sameNames(c, seen));
    if (seen.exists()) {
      operations.makeReadable();
      Question.Rows everything = new Question.Rows(Set.of(), Long.MAX_VALUE);
      Object rows = told("rows", () -> everything.ask(process.database(), name));
      keep("the rows after a start", rows, c -> everything.fits(rows, c));
      for (String partition : possible.any().partitions().keySet()) {
        Question.Rows part = new Question.Rows(Set.of(partition), Long.MAX_VALUE);
        Object some = told("rows", () -> part.ask(process.database(), name));
        keep("the rows of a partition after a start", some, c -> part.fits(some, c));
      }
    }
    if (before > 1) {
      world.sightings.saw("unknown outcome decided after a start");
    }
  }

  private <T> T told(String what, Supplier<T> call) {
    try {
      return call.get();
    } catch (ElanusException e) {
      throw new Broken("unreadable after a start", what + " of " + name, e);
    }
  }

  private void keep(String what, Object seen, Predicate<Contents> fits) {
    List<Contents> could = possible.all();
    if (!possible.keep(fits)) {
      throw new Broken(what + " cannot be", Differences.tell(seen, could, name));
    }
  }

  static Caller caller() {
    return Caller.SYSTEM;
  }
}
