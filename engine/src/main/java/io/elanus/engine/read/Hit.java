package io.elanus.engine.read;

import io.elanus.engine.segment.Segment;

/**
 * A row found.
 *
 * @param key primary key, Long or String
 * @param distance internal, smaller is nearer; or a fused score negated
 */
record Hit(Object key, float distance, Segment segment, int row) {}
