/**
 * The language of the house: what a collection, a batch of rows, a search and its hits are.
 *
 * <p>Question answered: which words do all rooms share? Every room may use it, it uses none. On the
 * walks it stands at every door. It holds values and the small doors of {@link
 * io.elanus.model.Database}; it does no I/O and starts nothing.
 */
@NullMarked
package io.elanus.model;

import org.jspecify.annotations.NullMarked;
