/*
 * A scan of chosen rows by codes of one bit a coordinate; the layout stands in SignRows.java.
 * Included once per level by each_level.h. No byte outside of the rows is read.
 */

/* Rounds to 16 values, and puts bit p of coordinate d into bit d of plane p. */
TARGET static void FN(sign_planes)(const float *x, int64_t bits, float inverse, int64_t wide,
                                   uint64_t *planes) {
  memset(planes, 0, (size_t)(4 * 8 * wide));
  for (int64_t d = 0; d < bits; d += 16) {
    uint32_t mask[4] = {0};
#if LEVEL == LEVEL_AVX512
    __m512 scaled = _mm512_fmadd_ps(_mm512_loadu_ps(x + d), _mm512_set1_ps(inverse),
                                    _mm512_set1_ps(8));
    __m512i cells = _mm512_cvttps_epi32(scaled);
    cells = _mm512_min_epi32(_mm512_max_epi32(cells, _mm512_setzero_si512()),
                             _mm512_set1_epi32(15));
    for (int p = 0; p < 4; p++) {
      mask[p] = _mm512_test_epi32_mask(cells, _mm512_set1_epi32(1 << p));
    }
#else
    for (int i = 0; i < 16; i++) {
      int32_t cell = (int32_t)(x[d + i] * inverse + 8);
      cell = cell < 0 ? 0 : cell > 15 ? 15 : cell;
      for (int p = 0; p < 4; p++) {
        mask[p] |= (uint32_t)(cell >> p & 1) << i;
      }
    }
#endif
    for (int p = 0; p < 4; p++) {
      planes[wide * p + d / 64] |= (uint64_t)mask[p] << d % 64;
    }
  }
}

/* Numbers of the rows that 64 bits allow. May write 16 past them. */
ALWAYS TARGET int32_t FN(sign_ids)(uint64_t allowed, int32_t first, int32_t *ids) {
  int32_t n = 0;
#if LEVEL == LEVEL_AVX512
  const __m512i lanes = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  for (int q = 0; q < 4; q++) {
    __mmask16 here = (__mmask16)(allowed >> 16 * q);
    __m512i rows = _mm512_add_epi32(lanes, _mm512_set1_epi32(first + 16 * q));
    _mm512_storeu_si512(ids + n, _mm512_maskz_compress_epi32(here, rows));
    n += __builtin_popcount(here);
  }
#else
  for (; allowed != 0; allowed &= allowed - 1) {
    ids[n++] = first + __builtin_ctzll(allowed);
  }
#endif
  return n;
}

#if LEVEL == LEVEL_AVX512
typedef __m256i FN(counts);

/* The bits that differ, plane by plane and weighted, in 8 lanes that are to be added up. */
ALWAYS TARGET __m512i FN(sign_narrow)(const uint64_t *row, __mmask8 here, __m512i low,
                                      __m512i high) {
  const __m512i twice = _mm512_set_epi64(1, 1, 1, 1, 0, 0, 0, 0);
  __m512i code = _mm512_maskz_broadcast_i64x4(here, _mm256_maskz_loadu_epi64(here & 15, row));
  __m512i a = _mm512_popcnt_epi64(_mm512_xor_si512(code, low));
  __m512i b = _mm512_popcnt_epi64(_mm512_xor_si512(code, high));
  return _mm512_sllv_epi64(_mm512_add_epi64(a, _mm512_slli_epi64(b, 2)), twice);
}

ALWAYS TARGET __m512i FN(sign_wide)(const uint64_t *row, int64_t words, const uint64_t *planes,
                                    int64_t wide) {
  __m512i sum = _mm512_setzero_si512();
  for (int64_t w = 0; w < words; w += 8) {
    __mmask8 here = words - w >= 8 ? 255 : (__mmask8)((1 << (words - w)) - 1);
    __m512i code = _mm512_maskz_loadu_epi64(here, row + w);
    for (int p = 0; p < 4; p++) {
      __m512i plane = _mm512_loadu_si512(planes + wide * p + w);
      __m512i apart = _mm512_popcnt_epi64(_mm512_xor_si512(code, plane));
      sum = _mm512_add_epi64(sum, _mm512_slli_epi64(apart, p));
    }
  }
  return sum;
}

