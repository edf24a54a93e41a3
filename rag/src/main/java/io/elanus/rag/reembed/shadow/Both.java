package io.elanus.rag.reembed.shadow;

import java.util.List;

/**
 * What two collections answered to one question: keys, best first, and how long they took.
 *
 * @param from of the model that was there
 * @param to of the other one
 */
record Both(List<String> from, List<String> to, long fromNanos, long toNanos) {}
