/**
 * Whole databases on one thread. Question answered: which seed breaks a promise? The command line
 * over {@code run}. Bad at: telling how likely a failure is in real life.
 */
@NullMarked
package io.elanus.sim;

import org.jspecify.annotations.NullMarked;
