package io.elanus.server.guard;

/** Decides who is calling. */
public interface Guard {
  /**
   * The principal's name, empty for nobody in particular.
   *
   * @throws io.elanus.model.error.ElanusException NOT_AUTHENTICATED
   */
  String authenticate(Credentials credentials);
}
