/**
 * Was this asked before, and is the answer still right?
 *
 * <p>Around a retriever. The policy is asked before the cache is, and stands in every key with the
 * version of the collection, so that nothing has to be thrown away: what is old has a key that
 * nobody asks for. Bad at: collections that change with every question.
 */
@NullMarked
package io.elanus.rag.cache;

import org.jspecify.annotations.NullMarked;
