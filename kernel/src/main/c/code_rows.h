/*
 * Distances of a prepared query to rows of codes. A row is two floats, add and factor, then its
 * code; its distance is base + add - factor * (inner product of query and code). Included once per
 * level by each_level.h, after int8_rows.h. No byte outside of the rows is read.
 *
 * Grid codes have 4, 6 or 8 bits for each coordinate, in chunks of 256 coordinates. Of a chunk of n:
 *   8 bits   n signed bytes
 *   4 bits   half = (n + 1) / 2 bytes; byte j holds coordinate j low, and half + j high
 *   6 bits   the same for the lower 4 bits; then quarter = (n + 3) / 4 bytes, in which bits 2k and
 *            2k+1 of byte j are the upper ones of coordinate k * quarter + j
 * The query is base, start, step, fine (floats), then dim digits, and dim more that count fine
 * where that is not 0. The inner product is start + step * sum + fine * sum of the second digits.
 *
 * Book codes have a byte for each table. The query is base, three floats of no use, and 256 floats
 * for each table; the inner product is the sum of what the bytes choose.
 */
#define CHUNK 256

ALWAYS TARGET int64_t FN(grid_bytes)(int64_t n, int bits) {
  return bits == 8 ? n : bits == 4 ? (n + 1) / 2 : (n + 1) / 2 + (n + 3) / 4;
}

ALWAYS TARGET int64_t FN(grid_row_bytes)(int64_t dim, int bits) {
  return 8 + dim / CHUNK * FN(grid_bytes)(CHUNK, bits) + FN(grid_bytes)(dim % CHUNK, bits);
}

/* May write 4 bytes past n. */
ALWAYS TARGET void FN(grid_unpack)(const uint8_t *code, int64_t n, int bits, uint8_t *cells) {
  int64_t half = (n + 1) / 2;
  for (int64_t j = 0; j < half; j++) {
    cells[j] = code[j] & 15;
    cells[half + j] = code[j] >> 4;
  }
  if (bits == 6) {
    int64_t quarter = (n + 3) / 4;
    cells[n] = cells[n + 1] = cells[n + 2] = 0;
    for (int k = 0; k < 4; k++) {
      for (int64_t j = 0; j < quarter; j++) {
        cells[k * quarter + j] += (code[half + j] >> 2 * k & 3) << 4;
      }
    }
  }
}

/* n and bits are constants wherever this is called. */
ALWAYS TARGET void FN(grid_group)(const char *query, const char *const *rows, int64_t dim, int n,
                                  int bits, float *out) {
  float head[4];
  memcpy(head, query, sizeof head);
  const char *digits = query + sizeof head;
  int32_t sums[4] = {0};
  int32_t fine[4] = {0};
  int64_t at = 8;
  for (int64_t from = 0; from < dim; from += CHUNK) {
    int64_t here = dim - from < CHUNK ? dim - from : CHUNK;
    uint8_t cells[4][CHUNK + 8];
    const char *starts[4];
    int32_t part[4];
    for (int r = 0; r < n; r++) {
      starts[r] = rows[r] + at;
      if (bits != 8) {
        FN(grid_unpack)((const uint8_t *)starts[r], here, bits, cells[r]);
        starts[r] = (const char *)cells[r];
      }
    }
    FN(int8_group)(digits + from, starts, here, n, 0, part);
    for (int r = 0; r < n; r++) {
      sums[r] += part[r];
    }
    if (head[3] != 0) {
      FN(int8_group)(digits + dim + from, starts, here, n, 0, part);
      for (int r = 0; r < n; r++) {
        fine[r] += part[r];
      }
    }
    at += FN(grid_bytes)(here, bits);
  }
  for (int r = 0; r < n; r++) {
    float facts[2];
    memcpy(facts, rows[r], sizeof facts);
    out[r] = head[0] + facts[0] -
             facts[1] * (head[1] + head[2] * (float)sums[r] + head[3] * (float)fine[r]);
  }
}

ALWAYS TARGET void FN(book_group)(const char *query, const char *const *rows, int64_t tables, int n,
                                  float *out) {
  const float *head = (const float *)query;
  for (int r = 0; r < n; r++) {
    const float *table = head + 4;
    const uint8_t *code = (const uint8_t *)rows[r] + 8;
    float s[4] = {0};
    int64_t t = 0;
    for (; t + 4 <= tables; t += 4, table += 4 * 256) {
      s[0] += table[code[t]];
      s[1] += table[256 + code[t + 1]];
      s[2] += table[512 + code[t + 2]];
      s[3] += table[768 + code[t + 3]];
    }
    for (; t < tables; t++, table += 256) {
      s[0] += table[code[t]];
    }
    float facts[2];
    memcpy(facts, rows[r], sizeof facts);
    out[r] = head[0] + facts[0] - facts[1] * ((s[0] + s[1]) + (s[2] + s[3]));
  }
}

#define QUERY char
#define OUT float

#define ROW_BYTES(dim) FN(grid_row_bytes)(dim, 4)
#define NAME(x) grid4##x
#define GROUP(query, rows, dim, n, out) FN(grid_group)(query, rows, dim, n, 4, out)
#include "batch.h"
#undef ROW_BYTES

#define ROW_BYTES(dim) FN(grid_row_bytes)(dim, 6)
#define NAME(x) grid6##x
#define GROUP(query, rows, dim, n, out) FN(grid_group)(query, rows, dim, n, 6, out)
#include "batch.h"
#undef ROW_BYTES

#define ROW_BYTES(dim) FN(grid_row_bytes)(dim, 8)
#define NAME(x) grid8##x
#define GROUP(query, rows, dim, n, out) FN(grid_group)(query, rows, dim, n, 8, out)
#include "batch.h"
#undef ROW_BYTES

#define ROW_BYTES(tables) ((tables) + 8)
#define NAME(x) book##x
#define GROUP(query, rows, tables, n, out) FN(book_group)(query, rows, tables, n, out)
#include "batch.h"
#undef ROW_BYTES

#undef QUERY
#undef OUT
#undef CHUNK
