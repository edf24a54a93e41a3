/**
 * One seed, from an empty disk to a healed one. Question answered: did a database lose, invent or
 * garble anything, or stop? Draws settings, operations and faults from the seed, runs process after
 * process over one disk, and compares with the model. Bad at: clusters, and the network.
 */
@NullMarked
package io.elanus.sim.run;

import org.jspecify.annotations.NullMarked;
