/**
 * How long does each stage take, and how often does it fail?
 *
 * <p>Around the doors of embedding, retrieval and generation: spans and metrics of counts, names
 * and times. Never of texts.
 */
@NullMarked
package io.elanus.rag.telemetry;

import org.jspecify.annotations.NullMarked;
