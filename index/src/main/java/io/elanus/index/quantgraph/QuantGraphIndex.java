package io.elanus.index.quantgraph;

import io.elanus.index.NearestHeap;
import io.elanus.index.Neighbors;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorQuery;
import io.elanus.index.distance.Scorer;
import io.elanus.index.recall.Efforts;
import io.elanus.index.recall.RecallProbe;
import io.elanus.index.scan.RowScan;
import io.elanus.kernel.graph.HopQuery;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.schema.Metric;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * An open quantised graph. A walk finds rows by distances in the graph's space.
 *
 * <p>Filters: where few rows are allowed, they are scanned. Else a walk goes through excluded nodes
 * as through allowed ones, gathers allowed neighbours by their estimates, and the nearest of those
 * are measured afterwards; how far it has to go is what the curve says for the share of allowed
 * rows. Where that share is smaller around the query than elsewhere, which the walk notices, it
 * goes as far as the smaller share asks for, or gives way to the scan.
 */
final class QuantGraphIndex implements VectorIndex, RecallProbe {
  /** Nanoseconds of a hop, and for each byte of its node. */
  private static final double HOP_FIXED = 120;

  private static final double HOP_BYTE = 0.1;

  /** A hop under a filter asks of each neighbour whether it passes, and keeps more of them. */
  private static final double HOP_FILTERED = 150;

  /** Rows that are measured once more beyond those wanted, at least as room. */
  private static final int SPARE_MIN = 8;

  /** Of the noise of a rounded distance, beyond which a row is taken to be farther. */
  private static final double DEVIATIONS = 3;

  /** Neighbours gathered at least, and for each node that is taken one more. */
  private static final int GATHERED_MIN = 32;

  /** A neighbourhood is poorer than the segment if so many times fewer of it are allowed. */
  private static final double POORER = 1.5;

  /** There the nearest allowed rows lie in several directions, farther than a curve can say. */
  private static final int WIDER = 4;

  /** So much poorer, what is near is no guide to what is allowed. */
  private static final double BARREN = 3;

  private final String type;
  private final QuantGraphFile graph;
  private final VectorData vectors;
  private final Efforts efforts;
  private final RowScan scan;
  private volatile @Nullable MemorySegment norms;
  private final ConcurrentLinkedQueue<Search> searches = new ConcurrentLinkedQueue<>();

  /** The scratch memory of one search. */
  private record Search(Walk walk, HopQuery query) {}

  QuantGraphIndex(String type, QuantGraphFile graph, VectorData vectors, Efforts efforts) {
    this.type = type;
    this.graph = graph;
    this.vectors = vectors;
    this.efforts = efforts;
    this.scan = new RowScan(vectors, graph.signs());
  }

  /**
   * 1/length of each row, for COSINE: twice as fast to scan with as to compute on the way. Made
   * when first asked for, since opening must not grow with the data; a few milliseconds for 100,000
   * rows.
   */
  private @Nullable MemorySegment norms() {
    if (graph.space().metric() != Metric.COSINE) {
      return null;
    }
    MemorySegment known = norms;
    if (known == null) {
      known = Arena.ofAuto().allocate(Math.max(4, 4L * vectors.count()), 64);
      Scorer.inverseNorms(vectors, known);
      norms = known;
    }
    return known;
  }

  @Override
  public String type() {
    return type;
  }

