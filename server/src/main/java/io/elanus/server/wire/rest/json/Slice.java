package io.elanus.server.wire.rest.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A part of a byte array, not copied. */
public record Slice(byte[] bytes, int offset, int length) {
  public static Slice of(byte[] bytes) {
    return new Slice(bytes, 0, bytes.length);
  }

  public Slice part(int from, int partLength) {
    return new Slice(bytes, offset + from, partLength);
  }

  public byte[] copy() {
    return Arrays.copyOfRange(bytes, offset, offset + length);
  }

  public void to(ByteArrayOutputStream out) {
    out.write(bytes, offset, length);
  }

  public String text() {
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }
}
