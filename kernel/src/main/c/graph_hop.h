/*
 * One hop of a walk over a quantised graph; the layout of a node stands in HopLayout.java. Included
 * once per level by each_level.h.
 */
#define CODES 32

#if LEVEL == LEVEL_AVX512
/* 16 sums of 16 bits from the sums of four quarters: words as they are, odd bytes apart. */
ALWAYS TARGET __m256i FN(hop_sixteen)(__m512i words, __m512i odd) {
  __m256i w2 = _mm256_add_epi16(_mm512_castsi512_si256(words), _mm512_extracti64x4_epi64(words, 1));
  __m256i o2 = _mm256_add_epi16(_mm512_castsi512_si256(odd), _mm512_extracti64x4_epi64(odd, 1));
  __m128i w = _mm_add_epi16(_mm256_castsi256_si128(w2), _mm256_extracti128_si256(w2, 1));
  __m128i o = _mm_add_epi16(_mm256_castsi256_si128(o2), _mm256_extracti128_si256(o2, 1));
  __m128i even = _mm_sub_epi16(w, _mm_slli_epi16(o, 8));
  return _mm256_set_m128i(_mm_unpackhi_epi16(even, o), _mm_unpacklo_epi16(even, o));
}

/* Sums for 32 codes as floats, for at most 256 groups, a multiple of 4. */
ALWAYS TARGET void FN(hop_sums)(const uint8_t *tables, int64_t groups, const uint8_t *codes,
                                __m512 *low, __m512 *high) {
  const __m512i nibble = _mm512_set1_epi8(15);
  __m512i words0 = _mm512_setzero_si512(), odd0 = words0, words1 = words0, odd1 = words0;
  for (int64_t g = 0; g < groups; g += 4) {
    __m512i table = _mm512_loadu_si512(tables + 16 * g);
    __m512i block = _mm512_loadu_si512(codes + 16 * g);
    __m512i first = _mm512_shuffle_epi8(table, _mm512_and_si512(block, nibble));
    __m512i second =
        _mm512_shuffle_epi8(table, _mm512_and_si512(_mm512_srli_epi16(block, 4), nibble));
    words0 = _mm512_add_epi16(words0, first);
    odd0 = _mm512_add_epi16(odd0, _mm512_srli_epi16(first, 8));
    words1 = _mm512_add_epi16(words1, second);
    odd1 = _mm512_add_epi16(odd1, _mm512_srli_epi16(second, 8));
  }
  *low = _mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(FN(hop_sixteen)(words0, odd0)));
  *high = _mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(FN(hop_sixteen)(words1, odd1)));
}

TARGET static int32_t FN(graph_hop)(const float *query, const uint8_t *tables, int64_t dim,
                                    int64_t bits, const char *node, float step, float start, float bound,
                                    int32_t *ids, float *distances) {
  __m512 squares0 = _mm512_setzero_ps(), squares1 = squares0;
  const float *vector = (const float *)node;
  int64_t d = 0;
  for (; d + 32 <= dim; d += 32) {
    __m512 x = _mm512_sub_ps(_mm512_loadu_ps(vector + d), _mm512_loadu_ps(query + d));
    __m512 y = _mm512_sub_ps(_mm512_loadu_ps(vector + d + 16), _mm512_loadu_ps(query + d + 16));
    squares0 = _mm512_fmadd_ps(x, x, squares0);
    squares1 = _mm512_fmadd_ps(y, y, squares1);
  }
  if (d < dim) {
    __m512 x = _mm512_sub_ps(_mm512_loadu_ps(vector + d), _mm512_loadu_ps(query + d));
    squares0 = _mm512_fmadd_ps(x, x, squares0);
  }
  const uint8_t *codes = (const uint8_t *)node + 4 * dim;
  __m512 sums[2];
  int64_t groups = bits / 4;
  int64_t some = groups < 256 ? groups : 256;
  FN(hop_sums)(tables, some, codes, &sums[0], &sums[1]);
  for (int64_t g = some; g < groups; g += 256) {
    __m512 low, high;
    some = groups - g < 256 ? groups - g : 256;
    FN(hop_sums)(tables + 16 * g, some, codes + 16 * g, &low, &high);
    sums[0] = _mm512_add_ps(sums[0], low);
    sums[1] = _mm512_add_ps(sums[1], high);
  }
  float exact = _mm512_reduce_add_ps(_mm512_add_ps(squares0, squares1));
  distances[CODES] = exact;
  const float *add = (const float *)(codes + 4 * bits);
  const float *scale = add + CODES;
  const int32_t *neighbors = (const int32_t *)(scale + CODES);
  int32_t n = 0;
  for (int i = 0; i < 2; i++) {
    __m512 product = _mm512_fmadd_ps(sums[i], _mm512_set1_ps(step), _mm512_set1_ps(start));
    __m512 offset = _mm512_add_ps(_mm512_set1_ps(exact), _mm512_loadu_ps(add + 16 * i));
    __m512 estimate = _mm512_fmadd_ps(product, _mm512_loadu_ps(scale + 16 * i), offset);
    __mmask16 near = _mm512_cmp_ps_mask(estimate, _mm512_set1_ps(bound), _CMP_LT_OQ);
    _mm512_storeu_ps(distances + n, _mm512_maskz_compress_ps(near, estimate));
    _mm512_storeu_si512(
        ids + n, _mm512_maskz_compress_epi32(near, _mm512_loadu_si512(neighbors + 16 * i)));
    n += __builtin_popcount(near);
  }
  distances[CODES] = exact;
  return n;
}
#endif

