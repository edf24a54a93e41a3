/*
 * Includes the file named by the macro BODY once for every level of this architecture. Inside it:
 *   FN(name)     name_baseline, name_avx2, name_avx512
 *   TARGET       the attribute every function of the body carries
 *   LEVEL        LEVEL_BASELINE, LEVEL_AVX2 or LEVEL_AVX512
 *   VECTOR       bytes of a vector register: 16, 32, 64
 */
#define LEVEL LEVEL_BASELINE
#define FN(name) JOINED(name, _baseline)
#define TARGET
#define VECTOR 16
#include BODY
#undef LEVEL
#undef FN
#undef TARGET
#undef VECTOR

#if ELANUS_X86
#define LEVEL LEVEL_AVX2
#define FN(name) JOINED(name, _avx2)
#define TARGET TARGET_AVX2
#define VECTOR 32
#include BODY
#undef LEVEL
#undef FN
#undef TARGET
#undef VECTOR

#define LEVEL LEVEL_AVX512
#define FN(name) JOINED(name, _avx512)
#define TARGET TARGET_AVX512
#define VECTOR 64
#include BODY
#undef LEVEL
#undef FN
#undef TARGET
#undef VECTOR
#endif

#undef BODY
