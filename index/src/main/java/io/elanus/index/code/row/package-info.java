/**
 * What stands for a row wherever a walk over a graph comes by it: its vector in 4 to 16 bits per
 * coordinate, or as product codes. Called by the graphs, calls the kernels. Bad at scans of many
 * rows in a row, for which codes in blocks are faster.
 */
@NullMarked
package io.elanus.index.code.row;

import org.jspecify.annotations.NullMarked;
