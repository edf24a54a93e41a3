/**
 * Vectors that are still growing: which rows of a full chunk are near, without reading all of its
 * vectors? Stands between the growing segment, which has chunks, and the coded lists of {@code
 * ivf}, of which each chunk gets one. Bad at: chunks that are not full, which are scanned.
 */
@NullMarked
package io.elanus.index.chunk;

import org.jspecify.annotations.NullMarked;
