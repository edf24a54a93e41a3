package io.elanus.index;

import io.elanus.index.flat.FlatFormat;
import io.elanus.index.hnsw.HnswFormat;
import io.elanus.index.quantgraph.QuantGraphFormat;
import io.elanus.index.recall.RecallWanted;
import io.elanus.index.sparse.Bm25;
import io.elanus.index.sparse.SparseInvertedFormat;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * AUTOINDEX: nobody has to know a parameter. A segment of fewer than {@value #GRAPH_ROWS_MIN} rows
 * is scanned exactly (a FLAT file): that costs less than a millisecond and no build. A larger one
 * gets the quantised graph (QG), where its build fits the memory it may take; else an HNSW graph, a
 * third of the size and of the speed. A search reaches a recall of {@value #RECALL}, by the curve
 * measured when the segment was sealed, or the {@code recall} that it asks for; a user's {@code ef}
 * is honoured where it is given. Bits are scanned below {@value #BITS_GRAPH_ROWS_MIN} rows, as a
 * row is a few dozen bytes, and get an HNSW graph from there on. Which of the three a file is, its
 * header and {@link VectorIndex#layout} say. Sparse vectors get postings, however many they are.
 */
public final class AutoFormat implements VectorIndexFormat {
  private static final int GRAPH_ROWS_MIN = 4096;
  private static final int BITS_GRAPH_ROWS_MIN = 32_768;
  private static final String EF = "ef";

  /** The effort where a file has no curve: an older one, or one over bytes or bits. */
  private static final int EF_WITHOUT_CURVE = 128;

  private static final double RECALL = 0.95;

  /** Aimed at where nothing is asked: two misses in five held back, for queries unlike the rows. */
  private static final OptionalDouble AIM = OptionalDouble.of(1 - 0.6 * (1 - RECALL));

  private static final Map<String, String> HNSW = Map.of("M", "24", "efConstruction", "200");

  private final FlatFormat flat = new FlatFormat();
  private final HnswFormat layered = new HnswFormat();
  private final SparseInvertedFormat sparse = new SparseInvertedFormat("AUTOINDEX");
  private final QuantGraphFormat quantised = new QuantGraphFormat();
  private final long buildBytesMax;

  /**
   * @param buildBytesMax memory off the heap that one build may take
   */
  public AutoFormat(long buildBytesMax) {
    this.buildBytesMax = buildBytesMax;
  }

  @Override
  public String type() {
    return "AUTOINDEX";
  }

  @Override
  public boolean supports(DataType vectorType) {
    return vectorType.isVector();
  }

  @Override
  public void checkBuild(Map<String, String> params, int dim) {
    Bm25.of(params);
  }

  @Override
  public boolean takesRecall() {
    return true;
  }

  @Override
  public void checkSearch(SearchParams params, int limit) {
    sparse.checkSearch(params, limit);
    Parameters.integer(params.values(), EF, 1, 1, Integer.MAX_VALUE);
    RecallWanted.check(params, EF);
  }

  @Override
  public void build(
      VectorData vectors,
      Metric metric,
      Map<String, String> params,
      long seed,
      BuildMonitor monitor,
      ObjectStore.Writer out) {
    boolean bits = vectors.type() == DataType.BINARY_VECTOR;
    if (vectors.type() == DataType.SPARSE_FLOAT_VECTOR) {
      sparse.build(vectors, metric, params, seed, monitor, out);
    } else if (vectors.count() < (bits ? BITS_GRAPH_ROWS_MIN : GRAPH_ROWS_MIN)) {
      flat.build(vectors, metric, Map.of(), seed, monitor, out);
    } else if (!bits
        && QuantGraphFormat.buildBytes(vectors, metric)
            <= Math.min(buildBytesMax, monitor.memoryBytes())) {
      quantised.build(vectors, metric, Map.of(), seed, monitor, out);
    } else {
      layered.build(vectors, metric, HNSW, seed, monitor, out);
    }
  }

  @Override
  public VectorIndex open(MemorySegment file, VectorData vectors, Metric metric) {
    if (vectors.type() == DataType.SPARSE_FLOAT_VECTOR) {
      return sparse.open(file, vectors, metric);
    }
    if (QuantGraphFormat.wrote(file)) {
      return quantised.open(file, vectors, metric, type(), AIM, EF_WITHOUT_CURVE);
    }
    if (HnswFormat.wrote(file)) {
      return layered.open(file, vectors, metric, type(), AIM, EF_WITHOUT_CURVE);
    }
    return new Scanned(flat.open(file, vectors, metric));
  }

  private record Scanned(VectorIndex flat) implements VectorIndex {
    @Override
    public String type() {
      return "AUTOINDEX";
    }

    @Override
    public String layout() {
      return flat.layout();
    }

    @Override
    public int size() {
      return flat.size();
    }

    @Override
    public Neighbors search(VectorQuery query) {
      return flat.search(query);
    }

    @Override
    public long sizeBytes() {
      return flat.sizeBytes();
    }
  }
}
