/**
 * How does a document become chunks in a collection, and stay what its source is?
 *
 * <p>Jobs of documents, durable before they are answered for; workers that take one document at a
 * time; a document's hash, so that what did not change costs nothing. Between {@code parse}, {@code
 * chunk} and {@code embed} on one side and {@code knowledge} on the other. Bad at: telling that a
 * source is gone; who wants it away deletes it.
 */
@NullMarked
package io.elanus.rag.ingest;

import org.jspecify.annotations.NullMarked;
