/**
 * The process: configuration, wiring, the command line. Question answered: which rooms run, with
 * which settings? The only place that starts threads, reads the clock and knows every room. Bad at:
 * anything but wiring.
 */
@NullMarked
package io.elanus.app;

import org.jspecify.annotations.NullMarked;
