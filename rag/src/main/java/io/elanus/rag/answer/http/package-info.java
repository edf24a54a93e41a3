/**
 * How is an answer asked for and sent: under {@code /v1/answer} and in OpenAI's shape?
 *
 * <p>Between {@code http} and {@code answer}. JSON and events only; what an answer is made of is
 * decided elsewhere.
 */
@NullMarked
package io.elanus.rag.answer.http;

import org.jspecify.annotations.NullMarked;
