/**
 * What is the answer, and where does it stand?
 *
 * <p>Last on the walk: after {@code retrieve}, with {@code generate} where a generator is
 * configured and with quoted sentences ({@code quote}) where none is, or none works. Bad at:
 * questions whose answer is spread over more passages than a prompt holds.
 */
@NullMarked
package io.elanus.rag.answer;

import org.jspecify.annotations.NullMarked;
