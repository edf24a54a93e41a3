package io.elanus.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every kernel says what the scalar reference says: exactly on integers and bits, and on floats
 * within the error of a sum of dim rounded terms, dim * 2^-23 of the sum of their magnitudes.
 */
abstract class KernelContract {
  /** All up to 256, then primes and neighbours of powers of two. */
  private static final int[] DIMS =
      IntStream.concat(
              IntStream.rangeClosed(1, 256),
              IntStream.of(
                  257, 331, 384, 389, 511, 512, 513, 641, 768, 769, 1021, 1023, 1024, 1025, 1283,
                  1536, 1537, 1789, 2039, 2047, 2048))
          .toArray();

  private static final int ROWS = 11;
  private static final int[] IDS = {3, 0, 10, 7, 7, 1, 9, 10, 2};

  private final Kernel scalar = Kernels.scalar();

  abstract Kernel kernel();

  @ParameterizedTest
  @EnumSource(FloatCell.class)
  void agreesOnEveryDimension(FloatCell cell) {
    for (int dim : DIMS) {
      compare(cell, dim, 1f, dim % 4);
    }
  }

  @ParameterizedTest
  @EnumSource(FloatCell.class)
  void agreesOnTinyAndLargeValues(FloatCell cell) {
    // Of float16 subnormals, and the largest whose neighbours are a unit of 32 apart.
    float[] scales =
        cell == FloatCell.FLOAT16
            ? new float[] {0x1p-24f, 0x1p-20f, 0x1p-14f, 8000}
            : new float[] {Float.MIN_VALUE, 100 * Float.MIN_VALUE, 1e-38f, 1e-20f, 1e15f};
    for (int dim : new int[] {1, 3, 16, 33, 100, 257}) {
      for (float scale : scales) {
        compare(cell, dim, scale, dim % 2);
      }
    }
  }

  /** Every float16 and bfloat16 but NaN, multiplied by one: what widening makes of it. */
  @ParameterizedTest
  @EnumSource(
      value = FloatCell.class,
      names = {"FLOAT16", "BFLOAT16"})
  void widensEveryHalf(FloatCell cell) {
    int dim = 32;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rows = arena.allocate(65536 * 2);
      for (int bits = 0; bits < 65536; bits++) {
        rows.set(FloatCell.SHORT, 2L * bits, (short) bits);
        if (Float.isNaN(cell.at(rows, 2L * bits)) || Float.isInfinite(cell.at(rows, 2L * bits))) {
          rows.set(FloatCell.SHORT, 2L * bits, (short) 0);
        }
      }
      float[] out = new float[65536 / dim];
      for (int i = 0; i < dim; i++) {
        float[] query = new float[dim];
        query[i] = 1;
        rows(kernel(), cell).dots(query, rows, 0, out.length, out);
        for (int row = 0; row < out.length; row++) {
          assertThat(out[row]).isEqualTo(cell.at(rows, 2L * (row * dim + i)) + 0f);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(FloatCell.class)
  void overflowsToInfinityAsTheReferenceDoes(FloatCell cell) {
    float largest = cell == FloatCell.BFLOAT16 ? 0x1.fep127f : Float.MAX_VALUE;
    float value = cell == FloatCell.FLOAT16 ? 65504 : largest;
    for (int dim : new int[] {1, 5, 16, 100, 300}) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment rows = arena.allocate(cell.bytes * dim * 5);
        for (int i = 0; i < 5 * dim; i++) {
          set(cell, rows, i, value);
        }
        float[] query = new float[dim];
        Arrays.fill(query, -Float.MAX_VALUE);
        FloatRows tested = rows(kernel(), cell);
        float[] out = new float[5];
        tested.dots(query, rows, 0, 5, out);
        assertThat(out).containsOnly(Float.NEGATIVE_INFINITY);
        tested.squaredL2s(query, rows, new int[] {4, 3, 2, 1, 0}, 5, out);
        assertThat(out).containsOnly(Float.POSITIVE_INFINITY);
        if (cell != FloatCell.FLOAT16) {
          assertThat(tested.squaredNorm(rows, 0, dim)).isEqualTo(Float.POSITIVE_INFINITY);
        }
      }
    }
  }

  /** Every summand is exact here, so that not even the order of summation may show. */
  @ParameterizedTest
  @EnumSource(FloatCell.class)
  void isExactOnSmallIntegersAndReadsNothingOutside(FloatCell cell) {
    FloatRows tested = rows(kernel(), cell);
    FloatRows reference = rows(scalar, cell);
    try (GuardedMemory memory = new GuardedMemory(4L * 2048 * ROWS)) {
      for (int dim : DIMS) {
        Random random = new Random(dim);
        long bytes = cell.bytes * dim * ROWS;
        float[] query = new float[dim];
        for (int i = 0; i < dim; i++) {
          query[i] = random.nextInt(-20, 20);
        }
        for (MemorySegment rows : new MemorySegment[] {memory.end(bytes), memory.start(bytes)}) {
          for (int i = 0; i < dim * ROWS; i++) {
            set(cell, rows, i, random.nextInt(-20, 20));
          }
          MemorySegment readOnly = rows.asReadOnly();
          float[] expected = answers(reference, query, rows);
          assertThat(answers(tested, query, readOnly)).as("dim %s", dim).isEqualTo(expected);
          for (int row : new int[] {0, 4, ROWS - 1}) {
            long at = cell.bytes * dim * row;
            assertThat(tested.dot(query, readOnly, at)).isEqualTo(reference.dot(query, rows, at));
            assertThat(tested.squaredL2(query, readOnly, at))
                .isEqualTo(reference.squaredL2(query, rows, at));
            assertThat(tested.squaredNorm(readOnly, at, dim))
                .isEqualTo(reference.squaredNorm(rows, at, dim));
          }
        }
      }
    }
  }

  @Test
  void isExactOnBytesAndBitsAndReadsNothingOutside() {
    try (GuardedMemory memory = new GuardedMemory(2048L * ROWS)) {
      for (int length : DIMS) {
        Random random = new Random(length);
        byte[] query = new byte[length];
        random.nextBytes(query);
        byte[] cells = new byte[length * ROWS];
        random.nextBytes(cells);
        for (MemorySegment rows :
            new MemorySegment[] {memory.end(cells.length), memory.start(cells.length)}) {
          MemorySegment.copy(cells, 0, rows, ValueLayout.JAVA_BYTE, 0, cells.length);
          assertThat(answers(kernel().bytes(), query, rows.asReadOnly()))
              .as("length %s", length)
              .isEqualTo(answers(scalar.bytes(), query, rows));
        }
      }
    }
  }

  @Test
  void isExactOnTheLargestBytes() {
    int length = ByteRows.LENGTH_MAX;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rows = arena.allocate((long) length * ROWS).fill((byte) -128);
      byte[] query = new byte[length];
      for (byte value : new byte[] {127, -128, 0, -1}) {
        Arrays.fill(query, value);
        assertThat(answers(kernel().bytes(), query, rows))
            .isEqualTo(answers(scalar.bytes(), query, rows));
      }
    }
  }

