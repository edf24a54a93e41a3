/*
 * Vectors of floats at every level: FN(floats), FN(bits) of the same width, loads at any alignment,
 * the sum over the lanes, and float16 and bfloat16 cells widened. Included once per level by
 * each_level.h, inside the files that need it.
 */
#undef FLOATS
#define FLOATS (VECTOR / 4)

typedef float FN(floats) __attribute__((vector_size(VECTOR)));
typedef int32_t FN(bits) __attribute__((vector_size(VECTOR)));
typedef uint16_t FN(cells16) __attribute__((vector_size(VECTOR / 2)));

ALWAYS TARGET FN(floats) FN(load_float)(const void *at) {
  FN(floats) v;
  memcpy(&v, at, sizeof v);
  return v;
}

/* A bfloat16 is the upper half of a float. */
ALWAYS TARGET FN(floats) FN(load_bfloat16)(const void *at) {
#if LEVEL == LEVEL_AVX512
  __m512i wide = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)at));
  return (FN(floats))_mm512_slli_epi32(wide, 16);
#elif LEVEL == LEVEL_AVX2
  __m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)at));
  return (FN(floats))_mm256_slli_epi32(wide, 16);
#else
  FN(cells16) cells;
  memcpy(&cells, at, sizeof cells);
  return (FN(floats))(__builtin_convertvector(cells, FN(bits)) << 16);
#endif
}

ALWAYS TARGET FN(floats) FN(load_float16)(const void *at) {
#if LEVEL == LEVEL_AVX512
  return (FN(floats))_mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)at));
#elif LEVEL == LEVEL_AVX2
  return (FN(floats))_mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)at));
#elif ELANUS_ARM
  float16x4_t cells;
  memcpy(&cells, at, sizeof cells);
  return (FN(floats))vcvt_f32_f16(cells);
#else
  /*
   * Exponent and fraction moved to a float's place are 2^112 too small, subnormals included;
   * infinity and NaN get a float's largest exponent back.
   */
  FN(cells16) cells;
  memcpy(&cells, at, sizeof cells);
  FN(bits) wide = __builtin_convertvector(cells, FN(bits));
  FN(bits) magnitude = wide & 0x7fff;
  FN(bits) scaled = (FN(bits))((FN(floats))(magnitude << 13) * 0x1p112f);
  FN(bits) special = (magnitude >= 0x7c00) & 0x7f800000;
  return (FN(floats))(scaled | special | (wide & 0x8000) << 16);
#endif
}

ALWAYS TARGET float FN(sum)(FN(floats) v) {
#if LEVEL == LEVEL_AVX512
  return _mm512_reduce_add_ps((__m512)v);
#elif LEVEL == LEVEL_AVX2
  __m128 four = _mm_add_ps(_mm256_castps256_ps128((__m256)v), _mm256_extractf128_ps((__m256)v, 1));
  __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
#else
  return (v[0] + v[2]) + (v[1] + v[3]);
#endif
}

/* All bits in the last n lanes, for 0 < n < FLOATS. */
ALWAYS TARGET FN(bits) FN(last)(int64_t n) {
  static const int32_t keep[32] = {0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
                                   0,  0,  0,  0,  0,  -1, -1, -1, -1, -1, -1,
                                   -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
  FN(bits) mask;
  memcpy(&mask, keep + 16 - FLOATS + n, sizeof mask);
  return mask;
}
