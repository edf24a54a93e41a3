/**
 * Which sentences of the passages answer the question?
 *
 * <p>The answer where nobody writes one. Quotes exactly, and says from where to where. Bad at:
 * putting sentences into an order that reads well, as it keeps the documents' own.
 */
@NullMarked
package io.elanus.rag.answer.quote;

import org.jspecify.annotations.NullMarked;
