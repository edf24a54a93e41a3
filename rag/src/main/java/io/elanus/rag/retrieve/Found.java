package io.elanus.rag.retrieve;

import java.util.List;

/**
 * Passages, best first.
 *
 * @param degraded sentences about stages that did not run though asked for; empty when all did
 * @param cached whether the passages came out of a cache
 */
public record Found(List<Passage> passages, List<String> degraded, boolean cached) {
  public Found {
    passages = List.copyOf(passages);
    degraded = List.copyOf(degraded);
  }
}
