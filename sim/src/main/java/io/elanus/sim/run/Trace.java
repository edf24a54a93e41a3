package io.elanus.sim.run;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Everything that happened, as one number; equal numbers mean that a replay was exact. */
final class Trace {
  private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

  private final @Nullable Consumer<String> printer;
  private long hash = MULTIPLIER;
  private long events;

  Trace(@Nullable Consumer<String> printer) {
    this.printer = printer;
  }

  /** In many traces only the hash is wanted; the words are then never put together. */
  void note(String kind, String what, long number) {
    events++;
    hash = (hash ^ kind.hashCode()) * MULTIPLIER;
    hash = (hash ^ what.hashCode()) * MULTIPLIER;
    hash = (Long.rotateLeft(hash, 29) ^ number) * MULTIPLIER;
    Consumer<String> to = printer;
    if (to != null) {
      to.accept("%7d %-10s %s %d".formatted(events, kind, what, number));
    }
  }

  boolean printed() {
    return printer != null;
  }

  long hash() {
    return hash;
  }

  long events() {
    return events;
  }
}
