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

/* Sums for all codes of a node. */
ALWAYS TARGET void FN(hop_all_sums)(const uint8_t *tables, int64_t bits, const uint8_t *codes,
                                    __m512 *sums) {
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
}

/* Keeps estimates below the bound, 16 at a time. */
ALWAYS TARGET int32_t FN(hop_near)(__m512 sum, __m512 add, __m512 scale, const float *factors,
                                   float own, float bound, const int32_t *neighbors, int32_t n,
                                   int32_t *ids, float *distances) {
  __m512 product = _mm512_fmadd_ps(sum, _mm512_set1_ps(factors[0]), _mm512_set1_ps(factors[1]));
  __m512 offset = _mm512_add_ps(_mm512_set1_ps(own), add);
  __m512 estimate = _mm512_fmadd_ps(product, scale, offset);
  __mmask16 near = _mm512_cmp_ps_mask(estimate, _mm512_set1_ps(bound), _CMP_LT_OQ);
  _mm512_storeu_ps(distances + n, _mm512_maskz_compress_ps(near, estimate));
  _mm512_storeu_si512(ids + n,
                      _mm512_maskz_compress_epi32(near, _mm512_loadu_si512(neighbors)));
  return n + __builtin_popcount(near);
}

/* |query - node|^2 from floats. */
TARGET static inline float FN(own_floats)(const float *query, int64_t dim, const char *node) {
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
  return _mm512_reduce_add_ps(_mm512_add_ps(squares0, squares1));
}

TARGET static int32_t FN(graph_hop_floats)(const float *query, const uint8_t *tables,
                                           const float *factors, int64_t dim, int64_t bits,
                                           const char *node, float bound, int32_t *ids,
                                           float *distances) {
  const uint8_t *codes = (const uint8_t *)node + 4 * dim;
  __m512 sums[2];
  FN(hop_all_sums)(tables, bits, codes, sums);
  float own = FN(own_floats)(query, dim, node);
  const float *add = (const float *)(codes + 4 * bits);
  const float *scale = add + CODES;
  const int32_t *neighbors = (const int32_t *)(scale + CODES);
  int32_t n = 0;
  for (int i = 0; i < 2; i++) {
    n = FN(hop_near)(sums[i], _mm512_loadu_ps(add + 16 * i), _mm512_loadu_ps(scale + 16 * i),
                     factors, own, bound, neighbors + 16 * i, n, ids, distances);
  }
  distances[CODES] = own;
  return n;
}

/* 64 cells of 6 bits as bytes. */
ALWAYS TARGET __m512i FN(six_bits)(const char *block) {
  __m256i nibbles = _mm256_loadu_si256((const __m256i *)block);
  __m512i low = _mm512_inserti64x4(_mm512_castsi256_si512(nibbles),
                                   _mm256_srli_epi16(nibbles, 4), 1);
  low = _mm512_and_si512(low, _mm512_set1_epi8(15));
  __m512i pairs = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(block + 32)));
  const __m512i shifts = _mm512_set_epi64(6, 6, 4, 4, 2, 2, 0, 0);
  __m512i high = _mm512_and_si512(_mm512_srlv_epi64(pairs, shifts), _mm512_set1_epi8(3));
  return _mm512_or_si512(low, _mm512_slli_epi16(high, 4));
}

/* |query - node|^2 from cells of 6 bits and the query's bytes. */
TARGET static inline float FN(own_six)(const int8_t *bytes, const float *factors, int64_t bits,
                                       const char *node) {
  const float *head = (const float *)node;
  const char *block = node + 16;
  __m512i products = _mm512_setzero_si512();
  for (int64_t d = 0; d < bits; d += 64, block += 48) {
    products = _mm512_dpbusd_epi32(products, FN(six_bits)(block), _mm512_loadu_si512(bytes + d));
  }
  float product = head[1] * factors[2] * ((float)_mm512_reduce_add_epi32(products) - factors[3]);
  return factors[4] + head[0] - 2 * product;
}

