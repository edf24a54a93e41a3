package io.elanus.kernel.sign;

import io.elanus.kernel.NativeCalls;
import io.elanus.kernel.library.NativeLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Objects;

/** {@code sign_scan.c}. */
final class NativeSignScan implements SignScan {
  private static final MethodHandle PLANES =
      NativeLibrary.loaded()
          .find(
              "elanus_sign_planes",
              FunctionDescriptor.ofVoid(
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_FLOAT,
                  ValueLayout.ADDRESS),
              true);

  private static final MethodHandle SCAN =
      NativeLibrary.loaded()
          .find(
              "elanus_sign_scan",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_FLOAT,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS),
              true);

  @Override
  public void prepare(SignQuery query, float[] rotated, float base, float times, float slack) {
    Objects.checkFromIndexSize(0, query.bits(), rotated.length);
    float widest = SignQuery.widest(rotated, query.bits());
    try {
      PLANES.invokeExact(
          MemorySegment.ofArray(rotated),
          (long) query.bits(),
          SignQuery.inverse(widest),
          query.planesSegment);
    } catch (Throwable e) {
      throw NativeCalls.failed(e);
    }
    query.factors(widest, base, times, slack);
  }

  @Override
  public int scan(
      SignQuery query, SignRows rows, long[] allowed, int first, float bound, Found found) {
    if (query.bits() != rows.bits() || (first & 63) != 0) {
      throw new IllegalArgumentException("%d bits, row %d".formatted(query.bits(), first));
    }
    int count = Math.min(rows.count() - first, ROWS_PER_CALL);
    Objects.checkFromIndexSize(first, count, 64 * (long) allowed.length);
    try {
      return (int)
          SCAN.invokeExact(
              query.planesSegment,
              query.factorsSegment,
              rows.codes(),
              (long) rows.words(),
              rows.facts(),
              MemorySegment.ofArray(allowed),
              (long) first,
              (long) count,
              bound,
              found.rowsSegment,
              found.lowsSegment);
    } catch (Throwable e) {
      throw NativeCalls.failed(e);
    }
  }
}
