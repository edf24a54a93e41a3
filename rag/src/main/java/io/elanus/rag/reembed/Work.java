package io.elanus.rag.reembed;

import io.elanus.model.Caller;
import io.elanus.model.Collections;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.info.IndexInfo;
import io.elanus.model.schema.IndexSpec;
import io.elanus.rag.embed.Embedder;
import io.elanus.rag.ingest.Shelves;
import io.elanus.rag.knowledge.KnowledgeSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the thread of a re-embedding does: make the second collection, fill it, follow the one that
 * has the say until it is over. Page by page, each under the turn of the re-embedding.
 */
final class Work {
  private static final Logger LOG = LoggerFactory.getLogger(Work.class);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration SAVE_EVERY = Duration.ofSeconds(1);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  /** Following takes a fifth of the time at most. */
  private static final int REST = 4;

  private final Reembeddings.Ports ports;
  private final Consumer<Reembedding> save;
  private final Map<String, Follower> followers = new ConcurrentHashMap<>();

  Work(Reembeddings.Ports ports, Consumer<Reembedding> save) {
    this.ports = ports;
    this.save = save;
  }

  Sides sides(Reembedding one) {
    return Sides.of(ports.database(), one.head.owner(), one.head.first(), one.second());
  }

  void save(Reembedding one) {
    save.accept(one);
  }

  Follower follower(Reembedding one) {
    return followers.computeIfAbsent(
        one.head.id(),
        id ->
            new Follower(
                ports.database(),
                ports.embedders(),
                new Manners(ports.activity(), one.head.textsPerSecond())));
  }

  /** What one thread remembers between two pages. */
  private static final class Pass {
    /** Key up to which this pass is; empty at its begin. */
    String after = "";

    boolean begun;
    long truth;
    long operation = -1;
    Instant startedAt = Instant.MIN;

    /** The newest write that a whole pass has seen, of the collection that has the say. */
    long seenOf = -1;

    long seen = -1;
    Instant rest = Instant.MIN;
    Instant saved = Instant.MIN;
    int failures;
    boolean done;
  }

