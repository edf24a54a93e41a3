package io.elanus.model.rows;

import io.elanus.model.schema.DataType;

/**
 * Numbers of two bytes, little-endian: FLOAT16_VECTOR holds IEEE 754 binary16, BFLOAT16_VECTOR the
 * upper halves of float32.
 */
public final class Halves {
  private Halves() {}

  /** The number that these 16 bits are; exact. */
  public static float widen(DataType type, short bits) {
    return switch (type) {
      case FLOAT16_VECTOR -> Float.float16ToFloat(bits);
      case BFLOAT16_VECTOR -> Float.intBitsToFloat(bits << 16);
      default -> throw new IllegalStateException("not of halves: " + type);
    };
  }

  /** The nearest half, ties to even; too large numbers become infinite. */
  public static short narrow(DataType type, float value) {
    return switch (type) {
      case FLOAT16_VECTOR -> Float.floatToFloat16(value);
      case BFLOAT16_VECTOR -> upperHalf(value);
      default -> throw new IllegalStateException("not of halves: " + type);
    };
  }

  private static short upperHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      // Rounding could carry a NaN over into another number.
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) ((bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16);
  }

  /** The half at this position of an array of halves. */
  static float at(DataType type, byte[] values, int index) {
    int bits = (values[2 * index] & 0xFF) | values[2 * index + 1] << 8;
    return widen(type, (short) bits);
  }

  /** Numbers as halves, two bytes each. */
  public static byte[] encode(DataType type, float[] values) {
    byte[] bytes = new byte[2 * values.length];
    for (int i = 0; i < values.length; i++) {
      short half = narrow(type, values[i]);
      bytes[2 * i] = (byte) half;
      bytes[2 * i + 1] = (byte) (half >>> 8);
    }
    return bytes;
  }
}
