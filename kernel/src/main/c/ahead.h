/* Rows by number: each number checked once, each row asked for before it is read. */
#ifndef ELANUS_AHEAD_H
#define ELANUS_AHEAD_H

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

#endif
