/**
 * What should a database answer? All doors of {@link io.elanus.model.Database} over plain maps,
 * with brute force in double precision: the answers other implementations are held against.
 *
 * <p>It shares the gate for rows and the rules of schemas with them, and nothing else. Bad at:
 * speed, memory, more than one call at a time, and reading the past.
 */
@NullMarked
package io.elanus.testkit.oracle;

import org.jspecify.annotations.NullMarked;
