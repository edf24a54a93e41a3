package io.elanus.server.guard;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A password or token. It prints as {@code ***} and compares in constant time. */
public final class Secret {
  private final byte[] value;

  public Secret(String value) {
    this.value = value.getBytes(StandardCharsets.UTF_8);
  }

  public boolean matches(Secret other) {
    return MessageDigest.isEqual(digest(value), digest(other.value));
  }

  public boolean isEmpty() {
    return value.length == 0;
  }

  @Override
  public String toString() {
    return "***";
  }

  /** Digests have one length, so that the comparison says nothing about the secret's. */
  private static byte[] digest(byte[] value) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(value);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
