/**
 * How near may chosen rows be, by one bit for each coordinate? Rows by number, as a bitmap allows
 * them; blocks of neighbouring rows are {@link io.elanus.kernel.NibbleScan}'s. Bad at codes of a
 * few bits, and at telling rows apart that lie close together.
 */
@NullMarked
package io.elanus.kernel.sign;

import org.jspecify.annotations.NullMarked;
