/**
 * Threads at once, and the product with one error put into its source. Question answered: does a
 * check of a race see the race? Its green alone says little. Bad at: errors that need more than one
 * class, and interleavings that one machine does not make.
 */
@NullMarked
package io.elanus.testkit.race;

import org.jspecify.annotations.NullMarked;
