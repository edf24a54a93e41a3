package io.elanus.rag.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What became of questions, as {@code elanus_rag_cache_requests_total}. */
public final class CacheCounts {
  private final Counter hits;
  private final Counter sharedHits;
  private final Counter stale;
  private final Counter misses;
  private final Counter failedRefreshes;

  public CacheCounts(MeterRegistry registry) {
    hits = counter(registry, "hit");
    sharedHits = counter(registry, "shared_hit");
    stale = counter(registry, "stale");
    misses = counter(registry, "miss");
    failedRefreshes = counter(registry, "failed_refresh");
  }

  private static Counter counter(MeterRegistry registry, String result) {
    return Counter.builder("elanus.rag.cache.requests")
        .description("Questions by what the cache of answers did")
        .tag("result", result)
        .register(registry);
  }

  void hit() {
    hits.increment();
  }

  void sharedHit() {
    sharedHits.increment();
  }

  void stale() {
    stale.increment();
  }

  void miss() {
    misses.increment();
  }

  void failedRefresh() {
    failedRefreshes.increment();
  }
}
