/*
 * What a hop needs of a query: rotation by random signs and Walsh-Hadamard transforms, and tables
 * of sums over subsets of 4 coordinates. Included once per level by each_level.h, after floats.h.
 */

/* v becomes sums and differences of lanes that lie `step` apart. */
#if LEVEL == LEVEL_AVX512
#define LANES_ACROSS(step)                                                                    \
  (FN(bits)) {                                                                                \
    0 ^ (step), 1 ^ (step), 2 ^ (step), 3 ^ (step), 4 ^ (step), 5 ^ (step), 6 ^ (step),       \
        7 ^ (step), 8 ^ (step), 9 ^ (step), 10 ^ (step), 11 ^ (step), 12 ^ (step),            \
        13 ^ (step), 14 ^ (step), 15 ^ (step)                                                 \
  }
#elif LEVEL == LEVEL_AVX2
#define LANES_ACROSS(step)                                                                    \
  (FN(bits)) {                                                                                \
    0 ^ (step), 1 ^ (step), 2 ^ (step), 3 ^ (step), 4 ^ (step), 5 ^ (step), 6 ^ (step), 7 ^ (step) \
  }
#else
#define LANES_ACROSS(step) \
  (FN(bits)) { 0 ^ (step), 1 ^ (step), 2 ^ (step), 3 ^ (step) }
#endif

/* Lanes with that bit of their number set change sign. */
ALWAYS TARGET FN(floats) FN(signed_lanes)(FN(floats) v, int step) {
  FN(bits) number = LANES_ACROSS(0);
  FN(bits) negative = ((number & step) != 0) & (int32_t)0x80000000;
  return (FN(floats))((FN(bits))v ^ negative);
}

ALWAYS TARGET FN(floats) FN(butterfly)(FN(floats) v) {
  v = __builtin_shuffle(v, LANES_ACROSS(1)) + FN(signed_lanes)(v, 1);
  v = __builtin_shuffle(v, LANES_ACROSS(2)) + FN(signed_lanes)(v, 2);
#if LEVEL != LEVEL_BASELINE
  v = __builtin_shuffle(v, LANES_ACROSS(4)) + FN(signed_lanes)(v, 4);
#endif
#if LEVEL == LEVEL_AVX512
  v = __builtin_shuffle(v, LANES_ACROSS(8)) + FN(signed_lanes)(v, 8);
#endif
  return v;
}
/* The Walsh-Hadamard transform of n floats, a power of two of at least FLOATS. */
ALWAYS TARGET void FN(hadamard)(float *x, int64_t n) {
  for (int64_t i = 0; i < n; i += FLOATS) {
    FN(floats) v = FN(butterfly)(FN(load_float)(x + i));
    memcpy(x + i, &v, sizeof v);
  }
  for (int64_t length = FLOATS; length < n; length *= 2) {
    for (int64_t i = 0; i < n; i += 2 * length) {
      for (int64_t j = i; j < i + length; j += FLOATS) {
        FN(floats) a = FN(load_float)(x + j), b = FN(load_float)(x + j + length);
        FN(floats) sum = a + b, difference = a - b;
        memcpy(x + j, &sum, sizeof sum);
        memcpy(x + j + length, &difference, sizeof difference);
      }
    }
  }
}

TARGET static void FN(rotate)(const float *signs, int64_t bits, int64_t power, int64_t rounds,
                              float *x) {
  for (int64_t round = 0; round < rounds; round++) {
    for (int64_t d = 0; d < bits; d++) {
      x[d] *= signs[round * bits + d];
    }
    FN(hadamard)(round % 2 == 0 ? x : x + bits - power, power);
    if (power < bits) {
      const float root = 0.70710678118654752f;
      int64_t half = bits / 2;
      for (int64_t d = 0; d < half; d++) {
        float a = x[d] * root, b = x[d + half] * root;
        x[d] = a + b;
        x[d + half] = a - b;
      }
    }
  }
}

