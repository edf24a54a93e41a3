package io.elanus.index;

import io.elanus.model.rows.Halves;
import io.elanus.model.schema.DataType;
import io.elanus.testkit.fixture.Clustered;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Sets of vectors as another type holds them, and their bytes. */
final class Typed {
  /** Bits that stand for one number: as many as there are thresholds below it. */
  private static final int THRESHOLDS = 8;

  private Typed() {}

  /** The set with numbers that the type holds exactly; for bits with 0 and 1, eight a number. */
  static Clustered shaped(DataType type, Clustered raw) {
    float most = 1e-30f;
    for (float value : raw.vectors()) {
      most = Math.max(most, Math.abs(value));
    }
    boolean bits = type == DataType.BINARY_VECTOR;
    return new Clustered(
        bits ? THRESHOLDS * raw.dim() : raw.dim(),
        shaped(type, raw.vectors(), most),
        raw.clusters(),
        shaped(type, raw.queries(), most));
  }

  private static float[] shaped(DataType type, float[] values, float most) {
    if (type == DataType.BINARY_VECTOR) {
      float[] bits = new float[THRESHOLDS * values.length];
      for (int i = 0; i < bits.length; i++) {
        float threshold = (i % THRESHOLDS + 0.5f) / THRESHOLDS - 0.5f;
        bits[i] = values[i / THRESHOLDS] / most > threshold ? 1 : 0;
      }
      return bits;
    }
    float[] shaped = values.clone();
    for (int i = 0; i < shaped.length; i++) {
      shaped[i] =
          switch (type) {
            case INT8_VECTOR -> Math.clamp(Math.round(values[i] / most * 127), -128, 127);
            case FLOAT_VECTOR -> values[i];
            default -> Halves.widen(type, Halves.narrow(type, values[i]));
          };
    }
    return shaped;
  }

  static VectorData data(DataType type, Clustered shaped, Arena arena) {
    byte[] bytes = bytes(type, shaped.vectors());
    MemorySegment values =
        arena.allocate(Math.max(4, bytes.length), 64).copyFrom(MemorySegment.ofArray(bytes));
    return new VectorData(values, shaped.rows(), shaped.dim(), type);
  }

  static QueryVector query(DataType type, float[] shaped) {
    return type == DataType.INT8_VECTOR || type == DataType.BINARY_VECTOR
        ? new QueryVector.Bytes(type, bytes(type, shaped))
        : new QueryVector.Floats(shaped);
  }

  private static byte[] bytes(DataType type, float[] values) {
    switch (type) {
      case FLOAT_VECTOR -> {
        byte[] bytes = new byte[4 * values.length];
        MemorySegment.ofArray(bytes).copyFrom(MemorySegment.ofArray(values));
        return bytes;
      }
      case INT8_VECTOR -> {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
          bytes[i] = (byte) values[i];
        }
        return bytes;
      }
      case BINARY_VECTOR -> {
        byte[] bytes = new byte[values.length / 8];
        for (int i = 0; i < values.length; i++) {
          bytes[i >>> 3] |= (byte) ((int) values[i] << (i & 7));
        }
        return bytes;
      }
      default -> {
        return Halves.encode(type, values);
      }
    }
  }
}
