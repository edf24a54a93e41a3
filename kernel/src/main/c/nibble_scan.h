/*
 * Sums of table entries over blocks of 32 codes of 4-bit groups, the layout of which stands in
 * NibbleScan.java: 16 bytes a group, byte j holding code j in its low and code j + 16 in its high
 * nibble; 16 bytes of table a group. Included once per level by each_level.h.
 *
 * Bytes are summed as 16-bit words, even bytes and odd bytes apart: `words` takes each word as it
 * is, `odd` its upper byte; what `words` took too much is 256 times `odd`, modulo 2^16. A lane may
 * take 256 bytes of at most 255 before it is emptied into 32 bits. (The way of FAISS's fast scan;
 * André, Kermarrec, Le Scouarnec, "Cache locality is not enough", VLDB 2015.)
 */
#define STEPS_MAX 256

#if LEVEL == LEVEL_BASELINE && !ELANUS_ARM
static void FN(nibble_block)(const uint8_t *tables, int64_t groups, const uint8_t *block,
                             int32_t *out) {
  int32_t sums[32] = {0};
  for (int64_t g = 0; g < groups; g++) {
    const uint8_t *table = tables + 16 * g;
    const uint8_t *codes = block + 16 * g;
    for (int j = 0; j < 16; j++) {
      sums[j] += table[codes[j] & 15];
      sums[j + 16] += table[codes[j] >> 4];
    }
  }
  memcpy(out, sums, sizeof sums);
}
#endif

#if ELANUS_ARM
static void FN(nibble_block)(const uint8_t *tables, int64_t groups, const uint8_t *block,
                             int32_t *out) {
  uint32x4_t sums[8];
  for (int i = 0; i < 8; i++) {
    sums[i] = vdupq_n_u32(0);
  }
  for (int64_t from = 0; from < groups; from += STEPS_MAX) {
    int64_t to = groups - from < STEPS_MAX ? groups : from + STEPS_MAX;
    uint16x8_t s0 = vdupq_n_u16(0), s1 = s0, s2 = s0, s3 = s0;
    for (int64_t g = from; g < to; g++) {
      uint8x16_t table = vld1q_u8(tables + 16 * g);
      uint8x16_t codes = vld1q_u8(block + 16 * g);
      uint8x16_t low = vqtbl1q_u8(table, vandq_u8(codes, vdupq_n_u8(15)));
      uint8x16_t high = vqtbl1q_u8(table, vshrq_n_u8(codes, 4));
      s0 = vaddw_u8(s0, vget_low_u8(low));
      s1 = vaddw_u8(s1, vget_high_u8(low));
      s2 = vaddw_u8(s2, vget_low_u8(high));
      s3 = vaddw_u8(s3, vget_high_u8(high));
    }
    uint16x8_t words[4] = {s0, s1, s2, s3};
    for (int i = 0; i < 4; i++) {
      sums[2 * i] = vaddw_u16(sums[2 * i], vget_low_u16(words[i]));
      sums[2 * i + 1] = vaddw_u16(sums[2 * i + 1], vget_high_u16(words[i]));
    }
  }
  for (int i = 0; i < 8; i++) {
    vst1q_s32(out + 4 * i, vreinterpretq_s32_u32(sums[i]));
  }
}
#endif

#if LEVEL != LEVEL_BASELINE
/* Puts sums of even and odd bytes of 16 codes in order, adds them to 16 results. */
ALWAYS TARGET void FN(empty)(__m128i even, __m128i odd, __m256i *low, __m256i *high) {
  __m128i first = _mm_unpacklo_epi16(even, odd);
  __m128i second = _mm_unpackhi_epi16(even, odd);
  *low = _mm256_add_epi32(*low, _mm256_cvtepu16_epi32(first));
  *high = _mm256_add_epi32(*high, _mm256_cvtepu16_epi32(second));
}
#endif

