import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** JVector's graph on the heap, exact scores of float32: none of its compressed forms. */
final class JvectorPeer implements Race.Index {
  private static final int DEGREE = 32;
  private static final int BEAM = 200;
  private static final float NEIGHBOR_OVERFLOW = 1.2f;
  private static final float ALPHA = 1.2f;

  private final VectorTypeSupport types =
      VectorizationProvider.getInstance().getVectorTypeSupport();
  private VectorSimilarityFunction metric;
  private RandomAccessVectorValues vectors;
  private ImmutableGraphIndex graph;
  private GraphSearcher searcher;
  private long bytes;

  public static void main(String[] arguments) throws Exception {
    Race.run(arguments, new JvectorPeer());
  }

  @Override
  public String version() {
    return "jvector " + System.getProperty("jvector.version");
  }

  @Override
  public void build(Path data, float[][] base, boolean l2) {
    metric = l2 ? VectorSimilarityFunction.EUCLIDEAN : VectorSimilarityFunction.DOT_PRODUCT;
    List<VectorFloat<?>> rows = new ArrayList<>();
    for (float[] row : base) {
      rows.add(types.createFloatVector(row));
    }
    vectors = new ListRandomAccessVectorValues(rows, base[0].length);
    GraphIndexBuilder builder =
        new GraphIndexBuilder(
            BuildScoreProvider.randomAccessScoreProvider(vectors, metric),
            base[0].length,
            DEGREE,
            BEAM,
            NEIGHBOR_OVERFLOW,
            ALPHA,
            true);
    graph = builder.build(vectors);
    bytes = builder.ramBytesUsed() + 4L * base.length * base[0].length;
    searcher = new GraphSearcher(graph);
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public int[] search(float[] query, int k, int effort) {
    DefaultSearchScoreProvider scores =
        DefaultSearchScoreProvider.exact(types.createFloatVector(query), metric, vectors);
    SearchResult.NodeScore[] nodes =
        searcher.search(scores, k, effort, 0f, 0f, Bits.ALL).getNodes();
    int[] found = new int[nodes.length];
    for (int i = 0; i < found.length; i++) {
      found[i] = nodes[i].node;
    }
    return found;
  }
}
