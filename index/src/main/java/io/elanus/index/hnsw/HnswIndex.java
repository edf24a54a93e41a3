package io.elanus.index.hnsw;

import io.elanus.index.NearestHeap;
import io.elanus.index.Neighbors;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorQuery;
import io.elanus.index.distance.RowDistances;
import io.elanus.index.distance.Scorer;
import io.elanus.index.recall.Efforts;
import io.elanus.index.recall.RecallProbe;
import io.elanus.index.scan.RowScan;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.schema.Metric;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * An open HNSW graph.
 *
 * <p>Filters: where few rows are allowed, scanning them is cheaper than a walk, and exact. Where
 * most are, a walk passes through excluded nodes as through others; between, it passes over them to
 * their neighbours without measuring them ({@link GraphWalk}). The cheaper way is chosen by how
 * many rows each measures, and a walk that turns out dearer than the scan (allowed rows far away
 * from the query) gives up and scans. So a filter never costs more than about twice the better way,
 * and never loses rows.
 */
final class HnswIndex implements VectorIndex, RecallProbe {
  /**
   * What stepping over excluded nodes costs, in rows that a scan measures, for each unit of effort
   * and of M; measured at 384 dimensions and a share of 0.1.
   */
  private static final int STEP_OVER = 30;

  private final String type;
  private final HnswFile graph;
  private final VectorData vectors;
  private final Metric metric;
  private final Efforts efforts;
  private final @Nullable HnswCodes codes;
  private final RowScan scan;
  private final ConcurrentLinkedQueue<GraphWalk> walks = new ConcurrentLinkedQueue<>();

  /**
   * @param codes what walks measure by; null for the vectors
   * @param scan serves where a walk is dearer
   */
  HnswIndex(
      String type,
      HnswFile graph,
      VectorData vectors,
      Metric metric,
      Efforts efforts,
      @Nullable HnswCodes codes,
      RowScan scan) {
    this.codes = codes;
    this.scan = scan;
    this.type = type;
    this.graph = graph;
    this.vectors = vectors;
    this.metric = metric;
    this.efforts = efforts;
  }

  @Override
  public String type() {
    return type;
  }

  @Override
  public String layout() {
    return codes == null ? HnswFormat.TYPE : type;
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
    double share = (double) allowed / graph.size();
    int ef = Math.max(query.limit(), efforts.of(query.params(), query.limit(), share));
    Scorer scorer = Scorer.of(metric, vectors, graph.norms()).query(query.target());
    HnswCodes.Measure coded = codes == null ? null : codes.measure(query, scorer);
    RowDistances distances = coded == null ? scorer : coded.estimates();
    double scanNanos = codes == null ? scan.nanos(query) : scan.costs().exact(allowed);
    long scanCost = (long) (scanNanos / scan.costs().exactRow());
    while (ef < allowed) {
      if (walkCost(ef, allowed) >= scanCost) {
        break;
      }
      Neighbors near = walk(distances, query, ef, scanCost);
      if (near == null) {
        break;
      }
      near = coded == null ? near : coded.answers(near);
      Neighbors wanted = query.within(near);
      boolean enough = wanted.size() >= query.limit();
      boolean past = near.size() > 0 && near.distances()[near.size() - 1] >= query.maxDistance();
      if (enough || past) {
        return wanted;
      }
      // A page of an iterator starts beyond what was found: look farther.
      ef *= 2;
    }
    return coded == null || coded.isExact()
        ? scan.search(scorer, query, efforts.recall(query.params(), query.limit()))
        : coded.scan(graph.size());
  }

  /** Rows that a walk measures: about half the neighbours of a node are new. */
  private long walkCost(long ef, long allowed) {
    double share = (double) allowed / graph.size();
    if (GraphWalk.stepsOver(share)) {
      return ef * graph.m() * STEP_OVER;
    }
    return (long) (ef * graph.m() / share);
  }

  private @Nullable Neighbors walk(RowDistances scorer, VectorQuery query, int ef, long scoredMax) {
    GraphWalk walk = walks.poll();
    if (walk == null) {
      walk = new GraphWalk(graph, graph.size());
    }
    try {
      NearestHeap found = new NearestHeap(ef);
      walk.without(-1);
      int start = walk.descend(scorer, graph.entryNode(), graph.topLayer(), 0);
      boolean complete = walk.nearest(scorer, start, 0, filter(query), found, scoredMax);
      return complete && found.isFull() ? found.drain() : null;
    } finally {
      walks.add(walk);
    }
  }

  @Override
  public void search(Asked asked, int[] efforts, Answers answers) {
    VectorQuery query = asked.query();
    for (int effort : efforts) {
      if (!answers.next(without(asked.absent(), query, effort))) {
        return;
      }
    }
  }

  private Neighbors without(int absent, VectorQuery query, int effort) {
    Scorer scorer = Scorer.of(metric, vectors, graph.norms()).query(query.target());
    HnswCodes.Measure coded = codes == null ? null : codes.measure(query, scorer);
    RowDistances distances = coded == null ? scorer : coded.estimates();
    GraphWalk walk = walks.poll();
    if (walk == null) {
      walk = new GraphWalk(graph, graph.size());
    }
    try {
      NearestHeap found = new NearestHeap(effort);
      walk.without(absent);
      int start = walk.descend(distances, graph.entryNode(), graph.topLayer(), 0);
      walk.nearest(distances, start, 0, filter(query), found, Long.MAX_VALUE);
      Neighbors near = found.drain();
      return query.within(coded == null ? near : exact(coded.answers(near), scorer));
    } finally {
      walks.add(walk);
    }
  }

  /** In the order that the codes give. */
  private static Neighbors exact(Neighbors near, Scorer scorer) {
    float[] distances = new float[near.size()];
    scorer.to(near.rows(), near.size(), distances);
    return new Neighbors(near.rows(), distances);
  }

  private GraphWalk.@Nullable Filter filter(VectorQuery query) {
    RowBitmap allowed = query.allowed();
    double share = (double) query.allowedCount() / graph.size();
    return allowed == null ? null : new GraphWalk.Filter(allowed, share);
  }
}
