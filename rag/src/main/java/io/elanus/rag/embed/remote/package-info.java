/**
 * How does a provider elsewhere make vectors?
 *
 * <p>Behind the door of {@code embed}, only where the user configured one. Every answer is checked
 * before it is believed, and every wait has an end; what a provider is like inside is not known
 * here.
 */
@NullMarked
package io.elanus.rag.embed.remote;

import org.jspecify.annotations.NullMarked;
