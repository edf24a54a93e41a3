/**
 * Was this text embedded before, or is another about to be?
 *
 * <p>Around any embedder: vectors by the digest of model, purpose and text, in memory and in Redis;
 * questions that queue up go together. Redis can only ever make things quicker.
 */
@NullMarked
package io.elanus.rag.embed.cache;

import org.jspecify.annotations.NullMarked;
