package io.elanus.sim.disk;

import org.jspecify.annotations.Nullable;

/** Told of every call before it takes effect; decides whether it fails. */
public interface DiskWatch {
  /** Every call works. */
  DiskWatch NONE = (call, path, bytes) -> null;

  /**
   * Others may run before this returns.
   *
   * @param bytes of a write that would make the file longer, 0 for all other calls
   * @return how it fails, or null
   */
  @Nullable Failure before(DiskCall call, String path, long bytes);

  /**
   * A failing call.
   *
   * @param message as the system words it
   * @param part of a write's bytes that arrive all the same, 0 to 1
   */
  record Failure(String message, double part) {
    public static final String BROKEN = "Input/output error";
    public static final String FULL = "No space left on device";
  }
}
