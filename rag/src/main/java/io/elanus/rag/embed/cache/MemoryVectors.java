package io.elanus.rag.embed.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/** Vectors on the heap, up to a number of bytes; what is asked for often stays longest. */
final class MemoryVectors {
  /** Of the key, the array's header and the cache's own node, about. */
  private static final int ENTRY_BYTES = 150;

  private final Cache<VectorKey, float[]> vectors;

  /**
   * @param bytesMax 0 for no cache
   */
  MemoryVectors(long bytesMax) {
    this.vectors =
        Caffeine.newBuilder()
            .maximumWeight(bytesMax)
            .weigher((VectorKey key, float[] v) -> ENTRY_BYTES + v.length * Float.BYTES)
            // Else the cache would take threads of its own.
            .executor(Runnable::run)
            .build();
  }

  /** The caller's own copy. */
  float @Nullable [] get(VectorKey key) {
    float[] vector = vectors.getIfPresent(key);
    return vector == null ? null : vector.clone();
  }

  void put(VectorKey key, float[] vector) {
    vectors.put(key, vector.clone());
  }

  long bytes() {
    return vectors.policy().eviction().map(e -> e.weightedSize().orElse(0)).orElse(0L);
  }
}
