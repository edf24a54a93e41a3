package io.elanus.index.sparse;

/** Values as whole steps, rounded up, so that a sum of impacts is never less than the sum meant. */
final class Impacts {
  private Impacts() {}

  /** The step with which the largest value of a block takes no more than 255 of them. */
  static float step(float max) {
    return Math.max(Float.MIN_NORMAL, Math.nextUp(max / PostingsFile.STEPS));
  }

  /** Steps that are worth at least the value, from 1 to 255. */
  static int of(float value, float step) {
    int steps = Math.max(1, (int) Math.ceil((double) value / step));
    return Math.min(PostingsFile.STEPS, steps);
  }
}
