/**
 * Which of these few rows are nearest? Rows that a filter passes, looked at one by one: first by a
 * code of one bit a coordinate, then by their vectors. Stands beside every walk, which a selective
 * filter makes dear; {@link io.elanus.index.scan.Costs} says which is cheaper. Bad at filters that
 * pass most rows.
 */
@NullMarked
package io.elanus.index.scan;

import org.jspecify.annotations.NullMarked;