/* The sums of four rows, one in each 16 bits. */
ALWAYS TARGET uint64_t FN(sign_four)(const __m512i *s) {
  __m512i low = _mm512_or_si512(s[0], _mm512_slli_epi64(s[1], 16));
  __m512i high = _mm512_or_si512(s[2], _mm512_slli_epi64(s[3], 16));
  __m512i all = _mm512_or_si512(low, _mm512_slli_epi64(high, 32));
  __m256i half = _mm256_add_epi16(_mm512_castsi512_si256(all), _mm512_extracti64x4_epi64(all, 1));
  __m128i quarter =
      _mm_add_epi16(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
  quarter = _mm_add_epi16(quarter, _mm_unpackhi_epi64(quarter, quarter));
  return (uint64_t)_mm_cvtsi128_si64(quarter);
}

/* Weighted counts of 16 rows. */
ALWAYS TARGET FN(counts) FN(sign_sums)(const uint64_t *codes, int64_t words, const int32_t *ids,
                                       const uint64_t *planes, int64_t wide) {
  uint64_t fours[4];
  __m512i s[4];
  if (words <= 4) {
    const __mmask8 some = (__mmask8)((1 << words) - 1);
    const __mmask8 here = (__mmask8)(some | some << 4);
    __m512i low = _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256(
                                         (const __m256i *)planes)),
                                     _mm256_loadu_si256((const __m256i *)(planes + wide)), 1);
    __m512i high = _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256(
                                          (const __m256i *)(planes + 2 * wide))),
                                      _mm256_loadu_si256((const __m256i *)(planes + 3 * wide)), 1);
#pragma GCC unroll 4
    for (int g = 0; g < 4; g++) {
#pragma GCC unroll 4
      for (int r = 0; r < 4; r++) {
        s[r] = FN(sign_narrow)(codes + ids[4 * g + r] * words, here, low, high);
      }
      fours[g] = FN(sign_four)(s);
    }
  } else {
#pragma GCC unroll 4
    for (int g = 0; g < 4; g++) {
#pragma GCC unroll 4
      for (int r = 0; r < 4; r++) {
        s[r] = FN(sign_wide)(codes + ids[4 * g + r] * words, words, planes, wide);
      }
      fours[g] = FN(sign_four)(s);
    }
  }
  /* Not by way of memory, where a load would wait for four stores. */
  return _mm256_set_epi64x((int64_t)fours[3], (int64_t)fours[2], (int64_t)fours[1],
                           (int64_t)fours[0]);
}
#else
typedef struct {
  uint16_t of[16];
} FN(counts);

ALWAYS TARGET FN(counts) FN(sign_sums)(const uint64_t *codes, int64_t words, const int32_t *ids,
                                       const uint64_t *planes, int64_t wide) {
  FN(counts) sums;
  for (int r = 0; r < 16; r++) {
    const uint64_t *row = codes + ids[r] * words;
    int64_t sum = 0;
    for (int64_t w = 0; w < words; w++) {
      for (int p = 0; p < 4; p++) {
        sum += (int64_t)__builtin_popcountll(row[w] ^ planes[wide * p + w]) << p;
      }
    }
    sums.of[r] = (uint16_t)sum;
  }
  return sums;
}
#endif

/* Begins to bring the codes of 16 rows into the cache, and takes their facts. */
ALWAYS TARGET void FN(sign_ahead)(const uint64_t *codes, int64_t words, const uint32_t *facts,
                                  const int32_t *rows, uint32_t *taken) {
  for (int i = 0; i < 16; i++) {
    const uint64_t *row = codes + rows[i] * words;
    __builtin_prefetch(row, 0, 3);
    for (int64_t w = 8; w < words; w += 8) {
      __builtin_prefetch(row + w, 0, 3);
    }
    __builtin_prefetch(row + words - 1, 0, 3);
    taken[i] = facts[rows[i]];
  }
}

