package io.elanus.rag.embed.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.rag.embed.Embedder.Purpose;
import io.elanus.rag.embed.Model;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class CachedEmbedderTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Counting inner = new Counting();

  private CachedEmbedder cached(Counting embedder, SharedVectors shared) {
    return new CachedEmbedder(embedder, 1 << 20, shared, meters);
  }

  private double lookups(String found) {
    return meters.get("elanus_rag_embedding_cache_lookups").tag("found", found).counter().count();
  }

  @Test
  void aTextIsEmbeddedOnceAndStandsAtItsPlaces() {
    CachedEmbedder embedder = cached(inner, SharedVectors.NONE);
    List<float[]> v = embedder.embed(List.of("a", "bb", "a"), Purpose.QUERY);
    assertThat(inner.calls).containsExactly(List.of("a", "bb"));
    assertThat(v.get(2)).isEqualTo(Counting.vector("a")).isNotSameAs(v.get(0));
    assertThat(embedder.embed(List.of("ccc", "bb", "a"), Purpose.QUERY))
        .containsExactly(Counting.vector("ccc"), Counting.vector("bb"), Counting.vector("a"));
    assertThat(inner.calls).hasSize(2).last().isEqualTo(List.of("ccc"));
    assertThat(lookups("memory")).isEqualTo(2);
    assertThat(lookups("miss")).isEqualTo(4);
  }

  @Test
  void whoWritesToAVectorChangesOnlyTheOwn() {
    CachedEmbedder embedder = cached(inner, SharedVectors.NONE);
    for (int i = 0; i < 3; i++) {
      float[] mine = embedder.embed(List.of("a"), Purpose.QUERY).getFirst();
      assertThat(mine).isEqualTo(Counting.vector("a"));
      mine[0] = -1;
    }
  }

  @Test
  void purposeModelAndVersionKeepApart() {
    SharedVectors shared = new MapVectors();
    CachedEmbedder embedder = cached(inner, shared);
    embedder.embed(List.of("a"), Purpose.QUERY);
    embedder.embed(List.of("a"), Purpose.DOCUMENT);
    assertThat(inner.calls).hasSize(2);
    for (Model other :
        List.of(
            new Model("counting", "2", 3, 100),
            new Model("other", "1", 3, 100),
            new Model("counting1", "", 3, 100),
            new Model("counting", "1", 3, 101))) {
      Counting another = new Counting(other, new Semaphore(100));
      cached(another, shared).embed(List.of("a"), Purpose.QUERY);
      assertThat(another.calls).as(other.toString()).hasSize(1);
    }
    Counting same = new Counting();
    cached(same, shared).embed(List.of("a"), Purpose.QUERY);
    assertThat(same.calls).isEmpty();
    assertThat(lookups("redis")).isEqualTo(1);
  }

  @Test
  void failuresAreNotKept() {
    CachedEmbedder embedder = cached(inner, SharedVectors.NONE);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> embedder.embed(List.of("down"), Purpose.QUERY))
          .isInstanceOf(ElanusException.class);
    }
    assertThat(inner.calls).hasSize(2);
  }

  @Test
  void memoryStaysWithinItsBytes() {
    CachedEmbedder small = new CachedEmbedder(inner, 10_000, SharedVectors.NONE, meters);
    for (int i = 0; i < 2000; i++) {
      small.embed(List.of("text " + i), Purpose.DOCUMENT);
    }
    assertThat(meters.get("elanus_rag_embedding_cache_bytes").gauge().value())
        .isBetween(1.0, 10_000.0);
    CachedEmbedder none = new CachedEmbedder(inner, 0, SharedVectors.NONE, meters);
    int before = inner.calls.size();
    none.embed(List.of("a"), Purpose.QUERY);
    none.embed(List.of("a"), Purpose.QUERY);
    assertThat(inner.calls).hasSize(before + 2);
  }

  /** Halves of surrogate pairs are texts of their own. */
  @Test
  void keysOfOddTextsDiffer() {
    byte[] prefix = VectorKey.prefix(inner.model, Purpose.QUERY);
    assertThat(List.of("\uD800", "\uDBFF", "?", "\uFFFD", ""))
        .extracting(text -> VectorKey.of(prefix, text))
        .doesNotHaveDuplicates();
    assertThat(VectorKey.of(prefix, "a").text()).matches("[0-9a-f]{32}");
  }

  private static final class MapVectors implements SharedVectors {
    private final Map<String, float[]> vectors = new HashMap<>();

    @Override
    public Map<String, float[]> get(List<String> keys, int dimension) {
      Map<String, float[]> found = new HashMap<>(vectors);
      found.keySet().retainAll(keys);
      return found;
    }

    @Override
    public void put(Map<String, float[]> fresh) {
      vectors.putAll(fresh);
    }

    @Override
    public void close() {}
  }
}
