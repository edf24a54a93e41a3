/**
 * How is a good file made a bad one, from few bytes that a fuzzer can turn?
 *
 * <p>What readers do with it, their own rooms check. Bad at damage that needs the format's grammar.
 */
@NullMarked
package io.elanus.testkit.damage;

import org.jspecify.annotations.NullMarked;
