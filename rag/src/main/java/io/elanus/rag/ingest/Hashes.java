package io.elanus.rag.ingest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256. */
final class Hashes {
  private Hashes() {}

  static byte[] sha256(byte[] content) {
    return digest().digest(content);
  }

  static String hex(byte[] content) {
    return HexFormat.of().formatHex(sha256(content));
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