TARGET static int32_t FN(graph_hop_six)(const uint8_t *tables, const int8_t *bytes,
                                        const float *factors, int64_t bits, const char *node,
                                        float bound, int32_t *ids, float *distances) {
  const float *head = (const float *)node;
  const uint8_t *codes = (const uint8_t *)node + 16 + 48 * ((bits + 63) / 64);
  float own = FN(own_six)(bytes, factors, bits, node);
  __m512 sums[2];
  FN(hop_all_sums)(tables, bits, codes, sums);
  const char *add = (const char *)codes + 4 * bits;
  const char *scale = add + 2 * CODES;
  const int32_t *neighbors = (const int32_t *)(scale + 2 * CODES);
  int32_t n = 0;
  for (int i = 0; i < 2; i++) {
    __m512 adds = _mm512_mul_ps((__m512)FN(load_float16)(add + 32 * i), _mm512_set1_ps(head[2]));
    __m512 scales =
        _mm512_mul_ps((__m512)FN(load_float16)(scale + 32 * i), _mm512_set1_ps(head[3]));
    n = FN(hop_near)(sums[i], adds, scales, factors, own, bound, neighbors + 16 * i, n, ids,
                     distances);
  }
  distances[CODES] = own;
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
/* Keeps estimates below the bound; sums come in, and are no more afterwards. */
ALWAYS TARGET int32_t FN(hop_near)(const uint8_t *tables, int64_t bits, const uint8_t *codes,
                                   const float *add, const float *scale, const float *factors,
                                   float own, float bound, const int32_t *neighbors, int32_t *ids,
                                   float *distances) {
  float sums[CODES] = {0};
  int64_t groups = bits / 4;
  for (int64_t g = 0; g < groups; g += 256) {
    int64_t some = groups - g < 256 ? groups - g : 256;
    FN(hop_sums)(tables + 16 * g, some, codes + 16 * g, sums);
  }
  for (int j = 0; j < CODES; j++) {
    sums[j] = own + add[j] + scale[j] * (sums[j] * factors[0] + factors[1]);
  }
  int32_t n = 0;
  for (int j = 0; j < CODES; j++) {
    distances[n] = sums[j];
    ids[n] = neighbors[j];
    n += sums[j] < bound;
  }
  distances[CODES] = own;
  return n;
}

TARGET static inline float FN(own_floats)(const float *query, int64_t dim, const char *node) {
  FN(floats) squares = {0};
  for (int64_t d = 0; d < dim; d += FLOATS) {
    FN(floats) x = FN(load_float)(node + 4 * d) - FN(load_float)(query + d);
    squares += x * x;
  }
  return FN(sum)(squares);
}

TARGET static int32_t FN(graph_hop_floats)(const float *query, const uint8_t *tables,
                                           const float *factors, int64_t dim, int64_t bits,
                                           const char *node, float bound, int32_t *ids,
                                           float *distances) {
  const uint8_t *codes = (const uint8_t *)node + 4 * dim;
  const float *add = (const float *)(codes + 4 * bits);
  const int32_t *neighbors = (const int32_t *)(add + 2 * CODES);
  return FN(hop_near)(tables, bits, codes, add, add + CODES, factors,
                      FN(own_floats)(query, dim, node), bound, neighbors, ids, distances);
}

/* The sum of products of 64 cells of 6 bits with the bytes of the query. */
ALWAYS TARGET int32_t FN(six_bits_product)(const char *block, const int8_t *bytes) {
#if LEVEL == LEVEL_AVX2
  const __m256i ones = _mm256_set1_epi16(1);
  __m256i nibbles = _mm256_loadu_si256((const __m256i *)block);
  __m256i pairs = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(block + 32)));
  __m256i sum = _mm256_setzero_si256();
  for (int half = 0; half < 2; half++) {
    __m256i low = _mm256_and_si256(half ? _mm256_srli_epi16(nibbles, 4) : nibbles,
                                   _mm256_set1_epi8(15));
    __m256i shifts = half ? _mm256_set_epi64x(6, 6, 4, 4) : _mm256_set_epi64x(2, 2, 0, 0);
    __m256i high = _mm256_and_si256(_mm256_srlv_epi64(pairs, shifts), _mm256_set1_epi8(3));
    __m256i cells = _mm256_or_si256(low, _mm256_slli_epi16(high, 4));
    /* At most 63 * 128 * 2: no sum of two saturates. */
    __m256i products =
        _mm256_maddubs_epi16(cells, _mm256_loadu_si256((const __m256i *)(bytes + 32 * half)));
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(products, ones));
  }
  __m128i four = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
  __m128i two = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
  return _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 0xb1)));
#else
  const uint8_t *cells = (const uint8_t *)block;
  int32_t sum = 0;
  for (int d = 0; d < 64; d++) {
    int low = cells[d & 31] >> (d >> 5 << 2) & 15;
    int high = cells[32 + (d & 15)] >> (d >> 4 << 1) & 3;
    sum += bytes[d] * (low | high << 4);
  }
  return sum;
#endif
}

TARGET static inline float FN(own_six)(const int8_t *bytes, const float *factors, int64_t bits,
                                       const char *node) {
  const float *head = (const float *)node;
  const char *block = node + 16;
  int32_t products = 0;
  for (int64_t d = 0; d < bits; d += 64, block += 48) {
    products += FN(six_bits_product)(block, bytes + d);
  }
  float product = head[1] * factors[2] * ((float)products - factors[3]);
  return factors[4] + head[0] - 2 * product;
}

TARGET static int32_t FN(graph_hop_six)(const uint8_t *tables, const int8_t *bytes,
                                        const float *factors, int64_t bits, const char *node,
                                        float bound, int32_t *ids, float *distances) {
  const float *head = (const float *)node;
  const char *block = node + 16 + 48 * ((bits + 63) / 64);
  const char *at = block + 4 * bits;
  float add[CODES], scale[CODES];
  for (int j = 0; j < CODES; j += FLOATS) {
    FN(floats) adds = FN(load_float16)(at + 2 * j) * head[2];
    FN(floats) scales = FN(load_float16)(at + 2 * CODES + 2 * j) * head[3];
    memcpy(add + j, &adds, sizeof adds);
    memcpy(scale + j, &scales, sizeof scales);
  }
  return FN(hop_near)(tables, bits, (const uint8_t *)block, add, scale, factors,
                      FN(own_six)(bytes, factors, bits, node), bound,
                      (const int32_t *)(at + 4 * CODES), ids, distances);
}
#endif
#undef CODES
