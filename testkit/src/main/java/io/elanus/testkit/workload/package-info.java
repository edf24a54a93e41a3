/**
 * Do two databases agree? Random operations from a seed, done to both, and what they answer
 * compared after each: one is the oracle.
 *
 * <p>Coordinates are small integers, so that squared distances and inner products are exact in
 * single precision. Bad at: concurrency, large data, approximate indexes.
 */
@NullMarked
package io.elanus.testkit.workload;

import org.jspecify.annotations.NullMarked;
