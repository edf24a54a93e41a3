/**
 * Sparse vectors: how many queries does a second of one core answer, beside the plainest way to do
 * it? Bad at: saying what real embeddings would give; the rows are made here.
 */
@NullMarked
package io.elanus.bench.sparse;

import org.jspecify.annotations.NullMarked;
