package io.elanus.sim.run;

/** The database did not keep a promise. */
public final class Broken extends RuntimeException {
  private final String invariant;

  Broken(String invariant, String detail) {
    super(invariant + ": " + detail);
    this.invariant = invariant;
  }

  Broken(String invariant, String detail, Throwable cause) {
    super(invariant + ": " + detail, cause);
    this.invariant = invariant;
  }

  /** Which one, in a few words. */
  public String invariant() {
    return invariant;
  }
}
