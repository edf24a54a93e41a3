/**
 * One shard on one machine, a library that stands alone. {@link io.elanus.engine.Shard} is the
 * spine: each of its methods reads as the path an insert or a search takes through {@code write},
 * {@code segment}, {@code read} and {@code filter}. {@code database} makes a whole database of
 * shards in one process.
 */
@NullMarked
package io.elanus.engine;

import org.jspecify.annotations.NullMarked;
