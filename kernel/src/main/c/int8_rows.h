/*
 * Inner products and squared distances of an int8 query to int8 rows, exact in int32. Included once
 * per level by each_level.h. No byte outside of the rows is read.
 */
ALWAYS TARGET FN(ints) FN(add_measure)(FN(ints) sum, FN(shorts) query, FN(shorts) row,
                                       int squares) {
  FN(shorts) difference = query - row;
  return squares ? FN(add_products)(sum, difference, difference)
                 : FN(add_products)(sum, query, row);
}

#if LEVEL == LEVEL_AVX512
/*
 * VNNI multiplies unsigned by signed bytes, 64 at once: of a row's cells 128 is added, and what
 * that adds to the sum, 128 times the sum of the query, is taken off at the end.
 */
ALWAYS TARGET void FN(int8_dots_group)(const char *query, const char *const *rows, int64_t dim,
                                       int n, int32_t *out) {
  const __m512i flip = _mm512_set1_epi8((char)0x80);
  __m512i shift = _mm512_setzero_si512();
  __m512i s[4] = {shift, shift, shift, shift};
  int64_t i = 0;
  for (; i + 64 <= dim; i += 64) {
    __m512i q = _mm512_loadu_si512(query + i);
    shift = _mm512_dpbusd_epi32(shift, flip, q);
#pragma GCC unroll 4
    for (int r = 0; r < n; r++) {
      s[r] = _mm512_dpbusd_epi32(s[r], _mm512_xor_si512(_mm512_loadu_si512(rows[r] + i), flip), q);
    }
  }
  if (i < dim) {
    __mmask64 rest = ~0ull >> (64 - (dim - i));
    __m512i q = _mm512_maskz_loadu_epi8(rest, query + i);
    shift = _mm512_dpbusd_epi32(shift, flip, q);
#pragma GCC unroll 4
    for (int r = 0; r < n; r++) {
      __m512i x = _mm512_xor_si512(_mm512_maskz_loadu_epi8(rest, rows[r] + i), flip);
      s[r] = _mm512_dpbusd_epi32(s[r], x, q);
    }
  }
#pragma GCC unroll 4
  for (int r = 0; r < n; r++) {
    out[r] = _mm512_reduce_add_epi32(_mm512_sub_epi32(s[r], shift));
  }
}
#endif

/* n and squares are constants wherever this is called. */
ALWAYS TARGET void FN(int8_group)(const char *query, const char *const *rows, int64_t dim, int n,
                                  int squares, int32_t *out) {
#if LEVEL == LEVEL_AVX512
  if (!squares) {
    FN(int8_dots_group)(query, rows, dim, n, out);
    return;
  }
#endif
  FN(ints) s[4] = {{0}, {0}, {0}, {0}};
  int64_t i = 0;
  for (; i + SHORTS <= dim; i += SHORTS) {
    FN(shorts) q = FN(load_int8)(query + i);
#pragma GCC unroll 4
    for (int r = 0; r < n; r++) {
      s[r] = FN(add_measure)(s[r], q, FN(load_int8)(rows[r] + i), squares);
    }
  }
  if (i < dim && dim >= SHORTS) {
    FN(shorts) mask = FN(last_shorts)(dim - i);
    FN(shorts) q = FN(load_int8)(query + dim - SHORTS) & mask;
#pragma GCC unroll 4
    for (int r = 0; r < n; r++) {
      s[r] = FN(add_measure)(s[r], q, FN(load_int8)(rows[r] + dim - SHORTS) & mask, squares);
    }
  } else if (i < dim) {
    char part[SHORTS] = {0};
    memcpy(part, query, (size_t)dim);
    FN(shorts) q = FN(load_int8)(part);
#pragma GCC unroll 4
    for (int r = 0; r < n; r++) {
      char cells[SHORTS] = {0};
      memcpy(cells, rows[r], (size_t)dim);
      s[r] = FN(add_measure)(s[r], q, FN(load_int8)(cells), squares);
    }
  }
#pragma GCC unroll 4
  for (int r = 0; r < n; r++) {
    out[r] = FN(sum_ints)(s[r]);
  }
}

#define QUERY char
#define OUT int32_t
#define ROW_BYTES(dim) (dim)

#define NAME(x) int8_dots##x
#define GROUP(query, rows, dim, n, out) FN(int8_group)(query, rows, dim, n, 0, out)
#include "batch.h"

#define NAME(x) int8_squares##x
#define GROUP(query, rows, dim, n, out) FN(int8_group)(query, rows, dim, n, 1, out)
#include "batch.h"

#undef QUERY
#undef OUT
#undef ROW_BYTES
