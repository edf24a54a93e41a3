package io.elanus.index.hnsw;

import io.elanus.index.NearestHeap;
import io.elanus.index.Neighbors;
import io.elanus.index.RowBitmap;
import io.elanus.index.Scorer;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorQuery;
import io.elanus.index.flat.ExactScan;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.schema.Metric;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * An open HNSW graph.
 *
 * <p>Filters: where few rows are allowed, scanning them is cheaper than a walk that must pass
 * through many excluded nodes, and exact. A walk meets about {@code ef} allowed nodes among {@code
 * ef / share} visited ones, each with about half its neighbours new; the cheaper side is chosen,
 * and a walk that turns out dearer than the scan (allowed rows far away from the query) gives up
 * and scans. So a filter never costs more than about twice the better way, and never loses rows.
 */
final class HnswIndex implements VectorIndex {
  private final String type;
  private final HnswFile graph;
  private final VectorData vectors;
  private final Metric metric;
  private final int efDefault;
  private final ConcurrentLinkedQueue<GraphWalk> walks = new ConcurrentLinkedQueue<>();

  HnswIndex(String type, HnswFile graph, VectorData vectors, Metric metric, int efDefault) {
    this.type = type;
    this.graph = graph;
    this.vectors = vectors;
    this.metric = metric;
    this.efDefault = efDefault;
  }

  @Override
  public String type() {
    return type;
  }

  @Override
  public int size() {
    return graph.size();
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
      throw new ElanusException(
          ErrorCode.DATA_CORRUPT, "an HNSW index points outside its segment", e);
    }
  }

  private Neighbors nearest(VectorQuery query) {
    int allowed = query.allowedCount();
    if (allowed == 0 || graph.size() == 0) {
      return Neighbors.NONE;
    }
    int ef = Math.max(query.limit(), query.params().integer("ef").orElse(efDefault));
    Scorer scorer = Scorer.of(metric, vectors, graph.norms()).query(query.target());
    while (ef < allowed) {
      long scanCost = allowed;
      if (walkCost(ef, allowed) >= scanCost) {
        break;
      }
      Neighbors near = walk(scorer, query, ef, scanCost);
      if (near == null) {
        break;
      }
      Neighbors wanted = query.within(near);
      boolean enough = wanted.size() >= query.limit();
      boolean past = near.size() > 0 && near.distances()[near.size() - 1] >= query.maxDistance();
      if (enough || past) {
        return wanted;
      }
      // A page of an iterator starts beyond what was found: look farther.
      ef *= 2;
    }
    return ExactScan.search(scorer, graph.size(), query);
  }

  private long walkCost(long ef, long allowed) {
    return ef * graph.size() / allowed * graph.m();
  }

  private @Nullable Neighbors walk(Scorer scorer, VectorQuery query, int ef, long scoredMax) {
    GraphWalk walk = walks.poll();
    if (walk == null) {
      walk = new GraphWalk(graph, graph.size());
    }
    try {
      NearestHeap found = new NearestHeap(ef);
      int start = walk.descend(scorer, graph.entryNode(), graph.topLayer(), 0);
      boolean complete = walk.nearest(scorer, start, 0, filter(query), found, scoredMax);
      return complete && found.isFull() ? found.drain() : null;
    } finally {
      walks.add(walk);
    }
  }

  private GraphWalk.@Nullable Filter filter(VectorQuery query) {
    RowBitmap allowed = query.allowed();
    double share = (double) query.allowedCount() / graph.size();
    return allowed == null ? null : new GraphWalk.Filter(allowed, share);
  }
}
