package io.elanus.index.code;

/**
 * A list as one query sees it.
 *
 * @param list its number
 * @param start the position of its first row
 * @param block the block of its first row, where codes lie in blocks
 * @param base what every distance to a row of it starts from: the squared distance to the centroid,
 *     or the negative inner product with it
 * @param distance from the query to the centroid, not squared
 */
public record ListPlace(int list, int start, int block, float base, float distance) {}
