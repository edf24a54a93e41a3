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
