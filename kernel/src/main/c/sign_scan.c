/* Scans of chosen rows by codes of one bit a coordinate. */
#include "level.h"

#define BODY "sign_scan.h"
#include "each_level.h"

/*
 * x        bits floats, a multiple of 64
 * inverse  brings x to -7.5 .. 7.5
 * planes   gets 4 * wide words, where wide is the next multiple of 8 of bits / 64
 */
EXPORT void elanus_sign_planes(const float *x, int64_t bits, float inverse, uint64_t *planes) {
  DISPATCH(sign_planes, x, bits, inverse, (bits / 64 + 7) / 8 * 8, planes);
}

/*
 * planes   of the query
 * factors  base, start and step of the query: a row is at least
 *          base + add - factor * (start - step * sum), where sum counts the bits in which the code
 *          differs from each plane, times 1, 2, 4 and 8
 * codes    words 64-bit words for each row
 * facts    for each row add, the upper half of a float, in its upper half, and factor in its lower
 * allowed  a bit for each row
 * first    a multiple of 64, the first row of this call
 * count    rows of this call, allowed or not, at most 8192
 * ids      room for count + 16: allowed rows whose least distance is below the bound
 * lows     room for count + 16: their least distances
 *
 * Answers how many those are. The caller has checked that first + count rows are there.
 */
EXPORT int32_t elanus_sign_scan(const uint64_t *planes, const float *factors,
                                const uint64_t *codes, int64_t words, const uint32_t *facts,
                                const uint64_t *allowed, int64_t first, int64_t count, float bound,
                                int32_t *ids, float *lows) {
  return DISPATCH(sign_scan, planes, factors, codes, words, facts, allowed, first, count, bound,
                  ids, lows);
}
