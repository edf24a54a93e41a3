package io.elanus.sim.model;

import org.jspecify.annotations.Nullable;

/** What an operation makes of contents, whole or not at all. */
@FunctionalInterface
public interface Effect {
  /** The contents after it, or null where it must be refused. */
  @Nullable Contents on(Contents before);
}
