/** The write-ahead log: how does a write become durable, and what is read back after a crash? */
@NullMarked
package io.elanus.store.log;

import org.jspecify.annotations.NullMarked;
