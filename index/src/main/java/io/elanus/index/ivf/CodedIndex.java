package io.elanus.index.ivf;

import io.elanus.index.Neighbors;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorQuery;
import io.elanus.index.flat.ExactScan;
import io.elanus.model.schema.Metric;

/**
 * Open inverted lists of codes. {@link ListWalk} says how many are read; where few rows are allowed
 * they are scanned exactly, which costs no more then and finds all.
 */
final class CodedIndex implements VectorIndex {
  /** Codes looked at in the time of one row measured by its vector, roughly. */
  private static final double CODES_PER_VECTOR = 12;

  /** Under a filter, eligible rows met for each row wanted, at least. */
  private static final long ELIGIBLE_PER_ROW = 20;

  private final CodedFile file;
  private final VectorData vectors;
  private final Metric metric;

  CodedIndex(CodedFile file, VectorData vectors, Metric metric) {
    this.file = file;
    this.vectors = vectors;
    this.metric = metric;
  }

  @Override
  public String type() {
    return file.kind().name();
  }

  @Override
  public int size() {
    return vectors.count();
  }

  @Override
  public long sizeBytes() {
    return file.sizeBytes();
  }

  @Override
  public Neighbors search(VectorQuery query) {
    if (query.allowedCount() == 0 || size() == 0) {
      return Neighbors.NONE;
    }
    int nprobe = IvfParameters.nprobe(query.params());
    double share = Math.min(1, (double) nprobe / file.lists().count());
    double allowed = query.allowedCount();
    long wanted = 0;
    if (query.allowed() != null || query.minDistance() != Float.NEGATIVE_INFINITY) {
      wanted = Math.max((long) Math.ceil(share * allowed), ELIGIBLE_PER_ROW * query.limit());
      // To meet so many, a walk looks at so many times the rows as there are for each allowed one.
      boolean scanIsCheaper = allowed * allowed * CODES_PER_VECTOR <= (double) wanted * size();
      if (query.allowed() != null && (allowed <= wanted || scanIsCheaper)) {
        return ExactScan.search(vectors, metric, null, query);
      }
    }
    int measuredMax =
        file.kind() == CodedKind.SCANN
            ? IvfParameters.reorderK(query.params())
            : (int)
                Math.min(size(), Math.ceil(IvfParameters.refineK(query.params()) * query.limit()));
    CodeSearch search = new CodeSearch(file, vectors, metric, query, measuredMax);
    ListWalk.walk(
        ListWalk.byDistance(search.toCentroids()),
        nprobe,
        wanted,
        query.maxDistance() != Float.POSITIVE_INFINITY,
        search);
    return search.finish();
  }
}
