/* Rows of bits against a query of bits. */
#include "level.h"
#include "measure.h"

#define BODY "bit_rows.h"
#include "each_level.h"

EXPORT_MEASURE(bits_hammings, char, int32_t)
EXPORT_MEASURE(bits_jaccards, char, float)
