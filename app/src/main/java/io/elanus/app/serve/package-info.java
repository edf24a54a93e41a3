/**
 * The serving process: settings, wiring, start and stop. Question answered: which rooms run, with
 * which settings? The only place that starts threads, reads the clock and knows every room. Bad at:
 * anything but wiring.
 */
@NullMarked
package io.elanus.app.serve;

import org.jspecify.annotations.NullMarked;
