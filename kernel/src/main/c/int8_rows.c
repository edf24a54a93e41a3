/* Rows of int8 cells against an int8 query. */
#include "level.h"
#include "measure.h"

#define BODY "integers.h"
#include "each_level.h"

#define BODY "int8_rows.h"
#include "each_level.h"

EXPORT_MEASURE(int8_dots, char, int32_t)
EXPORT_MEASURE(int8_squares, char, int32_t)

/* Rows of codes, whose inner products are those of int8 cells. */
#define BODY "code_rows.h"
#include "each_level.h"

EXPORT_MEASURE(grid4, char, float)
EXPORT_MEASURE(grid6, char, float)
EXPORT_MEASURE(grid8, char, float)
EXPORT_MEASURE(book, char, float)
