package io.elanus.rag.embed.cache;

import java.util.List;
import java.util.Map;

/** Vectors that several processes share. Never fails: what cannot be had is a miss. */
public interface SharedVectors extends AutoCloseable {
  /** Nothing is shared. */
  SharedVectors NONE =
      new SharedVectors() {
        @Override
        public Map<String, float[]> get(List<String> keys, int dimension) {
          return Map.of();
        }

        @Override
        public void put(Map<String, float[]> vectors) {}

        @Override
        public void close() {}
      };

  /** Those that are there, whole, and of that dimension. */
  Map<String, float[]> get(List<String> keys, int dimension);

  /** Some time soon, or not at all. */
  void put(Map<String, float[]> vectors);

  @Override
  void close();
}
