package io.elanus.rag.embed.cache;

import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.Model;
import io.elanus.rag.embed.Tokens;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An embedder that remembers. A call whose texts are all in memory takes no lock and waits for
 * nobody; equal texts of one call are embedded once.
 */
public final class CachedEmbedder implements Embedder {
  private final Embedder inner;
  private final MemoryVectors memory;
  private final SharedVectors shared;
  private final Counter memoryHits;
  private final Counter sharedHits;
  private final Counter misses;
  private volatile Prefixes prefixes = Prefixes.NONE;

  /** Made when the model is known, which may be read late. */
  private record Prefixes(int dimension, byte[] query, byte[] document) {
    static final Prefixes NONE = new Prefixes(0, new byte[0], new byte[0]);

    static Prefixes of(Model model) {
      return new Prefixes(
          model.dimension(),
          VectorKey.prefix(model, Purpose.QUERY),
          VectorKey.prefix(model, Purpose.DOCUMENT));
    }
  }

  /**
   * @param memoryBytesMax of vectors on the heap; 0 for none
   * @param shared closed with this
   */
  public CachedEmbedder(
      Embedder inner, long memoryBytesMax, SharedVectors shared, MeterRegistry registry) {
    this.inner = inner;
    this.memory = new MemoryVectors(memoryBytesMax);
    this.shared = shared;
    this.memoryHits = counter(registry, "memory");
    this.sharedHits = counter(registry, "redis");
    this.misses = counter(registry, "miss");
    Gauge.builder("elanus_rag_embedding_cache_bytes", memory, MemoryVectors::bytes)
        .description("embeddings kept in memory")
        .strongReference(true)
        .register(registry);
  }

  private static Counter counter(MeterRegistry registry, String found) {
    return Counter.builder("elanus_rag_embedding_cache_lookups")
        .description("texts looked up in the cache of embeddings, by where they were found")
        .tag("found", found)
        .register(registry);
  }

  @Override
  public Model model() {
    return inner.model();
  }

  @Override
  public Tokens tokens() {
    return inner.tokens();
  }

  @Override
  public List<float[]> embed(List<String> texts, Purpose purpose) {
    byte[] prefix = purpose == Purpose.QUERY ? prefixes().query : prefixes().document;
    float[][] vectors = new float[texts.size()][];
    Map<VectorKey, List<Integer>> missing = new LinkedHashMap<>();
    for (int i = 0; i < vectors.length; i++) {
      VectorKey key = VectorKey.of(prefix, texts.get(i));
      float[] known = memory.get(key);
      if (known == null) {
        missing.computeIfAbsent(key, unused -> new ArrayList<>(1)).add(i);
      } else {
        vectors[i] = known;
      }
    }
    int found = texts.size() - missing.values().stream().mapToInt(List::size).sum();
    memoryHits.increment(found);
    if (!missing.isEmpty()) {
      fromShared(missing, vectors);
      fromModel(missing, vectors, texts, purpose);
    }
    return Arrays.asList(vectors);
  }

  private Prefixes prefixes() {
    Prefixes known = prefixes;
    if (known == Prefixes.NONE) {
      known = Prefixes.of(inner.model());
      prefixes = known;
    }
    return known;
  }

  private void fromShared(Map<VectorKey, List<Integer>> missing, float[][] vectors) {
    List<String> keys = missing.keySet().stream().map(VectorKey::text).toList();
    Map<String, float[]> found = shared.get(keys, prefixes().dimension);
    if (found.isEmpty()) {
      return;
    }
    missing
        .entrySet()
        .removeIf(
            entry -> {
              float[] vector = found.get(entry.getKey().text());
              if (vector == null) {
                return false;
              }
              memory.put(entry.getKey(), vector);
              sharedHits.increment(entry.getValue().size());
              place(vector, entry.getValue(), vectors);
              return true;
            });
  }

  private void fromModel(
      Map<VectorKey, List<Integer>> missing,
      float[][] vectors,
      List<String> texts,
      Purpose purpose) {
    if (missing.isEmpty()) {
      return;
    }
    List<String> asked =
        missing.values().stream().map(places -> texts.get(places.getFirst())).toList();
    List<float[]> made = inner.embed(asked, purpose);
    Map<String, float[]> fresh = new HashMap<>();
    int at = 0;
    for (Map.Entry<VectorKey, List<Integer>> entry : missing.entrySet()) {
      float[] vector = made.get(at++);
      memory.put(entry.getKey(), vector);
      fresh.put(entry.getKey().text(), vector.clone());
      misses.increment(entry.getValue().size());
      place(vector, entry.getValue(), vectors);
    }
    shared.put(fresh);
  }

  /** Each caller may write to what it gets. */
  private static void place(float[] vector, List<Integer> places, float[][] vectors) {
    for (int i = 0; i < places.size(); i++) {
      vectors[places.get(i)] = i == 0 ? vector : vector.clone();
    }
  }

  @Override
  public void close() {
    inner.close();
    shared.close();
  }
}
