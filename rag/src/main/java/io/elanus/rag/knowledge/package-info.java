/**
 * How do chunks of documents lie in a collection?
 *
 * <p>Between ingest, which writes them, and retrieval, which reads them; the one place that knows
 * the fields.
 */
@NullMarked
package io.elanus.rag.knowledge;

import org.jspecify.annotations.NullMarked;
