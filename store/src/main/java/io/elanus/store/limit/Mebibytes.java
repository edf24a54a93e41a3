package io.elanus.store.limit;

/** Sizes as refusals say them. */
final class Mebibytes {
  private Mebibytes() {}

  static String of(long bytes) {
    return "%,.1f MiB".formatted(bytes / 1024.0 / 1024.0);
  }
}