  /** Until it is over or the server stops. */
  void run(Reembedding one, BooleanSupplier closed) {
    Pass pass = new Pass();
    pass.after = one.state() == State.RUNNING ? one.cursor() : "";
    try {
      while (!closed.getAsBoolean()) {
        Duration pause = turn(one, pass);
        if (pass.done) {
          followers.remove(one.head.id());
          return;
        }
        if (!pause.isZero()) {
          ports.activity().pause(pause);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration turn(Reembedding one, Pass pass) throws InterruptedException {
    one.turn.lockInterruptibly();
    try {
      Duration pause = step(one, pass);
      pass.failures = 0;
      return pause;
    } catch (ElanusException e) {
      return failed(one, pass, e);
    } catch (RuntimeException e) {
      LOG.error("the re-embedding {} failed by a bug", one.head.id(), e);
      return failed(
          one,
          pass,
          new ElanusException(
              ErrorCode.NOT_READY,
              "the server failed by a mistake of its own; its log has the details",
              e));
    } finally {
      one.turn.unlock();
    }
  }

  /**
   * Whatever somebody may mend is waited for: what was embedded so far is not thrown away. Without
   * one of the collections there is nothing to go on with.
   */
  private Duration failed(Reembedding one, Pass pass, ElanusException e) {
    pass.failures++;
    one.waiting(e.getMessage());
    boolean dropped = e.code() == ErrorCode.COLLECTION_NOT_FOUND;
    boolean refused = e.code().kind() == ErrorCode.Kind.USER && one.second() == 0;
    if (!one.state().isOver() && (dropped || refused)) {
      if (one.state() == State.SWITCHED) {
        one.note("the collection that was kept aside was dropped by somebody");
        one.to(State.FINISHED, ports.clock().millis());
      } else {
        one.fail("it cannot go on: " + e.getMessage(), ports.clock().millis());
      }
      saveQuietly(one);
      return Duration.ZERO;
    }
    long pause = FIRST_PAUSE.toMillis() << Math.min(10, pass.failures - 1);
    return Duration.ofMillis(Math.min(LONGEST_PAUSE.toMillis(), pause));
  }

  private void saveQuietly(Reembedding one) {
    try {
      save(one);
    } catch (ElanusException e) {
      LOG.warn("what became of a re-embedding cannot be written: {}", e.getMessage());
    }
  }

  private Duration step(Reembedding one, Pass pass) {
    if (one.state().isOver()) {
      dropAside(one);
      pass.done = true;
      return Duration.ZERO;
    }
    if (one.state() == State.RUNNING) {
      prepare(one);
    }
    Sides sides = sides(one);
    settle(one, sides);
    if (one.isOutOfTime(ports.clock().millis())) {
      one.to(State.FINISHED, ports.clock().millis());
      save(one);
      return Duration.ZERO;
    }
    requireModel(sides);
    Instant now = ports.clock().instant();
    if (!pass.begun || pass.truth != sides.truth().id()) {
      if (pass.truth != sides.truth().id() && pass.truth != 0) {
        pass.after = "";
      }
      long operation = operation(one, sides);
      boolean nothing = pass.seenOf == sides.truth().id() && pass.seen == operation;
      if (nothing || now.isBefore(pass.rest)) {
        return LOOK;
      }
      pass.begun = true;
      pass.truth = sides.truth().id();
      // A pass that goes on where another server left it has not seen what it left behind it.
      pass.operation = pass.after.isEmpty() ? operation : -1;
      pass.startedAt = now;
    }
    Follower.Step step = follower(one).step(one.head.owner(), sides, pass.after);
    one.add(step);
    pass.after = step.after();
    if (step.last()) {
      end(one, pass);
    } else if (pass.saved.plus(SAVE_EVERY).isBefore(now)) {
      pass.saved = now;
      save(one);
    }
    return Duration.ZERO;
  }

  private void end(Reembedding one, Pass pass) {
    pass.begun = false;
    pass.after = "";
    pass.seenOf = pass.truth;
    pass.seen = pass.operation;
    Instant now = ports.clock().instant();
    pass.rest = now.plus(Duration.between(pass.startedAt, now).multipliedBy(REST));
    if (one.state() == State.RUNNING) {
      one.to(State.READY, now.toEpochMilli());
      pass.rest = now;
    }
    save(one);
  }

  long operation(Reembedding one, Sides sides) {
    return ports
        .database()
        .collections()
        .version(one.head.owner(), sides.truth().name())
        .operation();
  }

  /** A crash between the exchange and its record leaves the record behind; the names count. */
  private void settle(Reembedding one, Sides sides) {
    boolean turned = sides.truth().id() != one.head.first();
    State state = one.state();
    if (turned && (state == State.READY || state == State.ROLLED_BACK)) {
      one.to(State.SWITCHED, ports.clock().millis());
      save(one);
    } else if (!turned && state == State.SWITCHED) {
      one.to(State.ROLLED_BACK, ports.clock().millis());
      save(one);
    }
  }

  /** Makes the second collection, or what a crash left of that to do. */
  private void prepare(Reembedding one) {
    if (one.second() != 0) {
      return;
    }
    Caller owner = one.head.owner();
    Collections collections = ports.database().collections();
    CollectionInfo first = collections.describe(owner, one.head.first());
    Map<String, String> aside = KnowledgeSchema.aside(one.head.aside());
    if (!first.properties().entrySet().containsAll(aside.entrySet())) {
      collections.alter(owner, first.name(), aside, Set.of());
      first = collections.describe(owner, one.head.first());
    }
    CollectionInfo second =
        collections.exists(owner, one.head.aside())
            ? collections.describe(owner, one.head.aside())
            : collections.create(
                owner, KnowledgeSchema.copy(first, one.head.aside(), one.head.to()));
    List<IndexSpec> there = indexes(owner, second.name());
    for (IndexSpec index : wanted(owner, first)) {
      if (there.stream().noneMatch(other -> other.field().equals(index.field()))) {
        ports.database().indexes().create(owner, second.name(), index);
      }
    }
    collections.load(owner, second.name(), List.of());
    // Before either may be dropped: what is swept with one are documents of the other.
    Shelves shelves = new Shelves(ports.documents());
    shelves.share(one.head.shelf(), first.id());
    shelves.share(one.head.shelf(), second.id());
    one.rows(collections.rowCount(owner, first.name()));
    one.made(second.id());
    save(one);
  }

  private List<IndexSpec> wanted(Caller owner, CollectionInfo first) {
    List<IndexSpec> wanted = new ArrayList<>(indexes(owner, first.name()));
    for (IndexSpec usual : KnowledgeSchema.indexes()) {
      if (wanted.stream().noneMatch(index -> index.field().equals(usual.field()))) {
        wanted.add(usual);
      }
    }
    return wanted;
  }

  private List<IndexSpec> indexes(Caller owner, String collection) {
    try {
      return ports.database().indexes().describe(owner, collection, "").stream()
          .map(IndexInfo::spec)
          .toList();
    } catch (ElanusException e) {
      if (e.code() == ErrorCode.INDEX_NOT_FOUND) {
        return List.of();
      }
      throw e;
    }
  }

  /** A configuration that lacks the model for now is no reason to give up. */
  private void requireModel(Sides sides) {
    try {
      Embedder unused =
          ports.embedders().of(KnowledgeSchema.model(sides.copy()), sides.copy().name());
    } catch (ElanusException e) {
      throw new ElanusException(ErrorCode.NOT_READY, e.getMessage(), e);
    }
  }

  private void dropAside(Reembedding one) {
    Caller owner = one.head.owner();
    Collections collections = ports.database().collections();
    if (collections.exists(owner, one.head.aside())) {
      CollectionInfo aside = collections.describe(owner, one.head.aside());
      if (KnowledgeSchema.isAside(aside)) {
        for (String alias : aside.aliases()) {
          ports.database().aliases().drop(owner, alias);
        }
        collections.drop(owner, aside.name());
      }
    }
  }

  /**
   * Drops the collection that is aside, and is done.
   *
   * @param end FINISHED where that is the one with the old vectors, CANCELED where not
   */
  void end(Reembedding one, State end) {
    one.turn.lock();
    try {
      State state = one.state();
      if (state == end) {
        return;
      }
      boolean fits =
          end == State.FINISHED
              ? state == State.SWITCHED
              : !state.isOver() && state != State.SWITCHED;
      if (fits && one.second() != 0) {
        fits = sides(one).truth().id() != one.head.first() == (end == State.FINISHED);
      }
      if (!fits) {
        throw new ElanusException(
            ErrorCode.INVALID_ARGUMENT,
            end == State.FINISHED
                ? "the re-embedding %s is %s: only what was switched is finished"
                    .formatted(one.head.id(), state.spelled())
                : "the re-embedding %s is %s and cannot be canceled; what was switched is rolled back or finished"
                    .formatted(one.head.id(), state.spelled()));
      }
      one.to(end, ports.clock().millis());
      save(one);
      dropAside(one);
    } finally {
      one.turn.unlock();
    }
  }
}
