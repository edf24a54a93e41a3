package io.elanus.kernel.library;

/** Which instructions native functions use, in the order of {@code level.h}. */
public enum Level {
  /** What every processor of the architecture has: SSE2 on x86-64, NEON on aarch64. */
  BASELINE,
  /** AVX2 with FMA, F16C and POPCNT. */
  AVX2,
  /** AVX-512 F, BW, VL, DQ, VNNI and VPOPCNTDQ. */
  AVX512
}
