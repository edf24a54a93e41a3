package io.elanus.server.validate;

import com.google.protobuf.ByteString;
import io.elanus.model.rows.SparseVector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A sparse vector as clients send it: pairs of a uint32 and a float32, little-endian. */
public final class SparseBytes {
  private static final int PAIR = 8;

  private SparseBytes() {}

  /** Whether the bytes are whole pairs. */
  static boolean whole(ByteString bytes) {
    return bytes.size() % PAIR == 0;
  }

  /** Whole pairs as a vector; nothing else is checked. */
  public static SparseVector read(ByteString bytes) {
    ByteBuffer pairs = bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    int[] indices = new int[bytes.size() / PAIR];
    float[] values = new float[indices.length];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = pairs.getInt();
      values[i] = pairs.getFloat();
    }
    return new SparseVector(indices, values);
  }

  public static ByteString write(SparseVector vector) {
    ByteBuffer pairs = ByteBuffer.allocate(PAIR * vector.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < vector.size(); i++) {
      pairs.putInt(vector.indices()[i]).putFloat(vector.values()[i]);
    }
    return ByteString.copyFrom(pairs.flip());
  }
}
