/**
 * Distances from one query to codes of rows that lie anywhere: what walks over a graph ask for.
 * Called by the indexes that hold codes. Bad at codes in blocks, which the scans of lists read.
 */
@NullMarked
package io.elanus.kernel.code;

import org.jspecify.annotations.NullMarked;
