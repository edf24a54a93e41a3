/**
 * What do other processes, or this one before, remember?
 *
 * <p>Under the caches: bytes by key in a Redis that the user configured. It may be gone, slow or
 * wrong at any time; whoever asks goes on without. Bad at: being trusted. Whoever can write to it
 * can put words into answers.
 */
@NullMarked
package io.elanus.rag.redis;

import org.jspecify.annotations.NullMarked;