  @Test
  void jaccardOfNothingWithNothingIsOne() {
    try (Arena arena = Arena.ofConfined()) {
      float[] out = new float[5];
      kernel().bytes().jaccards(new byte[9], arena.allocate(45), 0, 5, out);
      assertThat(out).containsOnly(1f);
    }
  }

  @Test
  void sumsTableEntriesOfEveryNumberOfGroupsAndReadsNothingOutside() {
    int[] many = {511, 512, 513, 1000, 1023, 1024, 1025, 2047, 2048};
    try (GuardedMemory memory = new GuardedMemory(16L * 2048 * 3)) {
      for (int groups :
          IntStream.concat(IntStream.rangeClosed(0, 260), IntStream.of(many)).toArray()) {
        Random random = new Random(groups);
        byte[] tables = new byte[16 * groups];
        random.nextBytes(tables);
        byte[] codes = new byte[16 * groups * 3];
        random.nextBytes(codes);
        for (MemorySegment blocks :
            new MemorySegment[] {memory.end(codes.length), memory.start(codes.length)}) {
          MemorySegment.copy(codes, 0, blocks, ValueLayout.JAVA_BYTE, 0, codes.length);
          int[] expected = new int[96];
          scalar.nibbles().scan(tables, blocks, 0, 3, expected);
          int[] out = new int[96];
          kernel().nibbles().scan(tables, blocks.asReadOnly(), 0, 3, out);
          assertThat(out).as("groups %s", groups).isEqualTo(expected);
        }
      }
    }
  }

  /** 16-bit sums would have overflown many times. */
  @Test
  void sumsTheLargestTableEntries() {
    int groups = 4096;
    byte[] tables = new byte[16 * groups];
    Arrays.fill(tables, (byte) 255);
    try (Arena arena = Arena.ofConfined()) {
      int[] out = new int[32];
      kernel().nibbles().scan(tables, arena.allocate(16L * groups + 1), 1, 1, out);
      assertThat(out).containsOnly(255 * groups);
    }
  }

