package io.elanus.index.quantgraph;

import io.elanus.index.NearestHeap;
import io.elanus.index.Neighbors;
import io.elanus.index.RowBitmap;
import io.elanus.index.Scorer;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorQuery;
import io.elanus.index.flat.ExactScan;
import io.elanus.kernel.graph.HopQuery;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.schema.Metric;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * An open quantised graph. A walk finds rows by distances in the graph's space. Filters as in HNSW:
 * a walk has to meet as many allowed nodes as without a filter, and gives way to a scan of the
 * allowed rows where that is cheaper.
 */
final class QuantGraphIndex implements VectorIndex {
  /** Rows that a scan measures in the time of one hop, roughly; measured at 100 and 384. */
  private static final long ROWS_PER_HOP = 12;

  private final String type;
  private final QuantGraphFile graph;
  private final VectorData vectors;
  private final int efDefault;
  private final ConcurrentLinkedQueue<Search> searches = new ConcurrentLinkedQueue<>();

  /** The scratch memory of one search. */
  private record Search(Walk walk, HopQuery query) {}

  QuantGraphIndex(String type, QuantGraphFile graph, VectorData vectors, int efDefault) {
    this.type = type;
    this.graph = graph;
    this.vectors = vectors;
    this.efDefault = efDefault;
  }

  @Override
  public String type() {
    return type;
  }

  @Override
  public int size() {
    return vectors.count();
  }

  @Override
  public long sizeBytes() {
    return graph.sizeBytes();
  }

  @Override
  public Neighbors search(VectorQuery query) {
    try {
      return nearest(query);
    } catch (IndexOutOfBoundsException e) {
      // The file was not read as a whole when it was opened; nothing else gives positions here.
      throw new ElanusException(ErrorCode.DATA_CORRUPT, "a QG index points outside its segment", e);
    }
  }

  private Neighbors nearest(VectorQuery query) {
    int allowed = query.allowedCount();
    if (allowed == 0 || vectors.count() == 0) {
      return Neighbors.NONE;
    }
    int ef = Math.max(query.limit(), query.params().integer("ef").orElse(efDefault));
    while (ef < allowed) {
      long effort = (long) ef * vectors.count() / allowed;
      long hopsMax = allowed / ROWS_PER_HOP;
      if (effort >= hopsMax) {
        break;
      }
      Neighbors near = walk(query, ef, (int) effort, (int) hopsMax);
      if (near == null) {
        break;
      }
      Neighbors wanted = query.within(near);
      boolean past = near.size() > 0 && near.distances()[near.size() - 1] >= query.maxDistance();
      if (wanted.size() >= query.limit() || past) {
        return wanted;
      }
      // A page of an iterator starts beyond what was found: look farther.
      ef *= 2;
    }
    return ExactScan.search(vectors, graph.space().metric(), null, query);
  }

  private @Nullable Neighbors walk(VectorQuery query, int ef, int effort, int hopsMax) {
    Search search = searches.poll();
    if (search == null) {
      search = new Search(new Walk(), new HopQuery(graph.space().layout()));
    }
    try {
      graph.space().query(query.vector(), search.query);
      NearestHeap found = new NearestHeap(query.isRange() ? ef : query.limit());
      boolean complete =
          search.walk.from(
              graph.nodes(),
              graph.hubs(),
              search.query,
              graph.entry(),
              effort,
              hopsMax,
              found,
              admission(query.allowed()));
      return complete && found.isFull() ? measured(query, found) : null;
    } finally {
      searches.add(search);
    }
  }

  /** A node counts where it or one of its twins is allowed. */
  private @Nullable IntPredicate admission(@Nullable RowBitmap allowed) {
    if (allowed == null || graph.twins() == null) {
      return allowed == null ? null : allowed::get;
    }
    return node -> {
      for (int row = node; row >= 0; row = graph.nextTwin(row)) {
        if (allowed.get(row)) {
          return true;
        }
      }
      return false;
    };
  }

  /** The rows found, and their twins, with the metric's distances. */
  private Neighbors measured(VectorQuery query, NearestHeap found) {
    int capacity = found.capacity();
    Neighbors near = found.drain();
    Metric metric = graph.space().metric();
    boolean again = metric == Metric.IP || query.isRange() || graph.twins() != null;
    if (!again) {
      graph.space().measure(near.distances());
      return near;
    }
    // An inner product would lose digits as a difference of squares; the bounds of a range are
    // compared with what every other index says; twins have no distances yet.
    int[] rows = near.rows();
    if (graph.twins() != null) {
      rows = withTwins(rows, capacity, query.allowed());
    }
    float[] distances = new float[rows.length];
    Scorer.of(metric, vectors, null).query(query.target()).to(rows, rows.length, distances);
    NearestHeap order = new NearestHeap(capacity);
    for (int i = 0; i < rows.length; i++) {
      order.offer(distances[i], rows[i]);
    }
    return order.drain();
  }

  private int[] withTwins(int[] nodes, int most, @Nullable RowBitmap allowed) {
    int[] rows = new int[most];
    int n = 0;
    for (int node : nodes) {
      for (int row = node; row >= 0 && n < most; row = graph.nextTwin(row)) {
        if (allowed == null || allowed.get(row)) {
          rows[n++] = row;
        }
      }
    }
    return Arrays.copyOf(rows, n);
  }
}
