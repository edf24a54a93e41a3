package io.elanus.index.disk;

import io.elanus.index.Neighbors;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorQuery;
import io.elanus.index.flat.ExactScan;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.MappedPages;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * An open DISKANN index.
 *
 * <p>Filters: where few rows are allowed, the codes of all of them are looked at, which are in
 * memory, and the nearest {@code search_list} are read; so a filter costs no more reads than none.
 * Only a search that asks for nearly all that is allowed, or pages on to the end, reads the
 * segment's vectors.
 */
final class DiskIndex implements VectorIndex {
  private final DiskFile file;
  private final VectorData vectors;
  private final Metric metric;
  private final MappedPages pages;
  private final LongAdder nodesRead = new LongAdder();
  private final LongAdder pagesMissed = new LongAdder();
  private final ConcurrentLinkedQueue<BeamWalk> walks = new ConcurrentLinkedQueue<>();

  DiskIndex(DiskFile file, VectorData vectors, Metric metric) {
    this.file = file;
    this.vectors = vectors;
    this.metric = metric;
    this.pages = MappedPages.inNoOrder(file.pages());
  }

  @Override
  public String type() {
    return "DISKANN";
  }

  @Override
  public int size() {
    return file.rows();
  }

  @Override
  public long sizeBytes() {
    return file.sizeBytes();
  }

  /** Nodes that searches read, and how many of those were not in memory. */
  @Override
  public Map<String, Long> counters() {
    return Map.of("reads", nodesRead.sum(), "reads_from_disk", pagesMissed.sum());
  }

  @Override
  public Neighbors search(VectorQuery query) {
    if (query.allowedCount() == 0 || size() == 0) {
      return Neighbors.NONE;
    }
    BeamWalk walk = walks.poll();
    if (walk == null) {
      walk = new BeamWalk(file, vectors, metric, pages);
    }
    try {
      return nearest(walk, query);
    } catch (IndexOutOfBoundsException e) {
      // The file was not read as a whole when it was opened; nothing else gives positions here.
      throw new ElanusException(
          ErrorCode.DATA_CORRUPT, DiskFile.WHAT + " points outside its segment", e);
    } finally {
      nodesRead.add(walk.takeReads());
      pagesMissed.add(walk.takeMisses());
      walks.add(walk);
    }
  }

  private Neighbors nearest(BeamWalk walk, VectorQuery query) {
    int allowed = query.allowedCount();
    long effort = DiskParameters.searchList(query.params(), query.limit());
    walk.begin(query);
    while (effort < allowed) {
      // A walk meets about effort / share nodes, half of whose neighbours are new.
      long cost = effort * size() / allowed * file.layout().degree() / 2;
      Neighbors near = cost < allowed ? walk.nearest((int) effort, allowed) : null;
      if (near == null) {
        near = walk.nearestByCodes((int) effort);
      }
      Neighbors wanted = query.within(near);
      boolean past = near.size() > 0 && near.distances()[near.size() - 1] >= query.maxDistance();
      if (wanted.size() >= query.limit() || past) {
        return wanted;
      }
      // A page of an iterator starts beyond what was found: look farther.
      effort *= 2;
    }
    return ExactScan.search(vectors, metric, null, query);
  }
}
