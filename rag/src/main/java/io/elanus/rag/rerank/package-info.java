/**
 * Which of the candidates read best beside the question?
 *
 * <p>A second look at few passages that were found, by a model that sees question and passage
 * together. It is asked of nothing that the caller may not see. Bad at: many candidates.
 */
@NullMarked
package io.elanus.rag.rerank;

import org.jspecify.annotations.NullMarked;
