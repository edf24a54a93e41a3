/**
 * Ranges of the clustering key: between which values lie the rows of a segment, and where are rows
 * cut into segments? Stands under segments, the filter and background work, and knows none of them.
 * Bad at: keys whose texts differ after their first 64 bytes only, which count as equal.
 */
@NullMarked
package io.elanus.engine.range;

import org.jspecify.annotations.NullMarked;
