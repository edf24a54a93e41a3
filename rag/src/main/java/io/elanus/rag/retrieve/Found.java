package io.elanus.rag.retrieve;

import java.util.List;

/**
 * Passages, best first.
 *
 * @param degraded sentences about stages that did not run though asked for; empty when all did
 * @param cached whether the passages came out of a cache
 * @param staleMillis how long ago the passages were found, where the collection has changed since
 *     and the question allows for that; 0 where they are what the collection holds
 */
public record Found(
    List<Passage> passages, List<String> degraded, boolean cached, long staleMillis) {
  public Found {
    passages = List.copyOf(passages);
    degraded = List.copyOf(degraded);
  }

  public Found(List<Passage> passages, List<String> degraded, boolean cached) {
    this(passages, degraded, cached, 0);
  }
}
