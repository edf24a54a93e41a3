/**
 * Vectors that are still growing: which rows of a chunk are near, without reading all of its
 * vectors? Stands between the growing segment, which has chunks, and the growing list of {@code
 * ivf}, of which each chunk gets one. Bad at: the newest few hundred rows, which are scanned.
 */
@NullMarked
package io.elanus.index.chunk;

import org.jspecify.annotations.NullMarked;
