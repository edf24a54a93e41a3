/**
 * How does a caller take away all chunks that it may see?
 *
 * <p>After {@code policy}, beside {@code retrieve}: no question, no order but that of the keys. Bad
 * at small pieces of large collections: each page looks through the whole.
 */
@NullMarked
package io.elanus.rag.export;

import org.jspecify.annotations.NullMarked;