#if LEVEL == LEVEL_AVX2
/* Two groups at once, one in each half of a register. */
TARGET static void FN(nibble_block)(const uint8_t *tables, int64_t groups, const uint8_t *block,
                                    int32_t *out) {
  const __m256i nibble = _mm256_set1_epi8(15);
  __m256i sums[4];
  for (int i = 0; i < 4; i++) {
    sums[i] = _mm256_setzero_si256();
  }
  for (int64_t from = 0; from < groups; from += 2 * STEPS_MAX) {
    int64_t to = groups - from < 2 * STEPS_MAX ? groups : from + 2 * STEPS_MAX;
    __m256i words0 = _mm256_setzero_si256(), odd0 = words0, words1 = words0, odd1 = words0;
    for (int64_t g = from; g < to; g += 2) {
      __m256i table, codes;
      if (g + 2 <= to) {
        table = _mm256_loadu_si256((const __m256i *)(tables + 16 * g));
        codes = _mm256_loadu_si256((const __m256i *)(block + 16 * g));
      } else {
        /* The last of an odd number: the other half looks zeros up. */
        table = _mm256_inserti128_si256(_mm256_setzero_si256(),
                                        _mm_loadu_si128((const __m128i *)(tables + 16 * g)), 0);
        codes = _mm256_inserti128_si256(_mm256_setzero_si256(),
                                        _mm_loadu_si128((const __m128i *)(block + 16 * g)), 0);
      }
      __m256i low = _mm256_shuffle_epi8(table, _mm256_and_si256(codes, nibble));
      __m256i high =
          _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(codes, 4), nibble));
      words0 = _mm256_add_epi16(words0, low);
      odd0 = _mm256_add_epi16(odd0, _mm256_srli_epi16(low, 8));
      words1 = _mm256_add_epi16(words1, high);
      odd1 = _mm256_add_epi16(odd1, _mm256_srli_epi16(high, 8));
    }
    __m256i even0 = _mm256_sub_epi16(words0, _mm256_slli_epi16(odd0, 8));
    __m256i even1 = _mm256_sub_epi16(words1, _mm256_slli_epi16(odd1, 8));
    FN(empty)(_mm256_castsi256_si128(even0), _mm256_castsi256_si128(odd0), &sums[0], &sums[1]);
    FN(empty)(_mm256_extracti128_si256(even0, 1), _mm256_extracti128_si256(odd0, 1), &sums[0],
              &sums[1]);
    FN(empty)(_mm256_castsi256_si128(even1), _mm256_castsi256_si128(odd1), &sums[2], &sums[3]);
    FN(empty)(_mm256_extracti128_si256(even1, 1), _mm256_extracti128_si256(odd1, 1), &sums[2],
              &sums[3]);
  }
  for (int i = 0; i < 4; i++) {
    _mm256_storeu_si256((__m256i *)(out + 8 * i), sums[i]);
  }
}
#endif

#if LEVEL == LEVEL_AVX512
/* Adds the four quarters, whose sums of 16 bits must not meet before they are 32 bits wide. */
ALWAYS TARGET void FN(empty_all)(__m512i words, __m512i odd, __m256i *low, __m256i *high) {
  __m512i even = _mm512_sub_epi16(words, _mm512_slli_epi16(odd, 8));
  FN(empty)(_mm512_castsi512_si128(even), _mm512_castsi512_si128(odd), low, high);
  FN(empty)(_mm512_extracti32x4_epi32(even, 1), _mm512_extracti32x4_epi32(odd, 1), low, high);
  FN(empty)(_mm512_extracti32x4_epi32(even, 2), _mm512_extracti32x4_epi32(odd, 2), low, high);
  FN(empty)(_mm512_extracti32x4_epi32(even, 3), _mm512_extracti32x4_epi32(odd, 3), low, high);
}

/* Four groups at once, one in each quarter of a register. */
TARGET static void FN(nibble_block)(const uint8_t *tables, int64_t groups, const uint8_t *block,
                                    int32_t *out) {
  const __m512i nibble = _mm512_set1_epi8(15);
  __m256i sums[4];
  for (int i = 0; i < 4; i++) {
    sums[i] = _mm256_setzero_si256();
  }
  for (int64_t from = 0; from < groups; from += 4 * STEPS_MAX) {
    int64_t to = groups - from < 4 * STEPS_MAX ? groups : from + 4 * STEPS_MAX;
    __m512i words0 = _mm512_setzero_si512(), odd0 = words0, words1 = words0, odd1 = words0;
    for (int64_t g = from; g < to; g += 4) {
      __mmask64 here = to - g >= 4 ? ~0ull : ~0ull >> (64 - 16 * (to - g));
      __m512i table = _mm512_maskz_loadu_epi8(here, tables + 16 * g);
      __m512i codes = _mm512_maskz_loadu_epi8(here, block + 16 * g);
      __m512i low = _mm512_shuffle_epi8(table, _mm512_and_si512(codes, nibble));
      __m512i high =
          _mm512_shuffle_epi8(table, _mm512_and_si512(_mm512_srli_epi16(codes, 4), nibble));
      words0 = _mm512_add_epi16(words0, low);
      odd0 = _mm512_add_epi16(odd0, _mm512_srli_epi16(low, 8));
      words1 = _mm512_add_epi16(words1, high);
      odd1 = _mm512_add_epi16(odd1, _mm512_srli_epi16(high, 8));
    }
    FN(empty_all)(words0, odd0, &sums[0], &sums[1]);
    FN(empty_all)(words1, odd1, &sums[2], &sums[3]);
  }
  for (int i = 0; i < 4; i++) {
    _mm256_storeu_si256((__m256i *)(out + 8 * i), sums[i]);
  }
}
#endif

TARGET static void FN(nibble_scan)(const uint8_t *tables, const uint8_t *blocks, int64_t groups,
                                   int32_t count, int32_t *out) {
  for (int32_t i = 0; i < count; i++) {
    FN(nibble_block)(tables, groups, blocks + 16 * groups * i, out + 32 * i);
  }
}
#undef STEPS_MAX
