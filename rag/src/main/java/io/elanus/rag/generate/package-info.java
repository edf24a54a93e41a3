/**
 * How does a language model outside write a text?
 *
 * <p>Behind {@link io.elanus.rag.generate.Generator}; {@code answer} asks it. Speaks the one
 * protocol of OpenAI, vLLM, Ollama and others; knows nothing of passages or citations.
 */
@NullMarked
package io.elanus.rag.generate;

import org.jspecify.annotations.NullMarked;
