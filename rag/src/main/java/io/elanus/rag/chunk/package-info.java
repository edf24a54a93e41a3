/**
 * Where is a document cut?
 *
 * <p>After {@code parse}, before {@code embed}. Pieces are stretches of the extracted text, never
 * longer than the model reads, and together they leave out nothing but blanks. Bad at: knowing what
 * a text is about; only the semantic chunker asks the model, and pays for it.
 */
@NullMarked
package io.elanus.rag.chunk;

import org.jspecify.annotations.NullMarked;
