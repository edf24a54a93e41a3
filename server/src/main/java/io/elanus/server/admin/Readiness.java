package io.elanus.server.admin;

/** Whether the server takes calls, and if not, why. Set by who starts and stops it. */
public final class Readiness {
  /**
   * @param reason for people; empty when ready
   */
  public record State(boolean isReady, String reason) {}

  private static final State READY = new State(true, "");

  private volatile State state;

  private Readiness(State state) {
    this.state = state;
  }

  public static Readiness notYet(String reason) {
    return new Readiness(new State(false, reason));
  }

  public void setReady() {
    state = READY;
  }

  public void setNotReady(String reason) {
    state = new State(false, reason);
  }

  public State state() {
    return state;
  }
}
