/*
 * Which instructions this processor has, decided once when the library loads.
 *
 * Every exported function is plain C and picks its body by elanus_level(): LEVEL_BASELINE compiles
 * for any processor of the architecture (SSE2, NEON, or what the compiler makes of it), LEVEL_AVX2
 * asks for AVX2, FMA, F16C and POPCNT, LEVEL_AVX512 for AVX-512 F, BW, VL, DQ, VNNI and VPOPCNTDQ.
 */
#ifndef ELANUS_LEVEL_H
#define ELANUS_LEVEL_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#define ELANUS_X86 1
#include <immintrin.h>
#else
#define ELANUS_X86 0
#endif

#if defined(__aarch64__)
#define ELANUS_ARM 1
#include <arm_neon.h>
#else
#define ELANUS_ARM 0
#endif

#define EXPORT __attribute__((visibility("default")))
#define ALWAYS static inline __attribute__((always_inline, unused))

#define LEVEL_BASELINE 0
#define LEVEL_AVX2 1
#define LEVEL_AVX512 2

#define TARGET_AVX2 __attribute__((target("avx2,fma,f16c,popcnt")))
#define TARGET_AVX512 \
  __attribute__((target("avx2,fma,f16c,popcnt,avx512f,avx512bw,avx512vl,avx512dq,avx512vnni," \
                        "avx512vpopcntdq")))

/* name##ending, with the macros in both taken first. */
#define JOINED(name, ending) JOINED_EXPANDED(name, ending)
#define JOINED_EXPANDED(name, ending) name##ending

/* The level in force. Written when the library loads, and by tests. */
extern int elanus_level_in_force;

static inline int elanus_level(void) { return elanus_level_in_force; }

/*
 * Calls body_baseline, body_avx2 or body_avx512 with the arguments that follow. The level is the
 * same for the life of a process, so that the branch is always foreseen.
 */
#if ELANUS_X86
#define DISPATCH(body, ...)                                        \
  (elanus_level() == LEVEL_AVX512 ? body##_avx512(__VA_ARGS__)     \
   : elanus_level() == LEVEL_AVX2 ? body##_avx2(__VA_ARGS__)       \
                                  : body##_baseline(__VA_ARGS__))
#else
#define DISPATCH(body, ...) body##_baseline(__VA_ARGS__)
#endif

#endif
