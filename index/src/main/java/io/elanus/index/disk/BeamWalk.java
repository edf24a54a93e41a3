package io.elanus.index.disk;

import io.elanus.index.NearestHeap;
import io.elanus.index.Neighbors;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorQuery;
import io.elanus.index.code.row.RowCodes;
import io.elanus.index.distance.Scorer;
import io.elanus.index.hnsw.CandidateQueue;
import io.elanus.index.hnsw.Visited;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.MappedPages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Beam search (Subramanya et al. 2019, section 3.2): of the nodes known so far the few nearest by
 * their codes are read together; their vectors measure them exactly, their neighbours become known.
 * Holds its scratch memory, so each thread has its own.
 */
final class BeamWalk {
  private static final int BEAM_MAX = 128;
  private static final int BATCH = 256;

  private final DiskFile file;
  private final MappedPages pages;
  private final VectorData beamVectors;
  private final Scorer scorer;
  private final Visited visited;
  private final CandidateQueue candidates = new CandidateQueue();
  private final int[] beam = new int[BEAM_MAX];
  private final float[] beamDistances = new float[BEAM_MAX];
  private final int[] neighbors;
  private int[] rows = new int[BATCH];
  private float[] estimates = new float[BATCH];
  private long reads;
  private long misses;
  private long estimated;
  private @Nullable VectorQuery query;
  private RowCodes.@Nullable Scan scan;

  BeamWalk(DiskFile file, VectorData vectors, Metric metric, MappedPages pages) {
    this.file = file;
    this.pages = pages;
    MemorySegment room = Arena.ofAuto().allocate(Math.max(4, BEAM_MAX * vectors.vectorBytes()), 64);
    this.beamVectors = new VectorData(room, BEAM_MAX, vectors.dim(), vectors.type());
    this.scorer = Scorer.of(metric, beamVectors, null);
    this.visited = new Visited(file.rows());
    this.neighbors = new int[file.layout().degree()];
  }

  /** Nodes read since this was asked for last. */
  long takeReads() {
    long taken = reads;
    reads = 0;
    return taken;
  }

  /** How many of them were not in memory. */
  long takeMisses() {
    long taken = misses;
    misses = 0;
    return taken;
  }

  void begin(VectorQuery wanted) {
    query = wanted;
    scorer.query(wanted.target());
    scan = file.codes().scan(file.space().query(wanted.vector(), file.center()));
  }

  private VectorQuery query() {
    return java.util.Objects.requireNonNull(query);
  }

  private RowCodes.Scan scan() {
    return java.util.Objects.requireNonNull(scan);
  }

  /**
   * The nearest allowed rows among all that a search reads.
   *
   * @param effort how many allowed nodes it keeps in view
   * @param estimatedMax gives up with null once more rows than this were estimated
   */
  @Nullable Neighbors nearest(int effort, long estimatedMax) {
    RowBitmap allowed = query().allowed();
    NearestHeap view = new NearestHeap(effort);
    NearestHeap found = new NearestHeap(effort);
    visited.clear();
    candidates.clear();
    estimated = 0;
    begin(view, allowed);
    int width = DiskParameters.beamWidth(query().params());
    while (!candidates.isEmpty()) {
      int n = 0;
      while (n < width && !candidates.isEmpty() && candidates.nearestDistance() <= view.worst()) {
        beam[n++] = candidates.removeNearest();
      }
      if (n == 0) {
        break;
      }
      read(n);
      for (int i = 0; i < n; i++) {
        keep(beam[i], beamDistances[i], allowed, found);
        open(beam[i], view, allowed);
      }
      if (estimated > estimatedMax) {
        return null;
      }
    }
    return found.isFull() ? found.drain() : null;
  }

  /** The hubs become known, those nearest to the query stay candidates. */
  private void begin(NearestHeap view, @Nullable RowBitmap allowed) {
    NearestHeap nearest = new NearestHeap(DiskParameters.beamWidth(query().params()));
    int[] hubs = file.hubs();
    for (int first = 0; first < hubs.length; first += BATCH) {
      int n = Math.min(BATCH, hubs.length - first);
      System.arraycopy(hubs, first, rows, 0, n);
      scan().to(rows, n, estimates);
      for (int i = 0; i < n; i++) {
        nearest.offer(estimates[i], rows[i]);
      }
    }
    Neighbors starts = nearest.drain();
    for (int i = 0; i < starts.size(); i++) {
      visited.add(starts.rows()[i]);
      meet(starts.rows()[i], starts.distances()[i], view, allowed);
    }
  }

  /** Reads a beam's nodes, all at a time, and measures them. */
  private void read(int n) {
    NodeLayout layout = file.layout();
    for (int i = 0; i < n; i++) {
      misses += pages.bringIn(layout.pageOf(beam[i]), layout.readBytes()) ? 1 : 0;
    }
    for (int i = 0; i < n; i++) {
      layout.vector(file.pages(), beam[i], beamVectors.values(), i);
    }
    scorer.to(0, n, beamDistances);
    reads += n;
  }

  /** A node's neighbours become known. */
  private void open(int node, NearestHeap view, @Nullable RowBitmap allowed) {
    int n = file.layout().neighbors(file.pages(), node, neighbors);
    int fresh = 0;
    for (int i = 0; i < n; i++) {
      if (visited.add(neighbors[i])) {
        neighbors[fresh++] = neighbors[i];
      }
    }
    if (estimates.length < fresh) {
      estimates = new float[2 * fresh];
      rows = new int[2 * fresh];
    }
    scan().to(neighbors, fresh, estimates);
    estimated += fresh;
    for (int i = 0; i < fresh; i++) {
      if (estimates[i] < view.worst()) {
        meet(neighbors[i], estimates[i], view, allowed);
      }
    }
  }

  private void meet(int node, float estimate, NearestHeap view, @Nullable RowBitmap allowed) {
    candidates.add(estimate, node);
    keep(node, estimate, allowed, view);
  }

  /** Keeps a node's row and its twins, as far as they are allowed and there is room. */
  private void keep(int node, float distance, @Nullable RowBitmap allowed, NearestHeap into) {
    for (int row = node; row >= 0; row = file.nextTwin(row)) {
      // Twins ascend by row, so that where one is too many, the next ones are too.
      if ((allowed == null || allowed.get(row)) && !into.offer(distance, row)) {
        return;
      }
    }
  }

  /** The nearest of those allowed rows, {@code effort} of them, whose codes are nearest. */
  Neighbors nearestByCodes(int effort) {
    RowBitmap allowed = query().allowed();
    NearestHeap view = new NearestHeap(Math.min(effort, query().allowedCount()));
    int row = -1;
    boolean more = true;
    while (more) {
      int n = 0;
      while (more && n < BATCH) {
        row = allowed == null ? row + 1 : allowed.next(row + 1);
        more = row >= 0 && row < file.rows();
        if (more) {
          rows[n++] = row;
        }
      }
      scan().to(rows, n, estimates);
      for (int i = 0; i < n; i++) {
        view.offer(estimates[i], rows[i]);
      }
    }
    int[] chosen = view.drain().rows();
    // In the order of the file, which costs a disk least.
    Arrays.sort(chosen);
    NearestHeap found = new NearestHeap(chosen.length);
    int width = DiskParameters.beamWidth(query().params());
    for (int first = 0; first < chosen.length; first += width) {
      int n = Math.min(width, chosen.length - first);
      System.arraycopy(chosen, first, beam, 0, n);
      read(n);
      for (int i = 0; i < n; i++) {
        found.offer(beamDistances[i], beam[i]);
      }
    }
    return found.drain();
  }
}
