/**
 * Is it worth asking again?
 *
 * <p>For everything that is asked over a network: after a row of failures nobody asks for a while,
 * then one asks and the others wait for what it finds. Knows nothing of what is asked.
 */
@NullMarked
package io.elanus.rag.breaker;

import org.jspecify.annotations.NullMarked;
