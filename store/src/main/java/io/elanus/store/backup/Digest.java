package io.elanus.store.backup;

import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over memory, as 64 hexadecimal digits. */
public final class Digest {
  private static final long PIECE_BYTES = 1 << 20;

  private final MessageDigest digest;

  public Digest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  public static String of(MemorySegment bytes) {
    return of(bytes, Progress.NONE);
  }

  static String of(MemorySegment bytes, Progress progress) {
    Digest digest = new Digest();
    for (long at = 0; at < bytes.byteSize(); at += PIECE_BYTES) {
      long length = Math.min(PIECE_BYTES, bytes.byteSize() - at);
      digest.update(bytes.asSlice(at, length));
      progress.advance(length);
    }
    return digest.hex();
  }

  /** Adds bytes, off the heap or in an array of bytes. */
  public void update(MemorySegment bytes) {
    for (long at = 0; at < bytes.byteSize(); at += PIECE_BYTES) {
      long length = Math.min(PIECE_BYTES, bytes.byteSize() - at);
      digest.update(bytes.asSlice(at, length).asByteBuffer());
    }
  }

  /** The digest of all there was; ends the computation. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  static boolean isOne(String text) {
    return text.matches("[0-9a-f]{64}");
  }
}
