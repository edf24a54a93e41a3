/*
 * Inner products and squared distances of one float32 query to rows of one type of cell. Included
 * once per level and type by each_level.h; the including file defines CELL_BYTES (4 or 2),
 * LOAD (which function of floats.h widens a vector of cells) and TYPE, a name for this type.
 *
 * Four rows share each load of the query, and each row sums into two vectors. Which sum a cell
 * joins does not depend on the row's place in a batch: the same query and row give the same bits
 * alone, among others, in order and gathered. No byte outside of the rows is read: what is left of
 * a row after the last full vector is taken from the vector that ends with the row.
 */
#define TYPED(x) JOINED(TYPE, _##x)

ALWAYS TARGET FN(floats) FN(TYPED(add))(FN(floats) sum, FN(floats) query, FN(floats) row,
                                       int squares) {
  FN(floats) difference = query - row;
  return squares ? difference * difference + sum : query * row + sum;
}

/* n and squares are constants wherever this is called. */
ALWAYS TARGET void FN(TYPED(group))(const float *query, const char *const *rows, int64_t dim, int n,
                                   int squares, float *out) {
  FN(floats) a[4] = {{0}, {0}, {0}, {0}};
  FN(floats) b[4] = {{0}, {0}, {0}, {0}};
  int64_t i = 0;
  for (; i + 2 * FLOATS <= dim; i += 2 * FLOATS) {
    FN(floats) q0 = FN(load_float)(query + i);
    FN(floats) q1 = FN(load_float)(query + i + FLOATS);
#pragma GCC unroll 4
    for (int r = 0; r < n; r++) {
      a[r] = FN(TYPED(add))(a[r], q0, FN(LOAD)(rows[r] + i * CELL_BYTES), squares);
      b[r] = FN(TYPED(add))(b[r], q1, FN(LOAD)(rows[r] + (i + FLOATS) * CELL_BYTES), squares);
    }
  }
  if (i + FLOATS <= dim) {
    FN(floats) q = FN(load_float)(query + i);
#pragma GCC unroll 4
    for (int r = 0; r < n; r++) {
      a[r] = FN(TYPED(add))(a[r], q, FN(LOAD)(rows[r] + i * CELL_BYTES), squares);
    }
    i += FLOATS;
  }
  if (i < dim && dim >= FLOATS) {
    FN(bits) mask = FN(last)(dim - i);
    FN(floats) q = (FN(floats))((FN(bits))FN(load_float)(query + dim - FLOATS) & mask);
#pragma GCC unroll 4
    for (int r = 0; r < n; r++) {
      FN(floats) x = (FN(floats))((FN(bits))FN(LOAD)(rows[r] + (dim - FLOATS) * CELL_BYTES) & mask);
      b[r] = FN(TYPED(add))(b[r], q, x, squares);
    }
  } else if (i < dim) {
    float part[FLOATS] = {0};
    memcpy(part, query, (size_t)dim * sizeof(float));
    FN(floats) q = FN(load_float)(part);
#pragma GCC unroll 4
    for (int r = 0; r < n; r++) {
      char cells[FLOATS * CELL_BYTES] = {0};
      memcpy(cells, rows[r], (size_t)dim * CELL_BYTES);
      b[r] = FN(TYPED(add))(b[r], q, FN(LOAD)(cells), squares);
    }
  }
#pragma GCC unroll 4
  for (int r = 0; r < n; r++) {
    out[r] = FN(sum)(a[r] + b[r]);
  }
}

#define QUERY float
#define OUT float
#define ROW_BYTES(dim) ((dim) * CELL_BYTES)

#define NAME(x) JOINED(TYPE, _dots##x)
#define GROUP(query, rows, dim, n, out) FN(TYPED(group))(query, rows, dim, n, 0, out)
#include "batch.h"

#define NAME(x) JOINED(TYPE, _squares##x)
#define GROUP(query, rows, dim, n, out) FN(TYPED(group))(query, rows, dim, n, 1, out)
#include "batch.h"

#undef QUERY
#undef OUT
#undef ROW_BYTES
#undef TYPED
