/**
 * Sparse vectors: which rows share dimensions with the query, without looking at every row? Beside
 * the other indexes, below the engine; postings hold bounds, the rows themselves decide. A score is
 * made in three steps that know nothing of each other (what a value is worth in a posting, when the
 * index is built; which rows might be good enough, from postings alone; what a row is really
 * worth), so that a relevance like BM25 replaces the first and the last. Bad at: queries of
 * thousands of entries, negative values.
 */
@NullMarked
package io.elanus.index.sparse;

import org.jspecify.annotations.NullMarked;
