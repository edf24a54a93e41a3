package io.elanus.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Does a kernel say what the reference says? Asked of the native one at start, on few and small
 * inputs, so that a wrong compiler or processor is met before a wrong answer. All values are small
 * integers, whose sums are exact in any order: every bit must agree.
 */
final class SelfCheck {
  private static final int[] DIMS = {1, 7, 19, 100};
  private static final int ROWS = 6;
  private static final int[] IDS = {5, 0, 3, 3, 1, 2};

  private SelfCheck() {}

  /** The first difference in words, or nothing. */
  static Optional<String> difference(Kernel kernel, Kernel reference) {
    for (int dim : DIMS) {
      if (!floats(kernel.float32(), FloatCell.FLOAT32, dim)
          .equals(floats(reference.float32(), FloatCell.FLOAT32, dim))) {
        return Optional.of("float32 at dimension " + dim);
      }
      if (!floats(kernel.float16(), FloatCell.FLOAT16, dim)
          .equals(floats(reference.float16(), FloatCell.FLOAT16, dim))) {
        return Optional.of("float16 at dimension " + dim);
      }
      if (!floats(kernel.bfloat16(), FloatCell.BFLOAT16, dim)
          .equals(floats(reference.bfloat16(), FloatCell.BFLOAT16, dim))) {
        return Optional.of("bfloat16 at dimension " + dim);
      }
      if (!bytes(kernel.bytes(), dim).equals(bytes(reference.bytes(), dim))) {
        return Optional.of("rows of " + dim + " bytes");
      }
      if (!nibbles(kernel.nibbles(), dim).equals(nibbles(reference.nibbles(), dim))) {
        return Optional.of("4-bit codes of " + dim + " groups");
      }
    }
    return Optional.empty();
  }

  private static List<Number> floats(FloatRows kernel, FloatCell cell, int dim) {
    List<Number> said = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rows = arena.allocate(cell.bytes * dim * ROWS);
      float[] query = new float[dim];
      for (int i = 0; i < dim; i++) {
        query[i] = i % 11 - 5;
      }
      for (int i = 0; i < dim * ROWS; i++) {
        float value = i % 13 - 6;
        switch (cell) {
          case FLOAT32 -> rows.set(FloatCell.FLOAT, 4L * i, value);
          case FLOAT16 -> rows.set(FloatCell.SHORT, 2L * i, Float.floatToFloat16(value));
          case BFLOAT16 ->
              rows.set(FloatCell.SHORT, 2L * i, (short) (Float.floatToIntBits(value) >> 16));
        }
      }
      float[] out = new float[ROWS];
      kernel.dots(query, rows, 0, ROWS, out);
      append(said, out);
      kernel.squaredL2s(query, rows, 0, ROWS, out);
      append(said, out);
      kernel.dots(query, rows, IDS, ROWS, out);
      append(said, out);
      kernel.squaredL2s(query, rows, IDS, ROWS, out);
      append(said, out);
      said.add(kernel.squaredNorm(rows, 0, dim));
    }
    return said;
  }

  private static List<Number> bytes(ByteRows kernel, int length) {
    List<Number> said = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rows = mixed(arena, length * ROWS);
      byte[] query = mixed(arena, length + 1).asSlice(1).toArray(ValueLayout.JAVA_BYTE);
      int[] out = new int[ROWS];
      kernel.dots(query, rows, 0, ROWS, out);
      append(said, out);
      kernel.squaredL2s(query, rows, 0, ROWS, out);
      append(said, out);
      kernel.hammings(query, rows, 0, ROWS, out);
      append(said, out);
      kernel.dots(query, rows, IDS, ROWS, out);
      append(said, out);
      kernel.squaredL2s(query, rows, IDS, ROWS, out);
      append(said, out);
      kernel.hammings(query, rows, IDS, ROWS, out);
      append(said, out);
      float[] distances = new float[ROWS];
      kernel.jaccards(query, rows, 0, ROWS, distances);
      append(said, distances);
      kernel.jaccards(query, rows, IDS, ROWS, distances);
      append(said, distances);
    }
    return said;
  }

  private static List<Number> nibbles(NibbleScan kernel, int groups) {
    List<Number> said = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment blocks = mixed(arena, 2 * 16 * groups);
      byte[] tables = mixed(arena, 16 * groups + 3).asSlice(3).toArray(ValueLayout.JAVA_BYTE);
      int[] out = new int[2 * NibbleScan.BLOCK];
      kernel.scan(tables, blocks, 0, 2, out);
      append(said, out);
    }
    return said;
  }

  /** Bytes of all kinds, the same each time. */
  private static MemorySegment mixed(Arena arena, int length) {
    MemorySegment bytes = arena.allocate(length);
    for (int i = 0; i < length; i++) {
      bytes.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 73 + i / 7));
    }
    return bytes;
  }

  private static void append(List<Number> said, float[] values) {
    for (float value : values) {
      said.add(value);
    }
  }

  private static void append(List<Number> said, int[] values) {
    for (int value : values) {
      said.add(value);
    }
  }
}
