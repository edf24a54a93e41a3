/**
 * How does a collection come to vectors of another model, without anybody waiting?
 *
 * <p>Beside both walks: a second collection follows the first one, chunk by chunk, until it takes
 * its place; then the first one follows the second, until nobody wants it back. Bad at: collections
 * that are written past {@code /v1/} at the very moment of the switch; it tells that it happened.
 */
@NullMarked
package io.elanus.rag.reembed;

import org.jspecify.annotations.NullMarked;
