/**
 * Which vector does a text have?
 *
 * <p>Behind {@link io.elanus.rag.embed.Embedder}; ingest asks for documents, retrieval for queries.
 */
@NullMarked
package io.elanus.rag.embed;

import org.jspecify.annotations.NullMarked;
