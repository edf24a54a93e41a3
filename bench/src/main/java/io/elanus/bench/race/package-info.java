/**
 * How many queries does an index answer per CPU second, at which recall, beside other engines'?
 * Runs one index in this process on the word of {@code bench/race}; below it stand the index and
 * its store alone. Bad at: whole servers; ask {@code ./elanus bench}.
 */
@NullMarked
package io.elanus.bench.race;

import org.jspecify.annotations.NullMarked;
