/**
 * How does a model in this process make vectors?
 *
 * <p>Behind the door of {@code embed}: tokenizer, ONNX Runtime, pooling. Knows nothing of caches
 * and of other providers; long texts cost their length here, on this machine's cores.
 */
@NullMarked
package io.elanus.rag.embed.local;

import org.jspecify.annotations.NullMarked;
