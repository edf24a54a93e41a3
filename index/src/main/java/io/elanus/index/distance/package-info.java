/**
 * How far is this query, or this row, from those rows, under the metric? One scorer for rows of
 * floats, one for rows of bytes and bits; graphs and lists see only what they answer. Bad at: rows
 * of several types in one index.
 */
@NullMarked
package io.elanus.index.distance;

import org.jspecify.annotations.NullMarked;
