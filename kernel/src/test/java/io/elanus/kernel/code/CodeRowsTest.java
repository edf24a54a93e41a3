package io.elanus.kernel.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.elanus.kernel.library.Level;
import io.elanus.kernel.library.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Codes at every level of instructions against the reference, and that against arithmetic. */
class CodeRowsTest {
  private static final int ROWS = 11;
  private static final int[] IDS = {3, 0, 10, 10, 7, 1, 2, 9, 4, 5, 6};

  private final SplittableRandom random = new SplittableRandom(6);

  @AfterEach
  void allInstructions() {
    NativeLibrary.outcome().library().ifPresent(library -> library.limit(Level.AVX512));
  }

  @ParameterizedTest
  @EnumSource(Level.class)
  void nativeCodesAgreeWithTheReference(Level level) {
    if (NativeLibrary.outcome().library().isEmpty()) {
      System.out.println("no native codes here: " + NativeLibrary.outcome().reason());
      return;
    }
    NativeLibrary.loaded().limit(level);
    for (int cells = 1; cells <= 2048; cells += cells < 70 ? 1 : cells < 300 ? 31 : 449) {
      for (int bits : new int[] {0, 4, 6, 8}) {
        compare(new NativeCodeRows(), new CodeLayout(cells, bits));
      }
    }
  }

  private void compare(CodeRows rows, CodeLayout layout) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment codes = rows(layout, arena);
      for (boolean fine : new boolean[] {false, true}) {
        CodeQuery query = query(layout, fine);
        float[] right = new float[IDS.length];
        float[] found = new float[IDS.length];
        CodeRows.scalar().distances(query, codes, IDS, IDS.length, right);
        rows.distances(query, codes, IDS, IDS.length, found);
        for (int i = 0; i < IDS.length; i++) {
          float near = 1e-4f * layout.cells() * Math.max(1, Math.abs(right[i]) / 100);
          assertThat(found[i]).as("%s fine %s", layout, fine).isCloseTo(right[i], within(near));
        }
      }
    }
  }

  @Test
  void theReferenceIsTheInnerProductWithWhatTheCodeStandsFor() {
    for (int bits : new int[] {4, 6, 8}) {
      CodeLayout layout = CodeLayout.grid(301, bits);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment codes = rows(layout, arena);
        float[] vector = vector(301);
        float[] found = new float[1];
        byte[] code = new byte[301];
        for (boolean fine : new boolean[] {false, true}) {
          CodeQuery query = CodeQuery.grid(layout, vector, 5, 2, fine);
          CodeRows.scalar().distances(query, codes, new int[] {4}, 1, found);
          layout.get(codes, 4, code);
          double inner = 0;
          double length = 0;
          for (int d = 0; d < 301; d++) {
            double cell = bits == 8 ? code[d] : 2 * code[d] - ((1 << bits) - 1);
            inner += vector[d] * cell;
            length += cell * cell;
          }
          double factor = layout.factor(codes, 4);
          double right = 5 + layout.add(codes, 4) - factor * 2 * inner;
          double rounding = factor * 2 * Math.sqrt(length) / (fine ? 127 * 128 : 127);
          assertThat((double) found[0]).isCloseTo(right, within(4 * rounding + 1e-3));
        }
      }
    }
  }

  @Test
  void codesComeBackAsTheyWerePut() {
    for (int cells = 1; cells < 600; cells += 7) {
      for (int bits : new int[] {0, 4, 6, 8}) {
        CodeLayout layout = new CodeLayout(cells, bits);
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment rows = arena.allocate(2L * layout.rowBytes());
          byte[] first = code(layout);
          byte[] second = code(layout);
          layout.put(rows, 1, second);
          layout.put(rows, 0, first);
          byte[] back = new byte[cells];
          layout.get(rows, 0, back);
          assertThat(back).as("%s", layout).isEqualTo(first);
          layout.get(rows, 1, back);
          assertThat(back).isEqualTo(second);
        }
      }
    }
  }

  @Test
  void refusesRowsOutside() {
    CodeLayout layout = CodeLayout.grid(20, 4);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment codes = rows(layout, arena);
      CodeQuery query = query(layout, false);
      for (CodeRows rows : new CodeRows[] {CodeRows.scalar(), CodeRows.best()}) {
        for (int bad : new int[] {-1, ROWS}) {
          assertThatThrownBy(
                  () -> rows.distances(query, codes, new int[] {1, bad}, 2, new float[2]))
              .isInstanceOf(IndexOutOfBoundsException.class);
        }
      }
    }
  }

  private MemorySegment rows(CodeLayout layout, Arena arena) {
    MemorySegment rows = arena.allocate((long) ROWS * layout.rowBytes());
    for (int row = 0; row < ROWS; row++) {
      layout.put(rows, row, code(layout));
      layout.putFacts(rows, row, (float) random.nextDouble(), (float) random.nextDouble());
    }
    return rows;
  }

  private byte[] code(CodeLayout layout) {
    byte[] code = new byte[layout.cells()];
    for (int i = 0; i < code.length; i++) {
      code[i] =
          (byte)
              switch (layout.bits()) {
                case 0 -> random.nextInt(256);
                case 8 -> random.nextInt(-127, 128);
                default -> random.nextInt(1 << layout.bits());
              };
    }
    return code;
  }

  private CodeQuery query(CodeLayout layout, boolean fine) {
    return layout.isGrid()
        ? CodeQuery.grid(layout, vector(layout.cells()), 1, 2, fine)
        : CodeQuery.book(layout, vector(256 * layout.cells()), 1);
  }

  private float[] vector(int length) {
    float[] vector = new float[length];
    for (int i = 0; i < length; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }
}
