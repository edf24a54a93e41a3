/* Walks over quantised graphs: a query made ready, and one hop. */
#include "level.h"

#define BODY "floats.h"
#include "each_level.h"
#define BODY "hop_query.h"
#include "each_level.h"
#define BODY "graph_hop.h"
#include "each_level.h"

/*
 * signs    rounds * bits floats
 * x        bits floats, a multiple of 16, rotated in place
 * power    the largest power of two that is at most bits
 */
EXPORT void elanus_rotate(const float *signs, int64_t bits, int64_t power, int64_t rounds,
                          float *x) {
  DISPATCH(rotate, signs, bits, power, rounds, x);
}

/*
 * x        bits floats
 * tables   4 * bits bytes
 * factors  gets step and start: the inner product of x with signs is start + step * sum of bytes
 */
EXPORT void elanus_hop_tables(const float *x, int64_t bits, uint8_t *tables, float *factors) {
  DISPATCH(hop_tables, x, bits, tables, factors);
}

/*
 * query      dim floats, a multiple of 16
 * tables     4 * bits bytes; bits is a multiple of 16
 * nodes      where node 0 starts, each stride bytes after the one before
 * next       the node to bring into the cache meanwhile, or one before 0
 * bound      neighbours with estimates below are answered
 * ids        room for 48
 * distances  room for 48; the exact distance of the node comes to place 32
 *
 * Answers how many neighbours there are. The caller has checked the node and the next one.
 */
EXPORT int32_t elanus_graph_hop(const float *query, const uint8_t *tables, int64_t dim,
                                int64_t bits, const char *nodes, int64_t stride, int32_t node, int32_t next,
                                float step, float start, float bound, int32_t *ids,
                                float *distances) {
  if (next >= 0) {
    const char *coming = nodes + next * stride;
    for (int64_t at = 0; at < stride; at += 64) {
      __builtin_prefetch(coming + at, 0, 2);
    }
  }
  return DISPATCH(graph_hop, query, tables, dim, bits, nodes + node * stride, step, start, bound, ids,
                  distances);
}
