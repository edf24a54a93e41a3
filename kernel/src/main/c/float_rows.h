/*
 * Inner products and squared distances of one float32 query to rows of one type of cell. Included
 * once per level and type by each_level.h; the including file defines CELL_BYTES (4 or 2),
 * LOAD (which function of floats.h widens a vector of cells) and NAME(x), a name for this type.
 *
 * Four rows share each load of the query, and each row sums into two vectors. Which sum a cell
 * joins does not depend on the row's place in a batch: the same query and row give the same bits
 * alone, among others, in order and gathered. No byte outside of the rows is read: what is left of
 * a row after the last full vector is taken from the vector that ends with the row.
 */
ALWAYS TARGET FN(floats) FN(NAME(add))(FN(floats) sum, FN(floats) query, FN(floats) row,
                                       int squares) {
  FN(floats) difference = query - row;
  return squares ? difference * difference + sum : query * row + sum;
}

/* n and squares are constants wherever this is called. */
ALWAYS TARGET void FN(NAME(group))(const float *query, const char *const *rows, int64_t dim, int n,
                                   int squares, float *out) {
  FN(floats) a[4] = {{0}, {0}, {0}, {0}};
  FN(floats) b[4] = {{0}, {0}, {0}, {0}};
  int64_t i = 0;
  for (; i + 2 * FLOATS <= dim; i += 2 * FLOATS) {
    FN(floats) q0 = FN(load_float)(query + i);
    FN(floats) q1 = FN(load_float)(query + i + FLOATS);
#pragma GCC unroll 4
    for (int r = 0; r < n; r++) {
      a[r] = FN(NAME(add))(a[r], q0, FN(LOAD)(rows[r] + i * CELL_BYTES), squares);
      b[r] = FN(NAME(add))(b[r], q1, FN(LOAD)(rows[r] + (i + FLOATS) * CELL_BYTES), squares);
    }
  }
  if (i + FLOATS <= dim) {
    FN(floats) q = FN(load_float)(query + i);
#pragma GCC unroll 4
    for (int r = 0; r < n; r++) {
      a[r] = FN(NAME(add))(a[r], q, FN(LOAD)(rows[r] + i * CELL_BYTES), squares);
    }
    i += FLOATS;
  }
  if (i < dim && dim >= FLOATS) {
    FN(bits) mask = FN(last)(dim - i);
    FN(floats) q = (FN(floats))((FN(bits))FN(load_float)(query + dim - FLOATS) & mask);
#pragma GCC unroll 4
    for (int r = 0; r < n; r++) {
      FN(floats) x = (FN(floats))((FN(bits))FN(LOAD)(rows[r] + (dim - FLOATS) * CELL_BYTES) & mask);
      b[r] = FN(NAME(add))(b[r], q, x, squares);
    }
  } else if (i < dim) {
    float part[FLOATS] = {0};
    memcpy(part, query, (size_t)dim * sizeof(float));
    FN(floats) q = FN(load_float)(part);
#pragma GCC unroll 4
    for (int r = 0; r < n; r++) {
      char cells[FLOATS * CELL_BYTES] = {0};
      memcpy(cells, rows[r], (size_t)dim * CELL_BYTES);
      b[r] = FN(NAME(add))(b[r], q, FN(LOAD)(cells), squares);
    }
  }
#pragma GCC unroll 4
  for (int r = 0; r < n; r++) {
    out[r] = FN(sum)(a[r] + b[r]);
  }
}

ALWAYS TARGET void FN(NAME(block))(const float *query, const char *rows, int64_t dim, int32_t count,
                                   int squares, float *out) {
  const int64_t stride = dim * CELL_BYTES;
  int32_t i = 0;
  for (; i + 4 <= count; i += 4) {
    const char *at = rows + i * stride;
    const char *four[4] = {at, at + stride, at + 2 * stride, at + 3 * stride};
    FN(NAME(group))(query, four, dim, 4, squares, out + i);
  }
  for (; i < count; i++) {
    const char *one[1] = {rows + i * stride};
    FN(NAME(group))(query, one, dim, 1, squares, out + i);
  }
}

/* Answers count, or the place of the first id that is not below row_count; each id is read once. */
ALWAYS TARGET int32_t FN(NAME(gathered))(const float *query, const char *rows, int64_t dim,
                                         int32_t row_count, const int32_t *ids, int32_t count,
                                         int squares, float *out) {
  const int64_t stride = dim * CELL_BYTES;
  const char *ahead[4] = {0};
  int32_t i = 0;
  if (count >= 4) {
    int32_t bad = elanus_rows_ahead(rows, stride, row_count, ids, 4, ahead);
    if (bad < 4) {
      return bad;
    }
  }
  for (; i + 4 <= count; i += 4) {
    const char *four[4] = {ahead[0], ahead[1], ahead[2], ahead[3]};
    if (i + 8 <= count) {
      int32_t bad = elanus_rows_ahead(rows, stride, row_count, ids + i + 4, 4, ahead);
      if (bad < 4) {
        return i + 4 + bad;
      }
    }
    FN(NAME(group))(query, four, dim, 4, squares, out + i);
  }
  for (; i < count; i++) {
    const char *one[1];
    if (elanus_rows_ahead(rows, stride, row_count, ids + i, 1, one) < 1) {
      return i;
    }
    FN(NAME(group))(query, one, dim, 1, squares, out + i);
  }
  return count;
}

TARGET static void FN(NAME(dots))(const float *query, const char *rows, int64_t dim, int32_t count,
                                  float *out) {
  FN(NAME(block))(query, rows, dim, count, 0, out);
}

TARGET static void FN(NAME(squares))(const float *query, const char *rows, int64_t dim,
                                     int32_t count, float *out) {
  FN(NAME(block))(query, rows, dim, count, 1, out);
}

TARGET static int32_t FN(NAME(dots_of))(const float *query, const char *rows, int64_t dim,
                                        int32_t row_count, const int32_t *ids, int32_t count,
                                        float *out) {
  return FN(NAME(gathered))(query, rows, dim, row_count, ids, count, 0, out);
}

TARGET static int32_t FN(NAME(squares_of))(const float *query, const char *rows, int64_t dim,
                                           int32_t row_count, const int32_t *ids, int32_t count,
                                           float *out) {
  return FN(NAME(gathered))(query, rows, dim, row_count, ids, count, 1, out);
}
