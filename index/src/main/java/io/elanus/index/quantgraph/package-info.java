/**
 * The quantised graph (QG): a graph of fixed degree whose nodes carry 1-bit codes of their
 * neighbours, so that a walk estimates 32 distances with one table look-up per 4 dimensions and
 * reads one rounded vector a hop. Question answered: which rows are near, with the fewest bytes
 * read? Bad at: memory (1.4 to 2.7 times the vectors), and rows that change.
 */
@NullMarked
package io.elanus.index.quantgraph;

import org.jspecify.annotations.NullMarked;