/* What 16 rows are at least; answers how many of the first some are below the bound. */
ALWAYS TARGET int32_t FN(sign_below)(FN(counts) sums, const uint32_t *facts,
                                     const int32_t *rows, int32_t some, const float *factors,
                                     float bound, int32_t *ids, float *lows) {
  int32_t n = 0;
#if LEVEL == LEVEL_AVX512
  __m512i row = _mm512_loadu_si512(rows);
  __m512i fact = _mm512_loadu_si512(facts);
  __m512 add = _mm512_castsi512_ps(_mm512_and_si512(fact, _mm512_set1_epi32((int)0xffff0000)));
  __m512 factor = _mm512_castsi512_ps(_mm512_slli_epi32(fact, 16));
  __m512 sum = _mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(sums));
  __m512 inner = _mm512_fnmadd_ps(sum, _mm512_set1_ps(factors[2]), _mm512_set1_ps(factors[1]));
  __m512 low = _mm512_fnmadd_ps(factor, inner, _mm512_add_ps(add, _mm512_set1_ps(factors[0])));
  __mmask16 real = (__mmask16)((1 << some) - 1);
  __mmask16 below = _mm512_mask_cmp_ps_mask(real, low, _mm512_set1_ps(bound), _CMP_LT_OQ);
  _mm512_storeu_ps(lows, _mm512_maskz_compress_ps(below, low));
  _mm512_storeu_si512(ids, _mm512_maskz_compress_epi32(below, row));
  n = __builtin_popcount(below);
#else
  for (int i = 0; i < some; i++) {
    uint32_t fact = facts[i];
    uint32_t upper = fact & 0xffff0000u;
    uint32_t lower = fact << 16;
    float add, factor;
    memcpy(&add, &upper, sizeof add);
    memcpy(&factor, &lower, sizeof factor);
    float low = factors[0] + add - factor * (factors[1] - factors[2] * (float)sums.of[i]);
    lows[n] = low;
    ids[n] = rows[i];
    n += low < bound;
  }
#endif
  return n;
}

/* Rows of a call, and how many rows ahead codes are brought into the cache. */
#define ROWS_MAX 8192
#define AHEAD 64

TARGET static int32_t FN(sign_scan)(const uint64_t *planes, const float *factors,
                                    const uint64_t *codes, int64_t words, const uint32_t *facts,
                                    const uint64_t *allowed, int64_t first, int64_t count,
                                    float bound, int32_t *ids, float *lows) {
  const int64_t wide = (words + 7) / 8 * 8, end = first + count;
  int32_t rows[ROWS_MAX + AHEAD + 16];
  uint32_t taken[ROWS_MAX + AHEAD + 16];
  int32_t found = 0;
  for (int64_t w = first / 64; w * 64 < end; w++) {
    uint64_t here = 64 * w + 64 <= end ? ~0ull : ~0ull >> (64 * w + 64 - end);
    found += FN(sign_ids)(allowed[w] & here, (int32_t)(64 * w), rows + found);
  }
  if (found == 0) {
    return 0;
  }
  for (int32_t i = found; i < found + AHEAD + 16; i++) {
    rows[i] = rows[found - 1];
  }
  for (int32_t i = 0; i < AHEAD; i += 16) {
    FN(sign_ahead)(codes, words, facts, rows + i, taken + i);
  }
  int32_t n = 0;
  for (int32_t i = 0; i < found; i += 16) {
    int32_t ahead = i + AHEAD;
    FN(sign_ahead)(codes, words, facts, rows + ahead, taken + ahead);
    FN(counts) sums = FN(sign_sums)(codes, words, rows + i, planes, wide);
    int32_t some = found - i < 16 ? found - i : 16;
    n += FN(sign_below)(sums, taken + i, rows + i, some, factors, bound, ids + n, lows + n);
  }
  return n;
}
#undef ROWS_MAX
#undef AHEAD
