/* Fast scan: blocks of 32 codes of 4-bit groups against tables of 16 bytes a group. */
#include "level.h"

#define BODY "nibble_scan.h"
#include "each_level.h"

/*
 * tables   16 * groups bytes
 * blocks   count blocks of 16 * groups bytes
 * out      32 * count sums
 */
EXPORT void elanus_nibble_scan(const uint8_t *tables, const uint8_t *blocks, int64_t groups,
                               int32_t count, int32_t *out) {
  DISPATCH(nibble_scan, tables, blocks, groups, count, out);
}
