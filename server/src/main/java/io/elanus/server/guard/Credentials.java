package io.elanus.server.guard;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What a caller says about who it is. */
public sealed interface Credentials {
  Credentials NONE = new None();

  /** Nothing was said. */
  record None() implements Credentials {}

  /** A user's name and password. */
  record UserPassword(String user, Secret password) implements Credentials {}

  /** A token without a user's name: an API key. */
  record Token(Secret token) implements Credentials {}

  /** Something was said that cannot be read. */
  record Unreadable() implements Credentials {}

  /** The {@code authorization} metadata of gRPC: base64 of {@code user:password} or of a token. */
  static Credentials ofGrpc(@Nullable String authorization) {
    if (authorization == null || authorization.isBlank()) {
      return NONE;
    }
    return ofBase64(authorization.trim());
  }

  /**
   * The {@code Authorization} header of HTTP: {@code Bearer user:password}, {@code Bearer token} or
   * {@code Basic base64}.
   */
  static Credentials ofHttp(@Nullable String authorization) {
    if (authorization == null || authorization.isBlank()) {
      return NONE;
    }
    String text = authorization.trim();
    if (text.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return ofToken(text.substring(7).trim());
    }
    if (text.regionMatches(true, 0, "Basic ", 0, 6)) {
      return ofBase64(text.substring(6).trim());
    }
    return new Unreadable();
  }

  private static Credentials ofBase64(String text) {
    try {
      return ofToken(new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return new Unreadable();
    }
  }

  private static Credentials ofToken(String token) {
    int colon = token.indexOf(':');
    if (colon < 0) {
      return token.isEmpty() ? NONE : new Token(new Secret(token));
    }
    if (colon == 0 && token.length() == 1) {
      // Clients that were given neither user nor password still send their separator.
      return NONE;
    }
    return new UserPassword(token.substring(0, colon), new Secret(token.substring(colon + 1)));
  }
}
