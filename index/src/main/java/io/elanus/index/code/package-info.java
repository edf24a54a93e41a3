/**
 * What stands for a row of an inverted list: its residual to the centroid in one bit or one byte
 * per coordinate, and what those say about a distance; and the space that codes are made in. Called
 * by the lists, calls the kernels; {@code row} has the codes that walks ask for. Bad at vectors of
 * fewer than about 32 dimensions, where the numbers beside a code outweigh it.
 */
@NullMarked
package io.elanus.index.code;

import org.jspecify.annotations.NullMarked;
