package io.elanus.kernel.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.elanus.kernel.GuardedMemory;
import io.elanus.kernel.library.Level;
import io.elanus.kernel.library.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Scans at every level of instructions against the reference, and that against arithmetic. */
class SignScanTest {
  private static final int[] BITS = {64, 128, 192, 256, 320, 448, 512, 576, 1024, 4096};
  private static final int[] COUNTS = {1, 63, 64, 65, 1000, SignScan.ROWS_PER_CALL + 77};

  private final SplittableRandom random = new SplittableRandom(9);

  @AfterEach
  void allInstructions() {
    NativeLibrary.outcome().library().ifPresent(library -> library.limit(Level.AVX512));
  }

  @ParameterizedTest
  @EnumSource(Level.class)
  void nativeScansAgreeWithTheReference(Level level) {
    if (NativeLibrary.outcome().library().isEmpty()) {
      System.out.println("no native scans here: " + NativeLibrary.outcome().reason());
      return;
    }
    NativeLibrary.loaded().limit(level);
    for (int bits : BITS) {
      for (int count : COUNTS) {
        compare(bits, count, random.nextDouble());
      }
    }
    compare(256, 2000, 1);
    compare(256, 2000, 0);
  }

  /** Rows end where the next byte is forbidden. */
  private void compare(int bits, int count, double share) {
    try (GuardedMemory codes = new GuardedMemory(SignRows.codeBytes(bits, count));
        GuardedMemory facts = new GuardedMemory(SignRows.factBytes(count))) {
      SignRows rows =
          filled(
              codes.end(SignRows.codeBytes(bits, count)),
              facts.end(SignRows.factBytes(count)),
              bits,
              count);
      long[] allowed = new long[(count + 63) / 64];
      for (int row = 0; row < count; row++) {
        allowed[row / 64] |= random.nextDouble() < share ? 1L << row : 0;
      }
      // Bits past the last row are no rows.
      allowed[allowed.length - 1] |= count % 64 == 0 ? 0 : -1L << count;
      float[] vector = vector(bits);
      SignQuery one = new SignQuery(bits);
      SignQuery other = new SignQuery(bits);
      SignScan.scalar().prepare(one, vector, 3, 2, 0.5f);
      SignScan natives = new NativeSignScan();
      natives.prepare(other, vector, 3, 2, 0.5f);
      for (float bound : new float[] {Float.POSITIVE_INFINITY, 3, Float.NEGATIVE_INFINITY}) {
        for (int first = 0; first < count; first += SignScan.ROWS_PER_CALL) {
          SignScan.Found right = new SignScan.Found();
          SignScan.Found found = new SignScan.Found();
          int n = SignScan.scalar().scan(one, rows, allowed, first, bound, right);
          int m = natives.scan(other, rows, allowed, first, bound, found);
          agree(right, n, found, m, bound, bits);
        }
      }
    }
  }

  /** A row whose distance is the bound but for rounding may be there or not. */
  private static void agree(
      SignScan.Found right, int n, SignScan.Found found, int m, float bound, int bits) {
    float near = 1e-4f * bits;
    int i = 0;
    int j = 0;
    while (i < n || j < m) {
      int row = i < n ? right.rows()[i] : Integer.MAX_VALUE;
      int met = j < m ? found.rows()[j] : Integer.MAX_VALUE;
      if (row == met) {
        assertThat(found.lows()[j++]).isCloseTo(right.lows()[i++], within(near));
      } else {
        float low = row < met ? right.lows()[i++] : found.lows()[j++];
        assertThat(low).as("a row that only one found").isCloseTo(bound, within(near));
      }
    }
  }

  @Test
  void theReferenceIsTheInnerProductWithTheSigns() {
    int bits = 320;
    try (Arena arena = Arena.ofConfined()) {
      SignRows rows =
          filled(
              arena.allocate(SignRows.codeBytes(bits, 50)),
              arena.allocate(SignRows.factBytes(50)),
              bits,
              50);
      float[] vector = vector(bits);
      SignQuery query = new SignQuery(bits);
      SignScan.scalar().prepare(query, vector, 5, 2, 0.25f);
      SignScan.Found found = new SignScan.Found();
      long[] allowed = {(1L << 50) - 1};
      int n = SignScan.scalar().scan(query, rows, allowed, 0, Float.POSITIVE_INFINITY, found);
      assertThat(n).isEqualTo(50);
      double widest = SignQuery.widest(vector, bits);
      for (int row = 0; row < 50; row++) {
        double inner = 0;
        for (int d = 0; d < bits; d++) {
          long word = rows.codes().get(SignRows.LONG, bits / 8L * row + d / 64 * 8L);
          inner += (word >>> d & 1) != 0 ? vector[d] : -vector[d];
        }
        double wanted = 5 + rows.add(row) - rows.factor(row) * (2 * inner + 0.25);
        // Each coordinate errs by half a step at most, as often up as down.
        double error = rows.factor(row) * 2 * widest / SignQuery.MIDDLE / 2 * Math.sqrt(bits);
        assertThat((double) found.lows()[row]).isCloseTo(wanted, within(2 * error));
      }
    }
  }

  @Test
  void factsKeepEightBits() {
    try (Arena arena = Arena.ofConfined()) {
      SignRows rows = new SignRows(arena.allocate(16), arena.allocate(8), 64, 2);
      rows.put(1, vector(64), 123.456f, 1e-20f);
      assertThat(rows.add(1)).isCloseTo(123.456f, within(0.5f));
      assertThat(rows.factor(1)).isCloseTo(1e-20f, within(1e-22f));
      assertThat(rows.add(0)).isZero();
    }
  }

  @Test
  void rowsThatAreNotThereAreRefused() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment eight = arena.allocate(8);
      assertThatThrownBy(() -> new SignRows(eight, eight, 64, 2))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new SignRows(eight, eight, 100, 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private SignRows filled(MemorySegment codes, MemorySegment facts, int bits, int count) {
    SignRows rows = new SignRows(codes, facts, bits, count);
    for (int row = 0; row < count; row++) {
      rows.put(row, vector(bits), random.nextFloat(), random.nextFloat() / bits);
    }
    return rows;
  }

  private float[] vector(int bits) {
    float[] vector = new float[bits];
    for (int d = 0; d < bits; d++) {
      vector[d] = (float) random.nextGaussian();
    }
    return vector;
  }
}
