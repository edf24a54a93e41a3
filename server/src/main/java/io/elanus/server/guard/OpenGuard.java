package io.elanus.server.guard;

/** No authentication configured: whoever says a name gets it. */
public final class OpenGuard implements Guard {
  @Override
  public String authenticate(Credentials credentials) {
    return credentials instanceof Credentials.UserPassword user ? user.user() : "";
  }
}
