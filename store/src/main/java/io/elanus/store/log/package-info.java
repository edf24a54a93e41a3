/**
 * The write-ahead log. Question answered: how does a write become durable, and what is read back
 * after a crash? First station of every insert and delete, below the engine's write path. Bad at:
 * random access; it is read front to back, at a start.
 */
@NullMarked
package io.elanus.store.log;

import org.jspecify.annotations.NullMarked;
