package io.elanus.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** How a cell of a row of floats is written. */
enum FloatCell {
  FLOAT32(4),
  FLOAT16(2),
  BFLOAT16(2);

  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  final long bytes;

  FloatCell(long bytes) {
    this.bytes = bytes;
  }

  /** The cell at this byte. */
  float at(MemorySegment rows, long offset) {
    return switch (this) {
      case FLOAT32 -> rows.get(FLOAT, offset);
      case FLOAT16 -> Float.float16ToFloat(rows.get(SHORT, offset));
      case BFLOAT16 -> Float.intBitsToFloat(rows.get(SHORT, offset) << 16);
    };
  }
}
