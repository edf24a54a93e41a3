package io.elanus.sim.run;

import org.jspecify.annotations.Nullable;

/**
 * How a seed's run ended.
 *
 * @param hash of everything that happened
 * @param events that went into it
 * @param sightings what was seen on the way
 * @param broken null where every promise was kept
 */
public record Outcome(
    long seed, long hash, long events, Sightings sightings, @Nullable Broken broken) {}
