#include "level.h"

#if ELANUS_X86
#include <cpuid.h>
#endif

int elanus_level_in_force = LEVEL_BASELINE;

static int supported(void) {
#if ELANUS_X86
  __builtin_cpu_init();
  /* Not every compiler's __builtin_cpu_supports knows F16C: bit 29 of ECX of leaf 1. */
  unsigned a, b, c, d;
  int f16c = __get_cpuid(1, &a, &b, &c, &d) && (c >> 29 & 1);
  if (!f16c || !__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") ||
      !__builtin_cpu_supports("popcnt")) {
    return LEVEL_BASELINE;
  }
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512vpopcntdq")) {
    return LEVEL_AVX512;
  }
  return LEVEL_AVX2;
#else
  return LEVEL_BASELINE;
#endif
}

__attribute__((constructor)) static void decide(void) { elanus_level_in_force = supported(); }

/* Puts the highest level in force that the processor has and that is at most the given one. */
EXPORT int32_t elanus_level_limit(int32_t most) {
  int has = supported();
  elanus_level_in_force = most < has ? most : has;
  if (elanus_level_in_force < LEVEL_BASELINE) {
    elanus_level_in_force = LEVEL_BASELINE;
  }
  return elanus_level_in_force;
}