#if LEVEL == LEVEL_AVX2
ALWAYS TARGET void FN(hop_sums)(const uint8_t *tables, int64_t groups, const uint8_t *codes,
                                float *sums) {
  const __m256i nibble = _mm256_set1_epi8(15);
  __m256i words0 = _mm256_setzero_si256(), odd0 = words0, words1 = words0, odd1 = words0;
  for (int64_t g = 0; g < groups; g += 2) {
    __m256i table = _mm256_loadu_si256((const __m256i *)(tables + 16 * g));
    __m256i block = _mm256_loadu_si256((const __m256i *)(codes + 16 * g));
    __m256i low = _mm256_shuffle_epi8(table, _mm256_and_si256(block, nibble));
    __m256i high =
        _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(block, 4), nibble));
    words0 = _mm256_add_epi16(words0, low);
    odd0 = _mm256_add_epi16(odd0, _mm256_srli_epi16(low, 8));
    words1 = _mm256_add_epi16(words1, high);
    odd1 = _mm256_add_epi16(odd1, _mm256_srli_epi16(high, 8));
  }
  __m256i words[2] = {words0, words1}, odds[2] = {odd0, odd1};
  for (int i = 0; i < 2; i++) {
    __m128i w = _mm_add_epi16(_mm256_castsi256_si128(words[i]),
                              _mm256_extracti128_si256(words[i], 1));
    __m128i o =
        _mm_add_epi16(_mm256_castsi256_si128(odds[i]), _mm256_extracti128_si256(odds[i], 1));
    __m128i even = _mm_sub_epi16(w, _mm_slli_epi16(o, 8));
    __m256i first = _mm256_cvtepu16_epi32(_mm_unpacklo_epi16(even, o));
    __m256i second = _mm256_cvtepu16_epi32(_mm_unpackhi_epi16(even, o));
    float *at = sums + 16 * i;
    _mm256_storeu_ps(at, _mm256_add_ps(_mm256_loadu_ps(at), _mm256_cvtepi32_ps(first)));
    _mm256_storeu_ps(at + 8, _mm256_add_ps(_mm256_loadu_ps(at + 8), _mm256_cvtepi32_ps(second)));
  }
}
#endif

#if LEVEL == LEVEL_BASELINE
static void FN(hop_sums)(const uint8_t *tables, int64_t groups, const uint8_t *codes,
                         float *sums) {
#if ELANUS_ARM
  uint16x8_t s[4] = {vdupq_n_u16(0), vdupq_n_u16(0), vdupq_n_u16(0), vdupq_n_u16(0)};
  for (int64_t g = 0; g < groups; g++) {
    uint8x16_t table = vld1q_u8(tables + 16 * g);
    uint8x16_t block = vld1q_u8(codes + 16 * g);
    uint8x16_t low = vqtbl1q_u8(table, vandq_u8(block, vdupq_n_u8(15)));
    uint8x16_t high = vqtbl1q_u8(table, vshrq_n_u8(block, 4));
    s[0] = vaddw_u8(s[0], vget_low_u8(low));
    s[1] = vaddw_u8(s[1], vget_high_u8(low));
    s[2] = vaddw_u8(s[2], vget_low_u8(high));
    s[3] = vaddw_u8(s[3], vget_high_u8(high));
  }
  uint16_t words[CODES];
  for (int i = 0; i < 4; i++) {
    vst1q_u16(words + 8 * i, s[i]);
  }
#else
  uint16_t words[CODES] = {0};
  for (int64_t g = 0; g < groups; g++) {
    const uint8_t *table = tables + 16 * g;
    const uint8_t *block = codes + 16 * g;
    for (int j = 0; j < 16; j++) {
      words[j] += table[block[j] & 15];
      words[j + 16] += table[block[j] >> 4];
    }
  }
#endif
  for (int j = 0; j < CODES; j++) {
    sums[j] += words[j];
  }
}
#endif

#if LEVEL != LEVEL_AVX512
TARGET static int32_t FN(graph_hop)(const float *query, const uint8_t *tables, int64_t dim,
                                    int64_t bits, const char *node, float step, float start, float bound,
                                    int32_t *ids, float *distances) {
  FN(floats) squares = {0};
  for (int64_t d = 0; d < dim; d += FLOATS) {
    FN(floats) x = FN(load_float)(node + 4 * d) - FN(load_float)(query + d);
    squares += x * x;
  }
  float exact = FN(sum)(squares);
  const uint8_t *codes = (const uint8_t *)node + 4 * dim;
  float sums[CODES] = {0};
  int64_t groups = bits / 4;
  for (int64_t g = 0; g < groups; g += 256) {
    int64_t some = groups - g < 256 ? groups - g : 256;
    FN(hop_sums)(tables + 16 * g, some, codes + 16 * g, sums);
  }
  const float *add = (const float *)(codes + 4 * bits);
  const float *scale = add + CODES;
  const int32_t *neighbors = (const int32_t *)(scale + CODES);
  for (int j = 0; j < CODES; j++) {
    sums[j] = exact + add[j] + scale[j] * (sums[j] * step + start);
  }
  int32_t n = 0;
  for (int j = 0; j < CODES; j++) {
    distances[n] = sums[j];
    ids[n] = neighbors[j];
    n += sums[j] < bound;
  }
  distances[CODES] = exact;
  return n;
}
#endif
#undef CODES
