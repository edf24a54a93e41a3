package io.elanus.sim.run;

import io.elanus.sim.disk.DiskCall;
import io.elanus.sim.disk.DiskWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides at every call of disk and catalog who goes on, whether the call fails, and whether the
 * process is dead from here on.
 */
final class Faults implements DiskWatch {
  /** A call that fails once; a full disk fails until it is healed. */
  enum Kind {
    BROKEN_WRITE(Set.of(DiskCall.WRITE), Failure.BROKEN),
    SHORT_WRITE_FULL(Set.of(DiskCall.WRITE), Failure.FULL),
    BROKEN_FORCE(Set.of(DiskCall.FORCE), Failure.BROKEN),
    BROKEN_FOLDER_FORCE(Set.of(DiskCall.FORCE_FOLDER), Failure.BROKEN),
    BROKEN_CREATE(Set.of(DiskCall.CREATE, DiskCall.CREATE_FOLDER), Failure.BROKEN),
    BROKEN_RENAME(Set.of(DiskCall.RENAME), Failure.BROKEN),
    BROKEN_DELETE(Set.of(DiskCall.DELETE), Failure.BROKEN),
    BROKEN_READ(Set.of(DiskCall.READ, DiskCall.OPEN, DiskCall.LIST), Failure.BROKEN),
    BROKEN_TRUNCATE(Set.of(DiskCall.TRUNCATE), Failure.BROKEN),
    FULL(Set.of(), Failure.FULL);

    private final Set<DiskCall> calls;
    private final String message;

    Kind(Set<DiskCall> calls, String message) {
      this.calls = calls;
      this.message = message;
    }
  }

  private static final class Armed {
    final Kind kind;
    final double part;
    int callsLeft;

    Armed(Kind kind, int callsLeft, double part) {
      this.kind = kind;
      this.callsLeft = callsLeft;
      this.part = part;
    }
  }

  private final Trace trace;
  private final Sightings sightings;
  private final List<Armed> armed = new ArrayList<>();
  private boolean off;
  private boolean paused;
  private boolean full;
  private int callsToDeath;
  private boolean dead;
  private int landed;

  Faults(Trace trace, Sightings sightings) {
    this.trace = trace;
    this.sightings = sightings;
  }

  void arm(Kind kind, int calls, double part) {
    if (kind == Kind.FULL) {
      full = true;
    } else {
      armed.add(new Armed(kind, calls, part));
    }
  }

  void heal() {
    armed.clear();
    full = false;
  }

  /** While paused nothing fails and nobody dies. */
  void pause(boolean now) {
    paused = now;
  }

  void dieAfter(int calls) {
    callsToDeath = calls;
  }

  boolean dead() {
    return dead;
  }

  /** Failures so far in this process. */
  int landed() {
    return landed;
  }

  /** The process is dead; what is left of it runs to its end unwatched. */
  void turnOff() {
    off = true;
  }

  @Override
  public @Nullable Failure before(DiskCall call, String path, long bytes) {
    // The mark is moved under a monitor, which a waiting thread would not give up in an order that
    // the seed decides.
    boolean yields = !path.equals("catalog/timestamp/mark");
    if (off) {
      if (yields) {
        // Or a loop that waits for another thread would never end.
        Thread.yield();
      }
      return null;
    }
    trace.note(call.name(), path, bytes);
    if (!paused && callsToDeath > 0 && --callsToDeath == 0) {
      dead = true;
    }
    if (yields) {
      Thread.yield();
    }
    if (off || paused) {
      return null;
    }
    Failure failure = failure(call, path, bytes);
    if (failure != null) {
      landed++;
      trace.note("FAILS", path, landed);
      sightings.saw("failed " + call + " of " + kindOf(path));
      Places.of(Thread.currentThread()).forEach(place -> sightings.saw("fault in " + place));
    }
    return failure;
  }

  private @Nullable Failure failure(DiskCall call, String path, long bytes) {
    for (Armed each : armed) {
      if (each.kind.calls.contains(call) && --each.callsLeft <= 0) {
        armed.remove(each);
        return new Failure(each.kind.message, each.part);
      }
    }
    boolean grows =
        call == DiskCall.CREATE
            || call == DiskCall.CREATE_FOLDER
            || (call == DiskCall.WRITE && bytes > 0);
    return full && grows && !path.startsWith("catalog/") ? new Failure(Failure.FULL, 0) : null;
  }

  /** For counting: numbers are left out. */
  static String kindOf(String path) {
    if (path.startsWith("catalog/")) {
      return "catalog";
    }
    if (path.startsWith("/data/log")) {
      return path.endsWith(".log") ? "log" : "log folder";
    }
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.startsWith("manifest")
        ? "manifest"
        : name.startsWith("data.arrow")
            ? "rows"
            : name.startsWith("deletes-")
                ? "deletes"
                : name.startsWith("index-") ? "index" : "object folder";
  }
}
