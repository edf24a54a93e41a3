package io.elanus.server.guard;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;

/** One user, root, with a configured password. */
public final class PasswordGuard implements Guard {
  public static final String ROOT = "root";

  private final Secret rootPassword;

  public PasswordGuard(Secret rootPassword) {
    if (rootPassword.isEmpty()) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "the password of root is empty; configure one or turn authentication off");
    }
    this.rootPassword = rootPassword;
  }

  @Override
  public String authenticate(Credentials credentials) {
    return switch (credentials) {
      case Credentials.UserPassword user -> {
        // Both are always looked at, so that timing does not tell which one was wrong.
        boolean known = user.user().equals(ROOT);
        boolean right = rootPassword.matches(user.password());
        if (!(known & right)) {
          throw refused("auth check failure, please check username and password are correct");
        }
        yield ROOT;
      }
      case Credentials.None ignored ->
          throw refused("missing authorization; send the user and password");
      case Credentials.Token ignored ->
          throw refused("auth check failure, please check api key is correct");
      case Credentials.Unreadable ignored ->
          throw refused("the authorization sent is not base64 of user:password");
    };
  }

  private static ElanusException refused(String message) {
    return new ElanusException(ErrorCode.NOT_AUTHENTICATED, message);
  }
}