  @Test
  void refusesIdsOutsideTheSegment() {
    try (Arena arena = Arena.ofConfined()) {
      for (FloatCell cell : FloatCell.values()) {
        MemorySegment rows = arena.allocate(cell.bytes * 100 * 4);
        FloatRows tested = rows(kernel(), cell);
        for (int[] ids : wrongIds()) {
          int count = ids.length;
          refused(() -> tested.dots(new float[100], rows, ids, count, new float[count]));
          refused(() -> tested.squaredL2s(new float[100], rows, ids, count, new float[count]));
        }
      }
      MemorySegment rows = arena.allocate(100 * 4);
      ByteRows tested = kernel().bytes();
      for (int[] ids : wrongIds()) {
        int count = ids.length;
        refused(() -> tested.dots(new byte[100], rows, ids, count, new int[count]));
        refused(() -> tested.squaredL2s(new byte[100], rows, ids, count, new int[count]));
        refused(() -> tested.hammings(new byte[100], rows, ids, count, new int[count]));
        refused(() -> tested.jaccards(new byte[100], rows, ids, count, new float[count]));
      }
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rows = arena.allocate(4L * 100 * 4);
      float[] query = new float[100];
      int[] ids = {0, 1, 2};
      Kernel tested = kernel();
      refused(() -> tested.dot(query, rows, 4L * 100 * 4));
      refused(() -> tested.dot(query, rows, -4));
      refused(() -> tested.squaredNorm(rows, 4, 400));
      refused(() -> tested.dots(query, rows, 1, 4, new float[4]));
      refused(() -> tested.dots(query, rows, -1, 2, new float[4]));
      refused(() -> tested.dots(query, rows, 0, 4, new float[3]));
      refused(() -> tested.dots(query, rows, ids, 4, new float[4]));
      refused(() -> tested.dots(query, rows, ids, 3, new float[2]));
      refused(() -> tested.bytes().dots(new byte[100], rows, 13, 4, new int[4]));
      refused(() -> tested.nibbles().scan(new byte[1600], rows, 1, 1, new int[32]));
      refused(() -> tested.nibbles().scan(new byte[1600], rows, 0, 1, new int[31]));
      assertThatThrownBy(() -> tested.nibbles().scan(new byte[17], rows, 0, 1, new int[32]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** More rows than one native call takes. */
  @Test
  void takesManyRows() {
    int dim = 7;
    int count = 150_000;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rows = arena.allocate(4L * dim * count);
      for (int i = 0; i < dim * count; i++) {
        rows.setAtIndex(ValueLayout.JAVA_FLOAT, i, i % 19);
      }
      float[] query = {1, 2, 3, 4, 5, 6, 7};
      int[] ids = IntStream.range(0, count).map(i -> count - 1 - i).toArray();
      float[] expected = new float[count];
      float[] out = new float[count];
      scalar.dots(query, rows, 0, count, expected);
      kernel().dots(query, rows, 0, count, out);
      assertThat(out).isEqualTo(expected);
      scalar.squaredL2s(query, rows, ids, count, expected);
      kernel().squaredL2s(query, rows, ids, count, out);
      assertThat(out).isEqualTo(expected);
      ids[count - 1] = count;
      refused(() -> kernel().dots(query, rows, ids, count, out));
    }
  }

  private static java.util.List<int[]> wrongIds() {
    java.util.List<int[]> all = new java.util.ArrayList<>();
    for (int wrong : new int[] {-1, 4, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      for (int count : new int[] {1, 5, 8, 13}) {
        for (int at = 0; at < count; at++) {
          int[] ids = new int[count];
          ids[at] = wrong;
          all.add(ids);
        }
      }
    }
    return all;
  }

  private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(IndexOutOfBoundsException.class);
  }

  private void compare(FloatCell cell, int dim, float scale, int misalignment) {
    Random random = new Random(dim * 31L + misalignment);
    try (Arena arena = Arena.ofConfined()) {
      long bytes = cell.bytes * dim * ROWS;
      MemorySegment rows = arena.allocate(bytes + misalignment).asSlice(misalignment);
      for (int i = 0; i < dim * ROWS; i++) {
        set(cell, rows, i, (float) random.nextGaussian() * scale);
      }
      float[] query = new float[dim];
      for (int i = 0; i < dim; i++) {
        query[i] = (float) random.nextGaussian() * scale;
      }
      float[] expected = answers(rows(scalar, cell), query, rows);
      float[] out = answers(rows(kernel(), cell), query, rows);
      double[] errors = errors(cell, query, rows);
      for (int i = 0; i < out.length; i++) {
        assertThat((double) out[i])
            .as("%s, dim %s, answer %s", cell, dim, i)
            .isCloseTo(expected[i], within(errors[i]));
      }
      for (int row = 0; row < ROWS; row++) {
        long at = cell.bytes * dim * row;
        assertThat((double) rows(kernel(), cell).dot(query, rows, at))
            .isCloseTo(expected[row], within(errors[row]));
        assertThat((double) rows(kernel(), cell).squaredL2(query, rows, at))
            .isCloseTo(expected[ROWS + row], within(errors[ROWS + row]));
      }
    }
  }

  /** All rows in order, then some by number: inner products, then squared distances. */
  private static float[] answers(FloatRows kernel, float[] query, MemorySegment rows) {
    float[] all = new float[2 * ROWS + 2 * IDS.length];
    float[] part = new float[ROWS];
    kernel.dots(query, rows, 0, ROWS, part);
    System.arraycopy(part, 0, all, 0, ROWS);
    kernel.squaredL2s(query, rows, 0, ROWS, part);
    System.arraycopy(part, 0, all, ROWS, ROWS);
    kernel.dots(query, rows, IDS, IDS.length, part);
    System.arraycopy(part, 0, all, 2 * ROWS, IDS.length);
    kernel.squaredL2s(query, rows, IDS, IDS.length, part);
    System.arraycopy(part, 0, all, 2 * ROWS + IDS.length, IDS.length);
    return all;
  }

  /** The error that each of {@link #answers} may have. */
  private static double[] errors(FloatCell cell, float[] query, MemorySegment rows) {
    int dim = query.length;
    double[] all = new double[2 * ROWS + 2 * IDS.length];
    for (int row = 0; row < ROWS; row++) {
      double products = 0;
      double squares = 0;
      for (int i = 0; i < dim; i++) {
        double value = cell.at(rows, cell.bytes * ((long) row * dim + i));
        products += Math.abs(query[i] * value);
        squares += (query[i] - value) * (query[i] - value);
      }
      // Each term is rounded by itself, too, and where it is subnormal by a part of MIN_VALUE.
      all[row] = (dim + 2) * (0x1p-23 * products + Float.MIN_VALUE);
      all[ROWS + row] = (dim + 4) * (0x1p-23 * squares + Float.MIN_VALUE);
    }
    for (int i = 0; i < IDS.length; i++) {
      all[2 * ROWS + i] = all[IDS[i]];
      all[2 * ROWS + IDS.length + i] = all[ROWS + IDS[i]];
    }
    return all;
  }

  private static double[] answers(ByteRows kernel, byte[] query, MemorySegment rows) {
    int[] ints = new int[ROWS];
    float[] floats = new float[ROWS];
    double[] all = new double[8 * ROWS];
    kernel.dots(query, rows, 0, ROWS, ints);
    int at = append(ints, ROWS, all, 0);
    kernel.squaredL2s(query, rows, 0, ROWS, ints);
    at = append(ints, ROWS, all, at);
    kernel.hammings(query, rows, 0, ROWS, ints);
    at = append(ints, ROWS, all, at);
    kernel.dots(query, rows, IDS, IDS.length, ints);
    at = append(ints, IDS.length, all, at);
    kernel.squaredL2s(query, rows, IDS, IDS.length, ints);
    at = append(ints, IDS.length, all, at);
    kernel.hammings(query, rows, IDS, IDS.length, ints);
    at = append(ints, IDS.length, all, at);
    kernel.jaccards(query, rows, 0, ROWS, floats);
    for (int i = 0; i < ROWS; i++) {
      all[at++] = floats[i];
    }
    kernel.jaccards(query, rows, IDS, IDS.length, floats);
    for (int i = 0; i < IDS.length; i++) {
      all[at++] = floats[i];
    }
    return all;
  }

  private static int append(int[] values, int count, double[] all, int at) {
    for (int i = 0; i < count; i++) {
      all[at + i] = values[i];
    }
    return at + count;
  }

  private static FloatRows rows(Kernel kernel, FloatCell cell) {
    return switch (cell) {
      case FLOAT32 -> kernel;
      case FLOAT16 -> kernel.float16();
      case BFLOAT16 -> kernel.bfloat16();
    };
  }

  private static void set(FloatCell cell, MemorySegment rows, int index, float value) {
    long at = cell.bytes * index;
    switch (cell) {
      case FLOAT32 -> rows.set(FloatCell.FLOAT, at, value);
      case FLOAT16 -> rows.set(FloatCell.SHORT, at, Float.floatToFloat16(value));
      case BFLOAT16 ->
          rows.set(FloatCell.SHORT, at, (short) (Float.floatToRawIntBits(value) >> 16));
    }
  }
}
