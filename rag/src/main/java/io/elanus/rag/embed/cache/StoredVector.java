package io.elanus.rag.embed.cache;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A vector as bytes outside of this process. Little-endian:
 *
 * <pre>
 * 0  byte     1, the layout
 * 1  int32    dimension d
 * 5  float32  d numbers
 *    int32    CRC32C over the key's UTF-8 and all bytes before this
 * </pre>
 */
final class StoredVector {
  private static final byte LAYOUT = 1;
  private static final int FRAME_BYTES = 1 + 2 * Integer.BYTES;

  private StoredVector() {}

  static byte[] write(String key, float[] vector) {
    ByteBuffer out =
        ByteBuffer.allocate(FRAME_BYTES + vector.length * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(LAYOUT)
            .putInt(vector.length);
    for (float x : vector) {
      out.putFloat(x);
    }
    out.putInt(checksum(key, out.array(), out.position()));
    return out.array();
  }

  /** Empty for bytes that are damaged, of another key, or of another dimension. */
  static Optional<float[]> read(String key, byte[] bytes, int dimension) {
    if (bytes.length != FRAME_BYTES + dimension * Float.BYTES) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int body = bytes.length - Integer.BYTES;
    try {
      if (in.getInt(body) != checksum(key, bytes, body)
          || in.get() != LAYOUT
          || in.getInt() != dimension) {
        return Optional.empty();
      }
      float[] vector = new float[dimension];
      in.asFloatBuffer().get(vector);
      return Optional.of(vector);
    } catch (BufferUnderflowException e) {
      return Optional.empty();
    }
  }

  private static int checksum(String key, byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(key.getBytes(StandardCharsets.UTF_8));
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }
}
