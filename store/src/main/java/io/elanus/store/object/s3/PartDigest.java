package io.elanus.store.object.s3;

import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The checksum that S3 keeps of an object, its entity tag: the MD5 of what was put at once, or, of
 * what was put in parts, the MD5 of the parts' MD5s and their number. It guards against accidents,
 * not against people; whoever needs that compares SHA-256 above this.
 */
final class PartDigest {
  private final long partBytes;
  private final MessageDigest part = md5();
  private final MessageDigest parts = md5();
  private long inPart;
  private int count;

  /**
   * @param partBytes of every part but the last; 0 for what was put at once
   */
  PartDigest(long partBytes) {
    this.partBytes = partBytes;
  }

  static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }

  /** As the header Content-MD5 has it. */
  static String header(byte[] bytes, int length) {
    MessageDigest digest = md5();
    digest.update(bytes, 0, length);
    return Base64.getEncoder().encodeToString(digest.digest());
  }

  void update(MemorySegment bytes) {
    long at = 0;
    while (at < bytes.byteSize()) {
      if (partBytes > 0 && inPart == partBytes) {
        endPart();
      }
      long room = partBytes > 0 ? partBytes - inPart : Long.MAX_VALUE;
      long length = Math.min(room, bytes.byteSize() - at);
      part.update(bytes.asSlice(at, length).asByteBuffer());
      inPart += length;
      at += length;
    }
  }

  private void endPart() {
    parts.update(part.digest());
    count++;
    inPart = 0;
  }

  /** Without quotes. */
  String tag() {
    if (partBytes == 0) {
      return HexFormat.of().formatHex(part.digest());
    }
    endPart();
    return HexFormat.of().formatHex(parts.digest()) + "-" + count;
  }

  /**
   * How to check an object that has this tag; empty where the tag is no such checksum, as of what
   * is encrypted with keys of a key service.
   *
   * @param partBytes as the object's metadata has it; 0 where it has none
   */
  static Optional<PartDigest> of(String tag, long partBytes, boolean encryptedByKeyService) {
    if (encryptedByKeyService) {
      return Optional.empty();
    }
    if (tag.matches("[0-9a-f]{32}")) {
      return Optional.of(new PartDigest(0));
    }
    return tag.matches("[0-9a-f]{32}-\\d{1,5}") && partBytes > 0
        ? Optional.of(new PartDigest(partBytes))
        : Optional.empty();
  }
}
