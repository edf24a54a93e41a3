package io.elanus.kernel.code;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A query made ready for codes. A row's distance is {@code base + add − factor · ⟨query, code⟩};
 * for a grid of 4 or 6 bits, the code of a number u stands for 2u − (2^bits − 1). A grid's query is
 * rounded to 8 bits for each coordinate, or to 15 in two digits where it is to be fine.
 */
public final class CodeQuery {
  private static final int HEAD = 16;
  private static final int DIGIT_MAX = 127;
  private static final int DIGIT = 128;

  final CodeLayout layout;
  final byte[] bytes;
  final MemorySegment segment;

  private CodeQuery(CodeLayout layout, int length) {
    this.layout = layout;
    this.bytes = new byte[length];
    this.segment = MemorySegment.ofArray(bytes);
  }

  /**
   * For grid codes.
   *
   * @param times what the inner product is multiplied by
   * @param fine two digits instead of one
   */
  public static CodeQuery grid(
      CodeLayout layout, float[] query, float base, float times, boolean fine) {
    int dim = layout.cells();
    CodeQuery ready = new CodeQuery(layout, HEAD + 2 * dim);
    float widest = 0;
    for (float value : query) {
      widest = Math.max(widest, Math.abs(value));
    }
    int most = fine ? DIGIT_MAX * DIGIT : DIGIT_MAX;
    float inverse = widest > 0 ? most / widest : 0;
    long sum = 0;
    for (int d = 0; d < dim; d++) {
      int value = Math.clamp(Math.round(query[d] * inverse), -most, most);
      sum += value;
      int high = fine ? Math.floorDiv(value + DIGIT / 2, DIGIT) : value;
      ready.bytes[HEAD + d] = (byte) high;
      ready.bytes[HEAD + dim + d] = (byte) (fine ? value - high * DIGIT : 0);
    }
    boolean signed = layout.bits() == 8;
    float step = times * widest / most * (signed ? 1 : 2);
    int levels = (1 << layout.bits()) - 1;
    ready.head(0, base);
    ready.head(1, signed ? 0 : -levels * (step / 2) * sum);
    ready.head(2, fine ? step * DIGIT : step);
    ready.head(3, fine ? step : 0);
    return ready;
  }

  /** For codes of a grid as queries, one after the other; see {@link #take}. */
  public static CodeQuery row(CodeLayout layout) {
    return new CodeQuery(layout, HEAD + 2 * layout.cells());
  }

  /**
   * Takes a code for a query: it is on the grid already.
   *
   * @param times what the inner product of the two codes is multiplied by, for {@code ⟨query,
   *     code⟩}
   */
  public void take(MemorySegment rows, int row, float base, float times) {
    int dim = layout.cells();
    boolean signed = layout.bits() == 8;
    if (signed) {
      MemorySegment.copy(
          rows, (long) layout.rowBytes() * row + CodeLayout.FACTS, segment, HEAD, dim);
      head(1, 0);
      head(2, times);
    } else {
      byte[] code = new byte[dim];
      layout.get(rows, row, code);
      int levels = (1 << layout.bits()) - 1;
      int sum = 0;
      for (int d = 0; d < dim; d++) {
        int value = 2 * code[d] - levels;
        bytes[HEAD + d] = (byte) value;
        sum += value;
      }
      head(1, -levels * times * sum);
      head(2, 2 * times);
    }
    head(0, base);
    head(3, 0);
  }

  /**
   * For book codes.
   *
   * @param tables 256 numbers for each
   */
  public static CodeQuery book(CodeLayout layout, float[] tables, float base) {
    if (tables.length != 256 * layout.cells()) {
      throw new IllegalArgumentException("%d numbers in tables".formatted(tables.length));
    }
    CodeQuery ready = new CodeQuery(layout, HEAD + 4 * tables.length);
    ready.head(0, base);
    MemorySegment.copy(tables, 0, ready.segment, CodeLayout.FLOAT, HEAD, tables.length);
    return ready;
  }

  private void head(int place, float value) {
    segment.set(CodeLayout.FLOAT, 4L * place, value);
  }

  float head(int place) {
    return segment.get(CodeLayout.FLOAT, 4L * place);
  }

  /** Digits of a grid's query, upper and lower. */
  byte[] digits(boolean lower) {
    int from = HEAD + (lower ? layout.cells() : 0);
    return Arrays.copyOfRange(bytes, from, from + layout.cells());
  }

  /** What a table of book codes says. */
  float table(int table, int number) {
    return segment.get(CodeLayout.FLOAT, HEAD + 4L * (256L * table + number));
  }
}
