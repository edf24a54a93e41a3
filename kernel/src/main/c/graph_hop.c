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
 * bytes    bits bytes: x over its unit, rounded
 * factors  gets step and start: the inner product of x with signs is start + step * sum of bytes of
 *          the tables; the unit of the bytes, 31.5 times their sum, and the squared length of x
 */
EXPORT void elanus_hop_tables(const float *x, int64_t bits, uint8_t *tables, int8_t *bytes,
                              float *factors) {
  DISPATCH(hop_tables, x, bits, tables, bytes, factors);
}

/*
 * query      dim floats, a multiple of 16
 * tables, bytes, factors   of the rotated query; bits is a multiple of 16, and there are as many
 *            bytes as the next multiple of 64
 * six        whether nodes hold their vectors in 6 bits
 * nodes      where node 0 starts, each stride bytes after the one before
 * next       the node to bring into the cache meanwhile, or one before 0
 * bound      neighbours with estimates below are answered
 * ids        room for 48
 * distances  room for 48; the distance of the node itself comes to place 32
 *
 * Answers how many neighbours there are. The caller has checked the node and the next one.
 */
EXPORT int32_t elanus_graph_hop(const float *query, const uint8_t *tables, const int8_t *bytes,
                                const float *factors, int64_t dim, int64_t bits, int32_t six,
                                const char *nodes, int64_t stride, int32_t node, int32_t next,
                                float bound, int32_t *ids, float *distances) {
  if (next >= 0) {
    const char *coming = nodes + next * stride;
    for (int64_t at = 0; at < stride; at += 64) {
      __builtin_prefetch(coming + at, 0, 2);
    }
  }
  if (six) {
    return DISPATCH(graph_hop_six, tables, bytes, factors, bits, nodes + node * stride, bound, ids,
                    distances);
  }
  return DISPATCH(graph_hop_floats, query, tables, factors, dim, bits, nodes + node * stride, bound,
                  ids, distances);
}

/* The distances of the first count nodes themselves; the rest as for a hop. */
EXPORT void elanus_graph_owns(const float *query, const int8_t *bytes, const float *factors,
                              int64_t dim, int64_t bits, int32_t six, const char *nodes,
                              int64_t stride, int32_t count, float *out) {
  for (int32_t i = 0; i < count; i++) {
    out[i] = six ? DISPATCH(own_six, bytes, factors, bits, nodes + i * stride)
                 : DISPATCH(own_floats, query, dim, nodes + i * stride);
  }
}
