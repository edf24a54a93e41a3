/*
 * Hamming and Jaccard distances of rows of bits; dim counts bytes here. Included once per level by
 * each_level.h. No byte outside of the rows is read.
 */

/*
 * Counts of bits of n rows: in which query and row differ (apart), or which both have (both) and
 * which either has (either). n and jaccard are constants wherever this is called.
 */
#if LEVEL == LEVEL_AVX512
ALWAYS TARGET void FN(bit_counts)(const char *query, const char *const *rows, int64_t dim, int n,
                                  int jaccard, int64_t *first, int64_t *second) {
  __m512i zero = _mm512_setzero_si512();
  __m512i a[4] = {zero, zero, zero, zero};
  __m512i b[4] = {zero, zero, zero, zero};
  for (int64_t i = 0; i < dim; i += 64) {
    __mmask64 here = dim - i >= 64 ? ~0ull : ~0ull >> (64 - (dim - i));
    __m512i q = _mm512_maskz_loadu_epi8(here, query + i);
#pragma GCC unroll 4
    for (int r = 0; r < n; r++) {
      __m512i x = _mm512_maskz_loadu_epi8(here, rows[r] + i);
      if (jaccard) {
        a[r] = _mm512_add_epi64(a[r], _mm512_popcnt_epi64(_mm512_and_si512(q, x)));
        b[r] = _mm512_add_epi64(b[r], _mm512_popcnt_epi64(_mm512_or_si512(q, x)));
      } else {
        a[r] = _mm512_add_epi64(a[r], _mm512_popcnt_epi64(_mm512_xor_si512(q, x)));
      }
    }
  }
#pragma GCC unroll 4
  for (int r = 0; r < n; r++) {
    first[r] = _mm512_reduce_add_epi64(a[r]);
    second[r] = jaccard ? _mm512_reduce_add_epi64(b[r]) : 0;
  }
}
#else
ALWAYS TARGET void FN(bit_counts)(const char *query, const char *const *rows, int64_t dim, int n,
                                  int jaccard, int64_t *first, int64_t *second) {
#pragma GCC unroll 4
  for (int r = 0; r < n; r++) {
    first[r] = 0;
    second[r] = 0;
  }
  for (int64_t i = 0; i < dim; i += 8) {
    size_t bytes = dim - i >= 8 ? 8 : (size_t)(dim - i);
    uint64_t q = 0;
    if (bytes == 8) {
      memcpy(&q, query + i, 8);
    } else {
      memcpy(&q, query + i, bytes);
    }
#pragma GCC unroll 4
    for (int r = 0; r < n; r++) {
      uint64_t x = 0;
      if (bytes == 8) {
        memcpy(&x, rows[r] + i, 8);
      } else {
        memcpy(&x, rows[r] + i, bytes);
      }
      if (jaccard) {
        first[r] += __builtin_popcountll(q & x);
        second[r] += __builtin_popcountll(q | x);
      } else {
        first[r] += __builtin_popcountll(q ^ x);
      }
    }
  }
}
#endif

ALWAYS TARGET void FN(hamming_group)(const char *query, const char *const *rows, int64_t dim, int n,
                                     int32_t *out) {
  int64_t apart[4];
  int64_t unused[4];
  FN(bit_counts)(query, rows, dim, n, 0, apart, unused);
#pragma GCC unroll 4
  for (int r = 0; r < n; r++) {
    out[r] = (int32_t)apart[r];
  }
}

ALWAYS TARGET void FN(jaccard_group)(const char *query, const char *const *rows, int64_t dim, int n,
                                     float *out) {
  int64_t both[4];
  int64_t either[4];
  FN(bit_counts)(query, rows, dim, n, 1, both, either);
#pragma GCC unroll 4
  for (int r = 0; r < n; r++) {
    out[r] = either[r] == 0 ? 1.0f : (float)(either[r] - both[r]) / (float)either[r];
  }
}

#define QUERY char
#define ROW_BYTES(dim) (dim)

#define OUT int32_t
#define NAME(x) bits_hammings##x
#define GROUP(query, rows, dim, n, out) FN(hamming_group)(query, rows, dim, n, out)
#include "batch.h"
#undef OUT

#define OUT float
#define NAME(x) bits_jaccards##x
#define GROUP(query, rows, dim, n, out) FN(jaccard_group)(query, rows, dim, n, out)
#include "batch.h"
#undef OUT

#undef QUERY
#undef ROW_BYTES
