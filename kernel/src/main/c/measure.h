/* What measures over batches of rows share: rows by number, and how a measure is exported. */
#ifndef ELANUS_MEASURE_H
#define ELANUS_MEASURE_H

#include "level.h"

/* What is asked for of a row; the processor sees the stream by then and goes on by itself. */
#define AHEAD_BYTES_MAX 1024

/*
 * Writes where the rows of n ids start, and begins to bring them into the cache. Answers n, or the
 * place of the first id that is negative or not below row_count.
 */
ALWAYS int32_t elanus_rows_ahead(const char *rows, int64_t stride, int32_t row_count,
                                 const int32_t *ids, int32_t n, const char **starts) {
  int64_t bytes = stride < AHEAD_BYTES_MAX ? stride : AHEAD_BYTES_MAX;
  for (int32_t i = 0; i < n; i++) {
    int32_t id = *(volatile const int32_t *)(ids + i);
    if ((uint32_t)id >= (uint32_t)row_count) {
      return i;
    }
    const char *start = rows + id * stride;
    starts[i] = start;
    for (int64_t at = 0; at < bytes; at += 64) {
      __builtin_prefetch(start + at, 0, 3);
    }
  }
  return n;
}

/*
 * Exports the two functions of a measure that batch.h made at every level.
 *   query   dim cells
 *   rows    dense rows; the first takes the first count of them
 *   ids     count numbers of rows. The second answers count, or the place of the first number
 *           outside of 0..row_count-1; what it wrote to out is of no use then
 *   out     count results
 */
#define EXPORT_MEASURE(name, QUERY, OUT)                                                         \
  EXPORT void elanus_##name(const QUERY *query, const char *rows, int64_t dim, int32_t count,    \
                            OUT *out) {                                                          \
    DISPATCH(name, query, rows, dim, count, out);                                                \
  }                                                                                              \
  EXPORT int32_t elanus_##name##_of(const QUERY *query, const char *rows, int64_t dim,           \
                                    int32_t row_count, const int32_t *ids, int32_t count,        \
                                    OUT *out) {                                                  \
    return DISPATCH(name##_of, query, rows, dim, row_count, ids, count, out);                    \
  }

#endif
