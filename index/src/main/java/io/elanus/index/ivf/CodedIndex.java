package io.elanus.index.ivf;

import io.elanus.index.Neighbors;
import io.elanus.index.QueryVector;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorQuery;
import io.elanus.index.distance.Scorer;
import io.elanus.index.flat.ExactScan;
import io.elanus.index.recall.Efforts;
import io.elanus.index.recall.RecallProbe;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.Metric;

/**
 * Open inverted lists of codes. {@link ListWalk} says how many are read; where few rows are allowed
 * they are scanned exactly, which costs no more then and finds all.
 */
final class CodedIndex implements VectorIndex, RecallProbe {
  /** Codes looked at in the time of one row measured by its vector, roughly. */
  private static final double CODES_PER_VECTOR = 12;

  /** Under a filter, eligible rows met for each row wanted, at least. */
  private static final long ELIGIBLE_PER_ROW = 20;

  private final CodedFile file;
  private final VectorData vectors;
  private final Metric metric;
  private final Efforts efforts;

  CodedIndex(CodedFile file, VectorData vectors, Metric metric) {
    this.file = file;
    this.vectors = vectors;
    this.metric = metric;
    this.efforts = IvfParameters.efforts(file.lists().count(), file.curve());
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
    double part = (double) query.allowedCount() / size();
    int nprobe = IvfParameters.nprobe(query.params(), efforts, query.limit(), part);
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
    CodeSearch search = new CodeSearch(file, vectors, metric, query, measuredMax(query));
    ListWalk.walk(
        ListWalk.byDistance(search.toCentroids()),
        nprobe,
        wanted,
        query.maxDistance() != Float.POSITIVE_INFINITY,
        search);
    return search.finish();
  }

  private int measuredMax(VectorQuery query) {
    return file.kind() == CodedFile.Kind.SCANN
        ? IvfParameters.reorderK(query.params())
        : (int) Math.min(size(), Math.ceil(IvfParameters.refineK(query.params()) * query.limit()));
  }

  @Override
  public void search(Asked asked, int[] efforts, Answers answers) {
    float none = Float.NEGATIVE_INFINITY;
    // Lists do not lead to one another, so that a row may be met and left out of the answer.
    int more = asked.allowed() == null ? 1 : 0;
    VectorQuery query =
        new VectorQuery(
            asked.vector(),
            asked.limit() + more,
            asked.allowed(),
            asked.allowedCount() + more,
            none,
            -none,
            SearchParams.NONE);
    CodeSearch search = new CodeSearch(file, vectors, metric, query, measuredMax(query));
    int[] near = ListWalk.byDistance(search.toCentroids()).nearest(file.lists().count());
    int read = 0;
    for (int effort : efforts) {
      while (read < Math.min(effort, near.length)) {
        search.list(near[read++]);
      }
      Neighbors found = search.found().without(asked.absent(), asked.limit());
      if (!answers.next(file.refining() == null ? found : exact(asked.vector(), found))) {
        return;
      }
    }
  }

  /** In the same order, which is that of the codes. */
  private Neighbors exact(QueryVector vector, Neighbors near) {
    float[] distances = new float[near.size()];
    Scorer.of(metric, vectors, null).query(vector).to(near.rows(), near.size(), distances);
    return new Neighbors(near.rows(), distances);
  }
}
