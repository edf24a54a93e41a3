/* Rows of float32, float16 and bfloat16 cells against a float32 query. */
#include "measure.h"
#include "level.h"

#define BODY "floats.h"
#include "each_level.h"

#define CELL_BYTES 4
#define LOAD load_float
#define TYPE float32
#define BODY "float_rows.h"
#include "each_level.h"
#undef CELL_BYTES
#undef LOAD
#undef TYPE

#define CELL_BYTES 2
#define LOAD load_float16
#define TYPE float16
#define BODY "float_rows.h"
#include "each_level.h"
#undef LOAD
#undef TYPE

#define LOAD load_bfloat16
#define TYPE bfloat16
#define BODY "float_rows.h"
#include "each_level.h"
#undef CELL_BYTES
#undef LOAD
#undef TYPE

EXPORT_MEASURE(float32_dots, float, float)
EXPORT_MEASURE(float32_squares, float, float)
EXPORT_MEASURE(float16_dots, float, float)
EXPORT_MEASURE(float16_squares, float, float)
EXPORT_MEASURE(bfloat16_dots, float, float)
EXPORT_MEASURE(bfloat16_squares, float, float)
