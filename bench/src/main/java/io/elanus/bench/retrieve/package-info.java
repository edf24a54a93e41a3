/**
 * What does a question cost beside the search in it, and one that was asked before?
 *
 * <p>A real database in a temporary folder, chunks of made-up words, a model that answers at once.
 */
@NullMarked
package io.elanus.bench.retrieve;

import org.jspecify.annotations.NullMarked;
