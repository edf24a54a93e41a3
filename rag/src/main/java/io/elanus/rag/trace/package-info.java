/**
 * Which request does this work belong to?
 *
 * <p>Stands around the whole walk: a span per request, the trace of whoever called taken up, and
 * handed on to those who are asked. Knows W3C's {@code traceparent} and nothing of retrieval.
 */
@NullMarked
package io.elanus.rag.trace;

import org.jspecify.annotations.NullMarked;
