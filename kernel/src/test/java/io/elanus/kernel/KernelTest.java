package io.elanus.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every kernel says what the scalar reference says. */
class KernelTest {
  private static final int[] LARGE_DIMS = {384, 511, 768, 1024, 1536, 2047, 2048};
  private final Kernel scalar = Kernels.scalar();
  private final Kernel best = Kernels.best();

  @Test
  void theVectorKernelIsTheOneUnderTest() {
    assertThat(best.name()).startsWith("vector");
  }

  @Test
  void agreesOnEveryDimension() {
    for (int dim = 1; dim <= 300; dim++) {
      compare(dim, 1f, dim % 4);
    }
    for (int dim : LARGE_DIMS) {
      compare(dim, 1f, 1);
    }
  }

  @Test
  void agreesOnTinyAndHugeValues() {
    for (int dim : new int[] {3, 16, 100, 257}) {
      compare(dim, Float.MIN_VALUE * 100, 0);
      compare(dim, 1e-20f, 0);
      compare(dim, 1e15f, 2);
    }
  }

  @Test
  void overflowsToInfinityAsTheReferenceDoes() {
    for (int dim : new int[] {1, 5, 16, 100, 300}) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment rows = arena.allocate(4L * dim * 5, 4);
        for (long i = 0; i < 5L * dim; i++) {
          rows.set(ValueLayout.JAVA_FLOAT, 4 * i, Float.MAX_VALUE);
        }
        float[] query = new float[dim];
        java.util.Arrays.fill(query, -Float.MAX_VALUE);
        float[] dots = new float[5];
        best.dots(query, rows, 0, 5, dots);
        float[] squares = new float[5];
        best.squaredL2s(query, rows, new int[] {4, 3, 2, 1, 0}, 5, squares);
        for (int i = 0; i < 5; i++) {
          assertThat(dots[i]).isEqualTo(Float.NEGATIVE_INFINITY);
          assertThat(squares[i]).isEqualTo(Float.POSITIVE_INFINITY);
        }
        assertThat(best.squaredNorm(rows, 0, dim)).isEqualTo(Float.POSITIVE_INFINITY);
      }
    }
  }

  /** Every summand is exact here, so that not even the order of summation may show. */
  @Test
  void isExactOnSmallIntegers() {
    for (int dim = 1; dim <= 300; dim++) {
      Random random = new Random(dim);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment rows = arena.allocate(4L * dim * 9 + 3).asSlice(3).asReadOnly();
        MemorySegment writable = arena.allocate(4L * dim * 9);
        float[] query = new float[dim];
        for (int i = 0; i < dim; i++) {
          query[i] = random.nextInt(-20, 20);
        }
        for (long i = 0; i < 9L * dim; i++) {
          writable.set(ValueLayout.JAVA_FLOAT, 4 * i, random.nextInt(-20, 20));
        }
        for (MemorySegment segment : new MemorySegment[] {rows, writable.asReadOnly()}) {
          float[] dots = new float[9];
          float[] squares = new float[9];
          best.dots(query, segment, 0, 9, dots);
          best.squaredL2s(query, segment, 0, 9, squares);
          for (int i = 0; i < 9; i++) {
            long at = 4L * dim * i;
            assertThat(dots[i]).isEqualTo(scalar.dot(query, segment, at));
            assertThat(dots[i]).isEqualTo(best.dot(query, segment, at));
            assertThat(squares[i]).isEqualTo(scalar.squaredL2(query, segment, at));
            assertThat(squares[i]).isEqualTo(best.squaredL2(query, segment, at));
          }
        }
      }
    }
  }

  @Test
  void refusesIdsOutsideTheSegment() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rows = arena.allocate(4L * 100 * 4);
      float[] query = new float[100];
      for (int wrong : new int[] {-1, 4, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        for (int at = 0; at < 5; at++) {
          int[] ids = new int[5];
          ids[at] = wrong;
          assertThatThrownBy(() -> best.dots(query, rows, ids, 5, new float[5]))
              .isInstanceOf(IndexOutOfBoundsException.class);
          assertThatThrownBy(() -> best.squaredL2s(query, rows, ids, 5, new float[5]))
              .isInstanceOf(IndexOutOfBoundsException.class);
        }
      }
    }
  }

  @Test
  void refusesRowsOutsideTheSegment() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rows = arena.allocate(4L * 100 * 4);
      float[] query = new float[100];
      assertThatThrownBy(() -> best.dot(query, rows, 4L * 100 * 4))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> best.dots(query, rows, 1, 4, new float[4]))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  private void compare(int dim, float scale, int misalignment) {
    int count = 11;
    Random random = new Random(dim * 31L + misalignment);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rows = arena.allocate(4L * dim * count + misalignment).asSlice(misalignment);
      for (long i = 0; i < (long) dim * count; i++) {
        rows.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * i, (float) random.nextGaussian() * scale);
      }
      float[] query = new float[dim];
      for (int i = 0; i < dim; i++) {
        query[i] = (float) random.nextGaussian() * scale;
      }
      int[] ids = {3, 0, 10, 7, 7, 1, 9};
      // A sum of dim rounded products: relative to the sum of magnitudes, not to the result.
      float dotError = tolerance(dim, scale) * dim;
      float[] out = new float[count];
      best.dots(query, rows, 2, 9, out);
      for (int i = 0; i < 9; i++) {
        assertThat(out[i]).isCloseTo(reference(query, rows, 2 + i), within(dotError));
      }
      best.dots(query, rows, ids, ids.length, out);
      for (int i = 0; i < ids.length; i++) {
        assertThat(out[i]).isCloseTo(reference(query, rows, ids[i]), within(dotError));
        assertThat(best.dot(query, rows, 4L * dim * ids[i])).isCloseTo(out[i], within(dotError));
      }
      float l2Error = 4 * dotError;
      best.squaredL2s(query, rows, 1, 10, out);
      for (int i = 0; i < 10; i++) {
        float expected = scalar.squaredL2(query, rows, 4L * dim * (1 + i));
        assertThat(out[i]).isCloseTo(expected, within(l2Error));
      }
      best.squaredL2s(query, rows, ids, ids.length, out);
      for (int i = 0; i < ids.length; i++) {
        float expected = scalar.squaredL2(query, rows, 4L * dim * ids[i]);
        assertThat(out[i]).isCloseTo(expected, within(l2Error));
        assertThat(best.squaredL2(query, rows, 4L * dim * ids[i]))
            .isCloseTo(expected, within(l2Error));
      }
      assertThat(best.squaredNorm(rows, 0, dim))
          .isCloseTo(scalar.squaredNorm(rows, 0, dim), within(dotError));
    }
  }

  private float reference(float[] query, MemorySegment rows, int row) {
    return scalar.dot(query, rows, 4L * query.length * row);
  }

  /** Unit round-off of float times the magnitude of one product, with room for outliers. */
  private static float tolerance(int dim, float scale) {
    return Math.max(Float.MIN_VALUE, 6e-7f * scale * scale * 4);
  }

  private static org.assertj.core.data.Offset<Float> within(float error) {
    return org.assertj.core.data.Offset.offset(error);
  }
}
