/**
 * Threads on one thread. Question answered: who goes on next? Everything in a simulated process
 * runs in virtual threads that this scheduler picks by chance from the seed, at every lock, call of
 * the disk and start of work. Bad at: races between two such points.
 */
@NullMarked
package io.elanus.sim.schedule;

import org.jspecify.annotations.NullMarked;
