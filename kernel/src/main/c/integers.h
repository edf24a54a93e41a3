/*
 * Vectors of int8 cells widened to int16, and sums of products of int16 pairs in int32: enough for
 * 32768 cells, whose squared distance stays below 2^31. Included once per level by each_level.h.
 */
typedef int16_t FN(shorts) __attribute__((vector_size(VECTOR)));
typedef int32_t FN(ints) __attribute__((vector_size(VECTOR)));
typedef int8_t FN(narrow) __attribute__((vector_size(VECTOR / 2)));

#undef SHORTS
#define SHORTS (VECTOR / 2)

ALWAYS TARGET FN(shorts) FN(load_int8)(const char *at) {
#if LEVEL == LEVEL_AVX512
  return (FN(shorts))_mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)at));
#elif LEVEL == LEVEL_AVX2
  return (FN(shorts))_mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)at));
#elif ELANUS_X86
  /* Each byte in the upper half of a short, then shifted down with its sign. */
  __m128i bytes = _mm_loadl_epi64((const __m128i *)at);
  return (FN(shorts))_mm_srai_epi16(_mm_unpacklo_epi8(bytes, bytes), 8);
#else
  FN(narrow) cells;
  memcpy(&cells, at, sizeof cells);
  return __builtin_convertvector(cells, FN(shorts));
#endif
}

/* Adds each pair's x[2i] * y[2i] + x[2i+1] * y[2i+1], or all of them in some other order. */
ALWAYS TARGET FN(ints) FN(add_products)(FN(ints) sum, FN(shorts) x, FN(shorts) y) {
#if LEVEL == LEVEL_AVX512
  return (FN(ints))_mm512_dpwssd_epi32((__m512i)sum, (__m512i)x, (__m512i)y);
#elif LEVEL == LEVEL_AVX2
  return sum + (FN(ints))_mm256_madd_epi16((__m256i)x, (__m256i)y);
#elif ELANUS_X86
  return sum + (FN(ints))_mm_madd_epi16((__m128i)x, (__m128i)y);
#elif ELANUS_ARM
  int32x4_t low = vmlal_s16((int32x4_t)sum, vget_low_s16((int16x8_t)x), vget_low_s16((int16x8_t)y));
  return (FN(ints))vmlal_s16(low, vget_high_s16((int16x8_t)x), vget_high_s16((int16x8_t)y));
#else
  for (int i = 0; i < SHORTS; i++) {
    sum[i / 2] += (int32_t)x[i] * y[i];
  }
  return sum;
#endif
}

ALWAYS TARGET int32_t FN(sum_ints)(FN(ints) v) {
#if LEVEL == LEVEL_AVX512
  return _mm512_reduce_add_epi32((__m512i)v);
#elif LEVEL == LEVEL_AVX2
  __m128i four = _mm_add_epi32(_mm256_castsi256_si128((__m256i)v),
                               _mm256_extracti128_si256((__m256i)v, 1));
  __m128i two = _mm_add_epi32(four, _mm_unpackhi_epi64(four, four));
  return _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 1)));
#else
  return (v[0] + v[2]) + (v[1] + v[3]);
#endif
}

/* All bits in the last n lanes, for 0 < n < SHORTS. */
ALWAYS TARGET FN(shorts) FN(last_shorts)(int64_t n) {
  static const int16_t keep[64] = {
      0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
      0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
      -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
  FN(shorts) mask;
  memcpy(&mask, keep + 32 - SHORTS + n, sizeof mask);
  return mask;
}
