/**
 * Which chunks answer a question?
 *
 * <p>After {@code embed} and {@code policy}, before {@code answer}. It says of each chunk why it is
 * there; it writes nothing.
 */
@NullMarked
package io.elanus.rag.retrieve;

import org.jspecify.annotations.NullMarked;
