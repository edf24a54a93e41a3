/**
 * What a collection should hold. Question answered: which contents are possible, after everything
 * that was acknowledged and everything of which nobody knows? Maps and brute force. Bad at: speed.
 */
@NullMarked
package io.elanus.sim.model;

import org.jspecify.annotations.NullMarked;