/* Sums over subsets of 4 coordinates, scaled to bytes, each with 1/2 to be cut off. */
ALWAYS TARGET void FN(subset_bytes)(const float *x, float inverse, uint8_t *table) {
  float v[4], base = 0.5f;
  for (int i = 0; i < 4; i++) {
    v[i] = x[i] * inverse;
    /* The negative part, without a branch that no processor foresees. */
    base -= (v[i] - __builtin_fabsf(v[i])) / 2;
  }
#if LEVEL == LEVEL_AVX512
  __m512 sums = _mm512_set1_ps(base);
  sums = _mm512_mask_add_ps(sums, 0xaaaa, sums, _mm512_set1_ps(v[0]));
  sums = _mm512_mask_add_ps(sums, 0xcccc, sums, _mm512_set1_ps(v[1]));
  sums = _mm512_mask_add_ps(sums, 0xf0f0, sums, _mm512_set1_ps(v[2]));
  sums = _mm512_mask_add_ps(sums, 0xff00, sums, _mm512_set1_ps(v[3]));
  _mm_storeu_si128((__m128i *)table, _mm512_cvtepi32_epi8(_mm512_cvttps_epi32(sums)));
#else
  float sums[16];
  for (int s = 0; s < 16; s++) {
    sums[s] = base + (s & 1 ? v[0] : 0) + (s & 2 ? v[1] : 0) + (s & 4 ? v[2] : 0) +
              (s & 8 ? v[3] : 0);
  }
  for (int s = 0; s < 16; s++) {
    table[s] = (uint8_t)(int32_t)sums[s];
  }
#endif
}

/* Rounds x to bytes and answers their sum. */
ALWAYS TARGET int32_t FN(rounded_bytes)(const float *x, int64_t bits, float inverse, int8_t *bytes) {
  int32_t sum = 0;
#if LEVEL == LEVEL_AVX512
  __m512i sums = _mm512_setzero_si512();
  for (int64_t d = 0; d < bits; d += 16) {
    __m512i cells =
        _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_loadu_ps(x + d), _mm512_set1_ps(inverse)));
    sums = _mm512_add_epi32(sums, cells);
    _mm_storeu_si128((__m128i *)(bytes + d), _mm512_cvtepi32_epi8(cells));
  }
  sum = _mm512_reduce_add_epi32(sums);
#else
  for (int64_t d = 0; d < bits; d++) {
    bytes[d] = (int8_t)__builtin_lrintf(x[d] * inverse);
    sum += bytes[d];
  }
#endif
  return sum;
}

TARGET static void FN(hop_tables)(const float *x, int64_t bits, uint8_t *tables, int8_t *bytes,
                                  float *factors) {
  FN(floats) values = {0}, sizes = {0}, widths = {0}, squares = {0}, tops = {0};
  for (int64_t d = 0; d < bits; d += FLOATS) {
    FN(floats) v = FN(load_float)(x + d);
    FN(floats) size = (FN(floats))((FN(bits))v & 0x7fffffff);
    values += v;
    sizes += size;
    squares += v * v;
    FN(bits) larger = size > tops;
    tops = (FN(floats))((larger & (FN(bits))size) | (~larger & (FN(bits))tops));
    FN(floats) pairs = size + __builtin_shuffle(size, LANES_ACROSS(1));
    FN(floats) fours = pairs + __builtin_shuffle(pairs, LANES_ACROSS(2));
    FN(bits) wider = fours > widths;
    widths = (FN(floats))((wider & (FN(bits))fours) | (~wider & (FN(bits))widths));
  }
  float widest = 0;
  for (int i = 0; i < FLOATS; i++) {
    widest = widths[i] > widest ? widths[i] : widest;
  }
  float inverse = widest > 0 ? 255 / widest : 0;
  for (int64_t d = 0; d < bits; d += 4) {
    FN(subset_bytes)(x + d, inverse, tables + 4 * d);
  }
  /* The least sums of all groups add up to (values - sizes) / 2. */
  float lows = (FN(sum)(values) - FN(sum)(sizes)) / 2;
  factors[0] = 2 * widest / 255;
  factors[1] = 2 * lows - FN(sum)(values);
  float largest = 0;
  for (int i = 0; i < FLOATS; i++) {
    largest = tops[i] > largest ? tops[i] : largest;
  }
  int32_t sum = FN(rounded_bytes)(x, bits, largest > 1e-30f ? 127 / largest : 0, bytes);
  factors[2] = largest / 127;
  factors[3] = 31.5f * (float)sum;
  factors[4] = FN(sum)(squares);
}
#undef LANES_ACROSS
