/**
 * Do people ask, or do documents say, something else than they used to?
 *
 * <p>Stands beside the walk and sees vectors go by, to and from the database. Keeps sums of
 * features of vectors, never texts and never a vector. Bad at saying what the new subject is.
 */
@NullMarked
package io.elanus.rag.drift;

import org.jspecify.annotations.NullMarked;
