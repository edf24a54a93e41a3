/* Rows of float32, float16 and bfloat16 cells against a float32 query. */
#include "ahead.h"
#include "level.h"

#define BODY "floats.h"
#include "each_level.h"

#define CELL_BYTES 4
#define LOAD load_float
#define NAME(x) float32_##x
#define BODY "float_rows.h"
#include "each_level.h"
#undef CELL_BYTES
#undef LOAD
#undef NAME

#define CELL_BYTES 2
#define LOAD load_float16
#define NAME(x) float16_##x
#define BODY "float_rows.h"
#include "each_level.h"
#undef LOAD
#undef NAME

#define LOAD load_bfloat16
#define NAME(x) bfloat16_##x
#define BODY "float_rows.h"
#include "each_level.h"

/*
 * query   dim floats
 * rows    dense rows of dim cells; dots and squares take the first count of them
 * ids     count numbers of rows; answers count, or the place of the first one outside of
 *         0..row_count-1 (what is written to out is of no use then)
 * out     count floats
 */
#define EXPORT_ROWS(type)                                                                          \
  EXPORT void elanus_##type##_dots(const float *query, const char *rows, int64_t dim,              \
                                   int32_t count, float *out) {                                    \
    DISPATCH(type##_dots, query, rows, dim, count, out);                                           \
  }                                                                                                \
  EXPORT void elanus_##type##_squares(const float *query, const char *rows, int64_t dim,           \
                                      int32_t count, float *out) {                                 \
    DISPATCH(type##_squares, query, rows, dim, count, out);                                        \
  }                                                                                                \
  EXPORT int32_t elanus_##type##_dots_of(const float *query, const char *rows, int64_t dim,        \
                                         int32_t row_count, const int32_t *ids, int32_t count,     \
                                         float *out) {                                             \
    return DISPATCH(type##_dots_of, query, rows, dim, row_count, ids, count, out);                 \
  }                                                                                                \
  EXPORT int32_t elanus_##type##_squares_of(const float *query, const char *rows, int64_t dim,     \
                                            int32_t row_count, const int32_t *ids, int32_t count,  \
                                            float *out) {                                          \
    return DISPATCH(type##_squares_of, query, rows, dim, row_count, ids, count, out);              \
  }

EXPORT_ROWS(float32)
EXPORT_ROWS(float16)
EXPORT_ROWS(bfloat16)
