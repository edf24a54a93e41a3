/**
 * What does a request under {@code /v1/} look like, and how is it refused?
 *
 * <p>Stands first on the walk; each part of the room hands in its routes. Bytes and JSON only, no
 * retrieval.
 */
@NullMarked
package io.elanus.rag.http;

import org.jspecify.annotations.NullMarked;