  @Override
  public String layout() {
    return QuantGraphFormat.TYPE;
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
    if (query.allowed() != null && !query.isRange()) {
      return filtered(query);
    }
    int ef = Math.max(query.limit(), efforts.of(query.params(), query.limit(), 1));
    while (ef < allowed) {
      long effort = (long) ef * vectors.count() / allowed;
      long hopsMax = (long) (scan.nanos(query) / hopNanos());
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
    return scan(query);
  }

  private Neighbors scan(VectorQuery query) {
    Scorer scorer = Scorer.of(graph.space().metric(), vectors, norms()).query(query.target());
    return scan.search(scorer, query, efforts.recall(query.params(), query.limit()));
  }

  private Neighbors filtered(VectorQuery query) {
    double all = (double) query.allowedCount() / vectors.count();
    double share = all;
    int ef = Math.max(query.limit(), efforts.of(query.params(), query.limit(), share));
    Search search = begin(-1);
    try {
      double scanNanos = scan.nanos(query);
      while (ef * (hopNanos() + HOP_FILTERED) < scanNanos) {
        Neighbors near = gathering(search, query, ef);
        if (search.walk.hopsAllowedShare() * BARREN < all) {
          // All walked through is excluded: what was seen beside it may not be the nearest allowed.
          break;
        }
        double here = search.walk.admittedShare();
        boolean poorer = here * POORER < share;
        if (!poorer && near.size() >= query.limit()) {
          return near;
        }
        if (here * BARREN < share) {
          break;
        }
        share = Math.min(here, share / POORER);
        ef = Math.max(WIDER * ef, efforts.of(query.params(), query.limit(), share));
      }
    } finally {
      searches.add(search);
    }
    return scan(query);
  }

  private double hopNanos() {
    return HOP_FIXED + HOP_BYTE * graph.space().layout().stride();
  }

  /** Walks with that effort, and measures what was met on the way. */
  private Neighbors gathering(Search search, VectorQuery query, int ef) {
    float[] vector = graph.space().query(query.vector(), search.query);
    int room = Math.max(2 * query.limit(), GATHERED_MIN + ef);
    search.walk.gather(room);
    NearestHeap found = new NearestHeap(query.limit() + spare(query.limit()));
    walk(search, query, ef, Integer.MAX_VALUE, found);
    int[] nodes = new int[room];
    int n = 0;
    for (int node = search.walk.gathered(); node >= 0 && n < room; n++) {
      nodes[n] = node;
      node = search.walk.gathered();
    }
    int[] rows = Arrays.copyOf(nodes, n);
    if (graph.twins() != null) {
      rows = withTwins(rows, n + query.limit(), query.allowed());
    }
    float[] distances = new float[rows.length];
    Metric metric = graph.space().metric();
    Scorer.of(metric, vectors, norms())
        .query(query.target(), vector)
        .to(rows, rows.length, distances);
    Neighbors walked = measured(query, vector, query.limit(), found);
    NearestHeap nearest = new NearestHeap(query.limit());
    for (int i = 0; i < walked.size(); i++) {
      nearest.offer(walked.distances()[i], walked.rows()[i]);
    }
    for (int i = 0; i < rows.length; i++) {
      nearest.offer(distances[i], rows[i]);
    }
    return nearest.drain();
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
    Search search = begin(absent);
    try {
      if (query.allowed() != null) {
        return gathering(search, query, effort);
      }
      float[] ready = graph.space().query(query.vector(), search.query);
      NearestHeap found = new NearestHeap(query.limit() + spare(query.limit()));
      walk(search, query, effort, Integer.MAX_VALUE, found);
      return measured(query, ready, query.limit(), found);
    } finally {
      searches.add(search);
    }
  }

  private Search begin(int absent) {
    Search search = searches.poll();
    if (search == null) {
      search = new Search(new Walk(), new HopQuery(graph.space().layout()));
    }
    search.walk.gather(0);
    search.walk.without(absent);
    return search;
  }

  private boolean walk(
      Search search, VectorQuery query, int effort, int hopsMax, NearestHeap found) {
    return search.walk.from(
        graph.nodes(),
        graph.hubs(),
        search.query,
        graph.entry(),
        effort,
        hopsMax,
        found,
        admission(query.allowed()));
  }

  private @Nullable Neighbors walk(VectorQuery query, int ef, int effort, int hopsMax) {
    Search search = begin(-1);
    try {
      float[] vector = graph.space().query(query.vector(), search.query);
      int wanted = query.isRange() ? ef : query.limit();
      NearestHeap found = new NearestHeap(wanted + spare(wanted));
      boolean complete = walk(search, query, effort, hopsMax, found);
      // With fewer than wanted the caller looks farther; only one that gives up makes way for a
      // scan.
      return complete ? measured(query, vector, wanted, found) : null;
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
  private Neighbors measured(VectorQuery query, float[] vector, int capacity, NearestHeap found) {
    Neighbors near = undecided(found.drain(), capacity);
    Metric metric = graph.space().metric();
    boolean again =
        metric == Metric.IP || query.isRange() || graph.twins() != null || graph.lost() > 0;
    if (!again) {
      graph.space().measure(near.distances());
      return near;
    }
    // An inner product would lose digits as a difference of squares; the bounds of a range are
    // compared with what every other index says; twins have no distances yet.
    int[] rows = near.rows();
    if (graph.twins() != null) {
      rows = withTwins(rows, rows.length, query.allowed());
    }
    float[] distances = new float[rows.length];
    Scorer.of(metric, vectors, norms())
        .query(query.target(), vector)
        .to(rows, rows.length, distances);
    NearestHeap order = new NearestHeap(capacity);
    for (int i = 0; i < rows.length; i++) {
      order.offer(distances[i], rows[i]);
    }
    return order.drain();
  }

  /** Room for rows that rounding may have put behind others. */
  private int spare(int wanted) {
    return graph.lost() > 0 ? Math.max(SPARE_MIN, wanted / 4) : 0;
  }

  /** Those that may be among the {@code wanted} nearest, as far as rounding leaves it open. */
  private Neighbors undecided(Neighbors near, int wanted) {
    if (near.size() <= wanted) {
      return near;
    }
    float last = near.distances()[wanted - 1];
    double bits = graph.space().layout().bits();
    double noise = 2 * Math.sqrt(Math.max(last, 0)) * graph.lost() / Math.sqrt(bits);
    int size = wanted;
    while (size < near.size() && near.distances()[size] <= last + DEVIATIONS * noise) {
      size++;
    }
    return new Neighbors(Arrays.copyOf(near.rows(), size), Arrays.copyOf(near.distances(), size));
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
