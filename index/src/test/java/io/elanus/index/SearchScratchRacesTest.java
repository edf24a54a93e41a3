package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.index.text.Analyzers;
import io.elanus.index.text.TextAnalyzer;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.object.ObjectStore;
import io.elanus.testkit.fixture.Clustered;
import io.elanus.testkit.race.Mutant;
import io.elanus.testkit.race.Together;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Searches keep their scratch memory for those that come after, and no two have the same at a time:
 * what many threads are answered is what one thread was answered before.
 */
@Timeout(300)
class SearchScratchRacesTest {
  private static final int SEARCHERS = 3;
  private static final int ROUNDS = 6;
  private static final int QUERIES = 40;

  /** Answers how many searches of an index went wrong. */
  abstract static class Searching implements Callable<Long> {
    private final VectorIndexFormat format;
    private final Map<String, String> build;
    private final SearchParams search;

    Searching(String type, Map<String, String> build, Map<String, String> search) {
      this.format = VectorIndexes.format(type);
      this.build = build;
      this.search = new SearchParams(search);
    }

    @Override
    public Long call() throws Exception {
      Clustered data = Clustered.of(3_000, 16, 20, QUERIES, 5);
      try (Arena arena = Arena.ofShared()) {
        VectorData vectors = Typed.data(DataType.FLOAT_VECTOR, data, arena);
        MemoryObjects objects = new MemoryObjects();
        try (ObjectStore.Writer out = objects.create("index")) {
          format.build(vectors, Metric.L2, build, 1, BuildMonitor.NONE, out);
          out.commit();
        }
        byte[] file = objects.read("index");
        MemorySegment mapped =
            arena.allocate(file.length, 64).copyFrom(MemorySegment.ofArray(file));
        VectorIndex index = format.open(mapped, vectors, Metric.L2);
        List<int[]> alone = new ArrayList<>();
        for (int q = 0; q < QUERIES; q++) {
          alone.add(rows(index, data, q));
        }
        return together(q -> Arrays.equals(rows(index, data, q), alone.get(q)));
      }
    }

    private int[] rows(VectorIndex index, Clustered data, int q) {
      return index
          .search(VectorIndexContract.query(data.query(q), 10, null, data.rows(), search))
          .rows();
    }
  }

  /** A look of one thread. */
  private interface Look {
    boolean isRight(int question);
  }

  private static long together(Look look) throws Exception {
    AtomicLong wrong = new AtomicLong();
    Together.run(
        SEARCHERS,
        searcher -> {
          for (int i = 0; i < ROUNDS * QUERIES; i++) {
            wrong.addAndGet(look.isRight((i + 7 * searcher) % QUERIES) ? 0 : 1);
          }
        });
    return wrong.get();
  }

  /** Of a graph in memory. */
  static final class Graph extends Searching {
    Graph() {
      super("HNSW", Map.of("M", "8", "efConstruction", "40"), Map.of("ef", "60"));
    }
  }

  /** Of a graph with codes of neighbours beside each node. */
  static final class Quantised extends Searching {
    Quantised() {
      super("QG", Map.of(), Map.of("recall", "0.95"));
    }
  }

  /** Of a graph on disk. */
  static final class OnDisk extends Searching {
    OnDisk() {
      super("DISKANN", Map.of(), Map.of("search_list", "60"));
    }
  }

  /** Of words in texts: tokenizers keep their place. */
  static final class Words implements Callable<Long> {
    @Override
    public Long call() throws Exception {
      TextAnalyzer analyzer = Analyzers.of("{\"type\": \"english\"}");
      List<String> texts = new ArrayList<>();
      List<List<String>> alone = new ArrayList<>();
      for (int i = 0; i < QUERIES; i++) {
        texts.add("number %d runs ".formatted(i).repeat(50));
        alone.add(analyzer.words(texts.get(i)));
      }
      return together(q -> analyzer.words(texts.get(q)).equals(alone.get(q)));
    }
  }

  @Test
  void nobodyIsAnsweredWithWhatAnotherFinds() throws Exception {
    assertThat(new Graph().call()).as("HNSW").isZero();
    assertThat(new Quantised().call()).as("QG").isZero();
    assertThat(new OnDisk().call()).as("DISKANN").isZero();
    assertThat(new Words().call()).as("words").isZero();
  }

  @Test
  void theCheckSeesSharedScratch() throws Exception {
    assertThat(shared("hnsw.HnswIndex", GRAPH_WALK).isSeenBy(Graph.class)).as("HNSW").isTrue();
    assertThat(shared("quantgraph.QuantGraphIndex", "searches.poll()").isSeenBy(Quantised.class))
        .as("QG")
        .isTrue();
    assertThat(shared("disk.DiskIndex", "walks.poll()").isSeenBy(OnDisk.class))
        .as("DISKANN")
        .isTrue();
    assertThat(shared("text.TextAnalyzer", "chains.poll()").isSeenBy(Words.class))
        .as("words")
        .isTrue();
  }

  /** That of {@code ef}; there is another one. */
  private static final String GRAPH_WALK =
      """
      walks.poll();
          if (walk == null) {
            walk = new GraphWalk(graph, graph.size());
          }
          try {
            NearestHeap found = new NearestHeap(ef);
      """
          .stripTrailing();

  private static Mutant shared(String name, String taken) throws ClassNotFoundException {
    return Mutant.of(
        Class.forName("io.elanus.index." + name), taken, taken.replace("poll()", "peek()"));
  }
}
