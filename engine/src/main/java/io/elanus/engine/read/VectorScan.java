package io.elanus.engine.read;

import io.elanus.engine.segment.SealedSegment;
import io.elanus.engine.segment.SegmentKey;
import io.elanus.index.NearestHeap;
import io.elanus.index.Neighbors;
import io.elanus.index.QueryVector;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorQuery;
import io.elanus.index.chunk.CodedChunks;
import io.elanus.index.flat.ExactScan;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Metric;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Finds the nearest rows of one query over the parts of a scope: by the segment's index where it
 * has one, else exactly; then merges by distance, and answers no key twice. Indexes that are walked
 * come first: what they find is the bound within which the rows without one are looked at.
 *
 * @param minDistance only rows at or beyond it
 * @param maxDistance only rows below it
 * @param exactly whether rows without an index are measured one and all, as FLAT promises; else by
 *     codes where their chunk has some
 */
record VectorScan(
    List<Scope.Part> parts,
    Field primaryKey,
    Field vectorField,
    Metric metric,
    SearchParams params,
    float minDistance,
    float maxDistance,
    boolean exactly) {

  /**
   * Floats to measure in a part before it is worth another thread: some 200 microseconds of
   * reading, where waking a thread and waiting for it takes 20 to 50.
   */
  private static final long PARALLEL_FLOATS_MIN = 1 << 20;

  /** What a walk through an index reads, roughly: its answer takes tens of microseconds. */
  private static final long INDEX_FLOATS = 1 << 17;

  /** Floats of a row without an index in the time of one that its code stands for. */
  private static final int FLOATS_PER_CODE = 16;

  /** Types that measure every row. */
  private static final Set<String> SCANNED = Set.of("FLAT", "BIN_FLAT");

  private static final Comparator<Hit> NEAREST =
      Comparator.comparingDouble(Hit::distance)
          .thenComparing(Hit::key, SegmentKey::compare)
          .thenComparing(h -> -h.segment().insertTimestamp(h.row()));

  /**
   * What the parts answered.
   *
   * @param horizon all rows nearer than this are among the hits; a part that was cut off may have
   *     more beyond
   */
  private record Found(List<Hit> hits, float horizon) {}

  /** The nearest {@code limit} rows, nearest first. */
  List<Hit> nearest(QueryVector vector, int limit, ExecutorService threads) {
    int asked = limit;
    while (true) {
      Found found = search(vector, asked, threads);
      List<Hit> unique = unique(found, limit);
      if (unique.size() == limit || found.horizon() == Float.POSITIVE_INFINITY) {
        return unique;
      }
      // Keys stored twice crowded others out of their part's answer.
      asked *= 2;
    }
  }

  private Found search(QueryVector vector, int limit, ExecutorService threads) {
    Bound bound = new Bound(limit);
    List<List<Hit>> answers = new ArrayList<>();
    for (boolean walked : new boolean[] {true, false}) {
      List<Scope.Part> these = parts.stream().filter(part -> isWalked(part) == walked).toList();
      answers.addAll(scan(these, vector, limit, bound, threads));
    }
    List<Hit> hits = new ArrayList<>();
    float horizon = bound.worst();
    for (List<Hit> answer : answers) {
      hits.addAll(answer);
      if (answer.size() >= limit) {
        horizon = Math.min(horizon, answer.getLast().distance());
      }
    }
    hits.sort(NEAREST);
    return new Found(hits, horizon);
  }

  private List<List<Hit>> scan(
      List<Scope.Part> these, QueryVector vector, int limit, Bound bound, ExecutorService threads) {
    if (isWorthThreads(these)) {
      List<Callable<List<Hit>>> tasks = new ArrayList<>();
      for (Scope.Part part : these) {
        tasks.add(() -> scan(part, vector, limit, bound, threads));
      }
      return Parallel.parts(threads, tasks);
    }
    List<List<Hit>> answers = new ArrayList<>();
    for (Scope.Part part : these) {
      answers.add(scan(part, vector, limit, bound, threads));
    }
    return answers;
  }

  /** Whether an index leads to the near rows without measuring all. */
  private boolean isWalked(Scope.Part part) {
    VectorIndex index = part.segment().vectorIndex(vectorField);
    return index != null && !SCANNED.contains(index.type());
  }

  /** Whether more than one part takes long, or all of them together do. */
  private boolean isWorthThreads(List<Scope.Part> these) {
    long floats = 0;
    long longest = 0;
    for (Scope.Part part : these) {
      long read = floats(part);
      floats += read;
      longest = Math.max(longest, read);
    }
    return floats - longest >= PARALLEL_FLOATS_MIN;
  }

  private long floats(Scope.Part part) {
    long all = (long) part.count() * vectorField.dim();
    if (isWalked(part)) {
      return Math.min(all, INDEX_FLOATS);
    }
    boolean coded =
        !exactly
            && part.count() >= CodedChunks.ROWS
            && CodedChunks.worthwhile(vectorField.type(), vectorField.dim());
    return coded ? all / FLOATS_PER_CODE : all;
  }

  private List<Hit> scan(
      Scope.Part part, QueryVector vector, int limit, Bound bound, ExecutorService threads) {
    VectorIndex index = part.segment().vectorIndex(vectorField);
    Neighbors near =
        index == null
            ? withoutIndex(part, vector, limit, bound, threads)
            : index.search(
                query(vector, limit, part.whole() ? null : part.rows(), part.count(), maxDistance));
    List<Hit> hits = new ArrayList<>(near.size());
    for (int i = 0; i < near.size(); i++) {
      int row = near.rows()[i];
      Object key = SealedSegment.keyAt(primaryKey, part.segment(), row);
      hits.add(new Hit(key, near.distances()[i], part.segment(), row));
    }
    bound.found(hits);
    return hits;
  }

  private VectorQuery query(
      QueryVector vector, int limit, @Nullable RowBitmap rows, int count, float below) {
    return new VectorQuery(vector, limit, rows, count, minDistance, below, params);
  }

  /** Chunk by chunk: its first rows by codes as far as they have some, the others one by one. */
  private Neighbors withoutIndex(
      Scope.Part part, QueryVector vector, int limit, Bound bound, ExecutorService threads) {
    NearestHeap heap = new NearestHeap(Math.min(limit, part.count()));
    int first = 0;
    List<VectorData> chunks = part.segment().chunks(vectorField);
    for (int number = 0; number < chunks.size(); number++) {
      VectorData chunk = chunks.get(number);
      VectorIndex codes =
          exactly ? null : part.segment().chunkIndex(vectorField, number, metric, threads);
      int coded = codes == null ? 0 : codes.size();
      if (codes != null) {
        VectorQuery query = query(part, first, coded, vector, limit, bound);
        Neighbors near =
            query.allowedCount() == 0 ? Neighbors.NONE : codes.search(byCodes(query, heap.worst()));
        keep(near, first, heap);
      }
      if (coded < chunk.count()) {
        VectorData rest = coded == 0 ? chunk : chunk.slice(coded, chunk.count() - coded);
        VectorQuery query = query(part, first + coded, rest.count(), vector, limit, bound);
        Neighbors near =
            query.allowedCount() == 0
                ? Neighbors.NONE
                : ExactScan.search(rest, metric, null, query);
        keep(near, first + coded, heap);
      }
      first += chunk.count();
    }
    return heap.drain();
  }

  private static void keep(Neighbors near, int first, NearestHeap heap) {
    for (int i = 0; i < near.size(); i++) {
      heap.offer(near.distances()[i], first + near.rows()[i]);
    }
  }

  /**
   * For some rows of a part.
   *
   * @param first a multiple of 64, as is the end where others follow: words are copied
   */
  private VectorQuery query(
      Scope.Part part, int first, int count, QueryVector vector, int limit, Bound bound) {
    RowBitmap rows = new RowBitmap(count);
    System.arraycopy(part.rows().words(), first >>> 6, rows.words(), 0, rows.words().length);
    int allowed = rows.cardinality();
    float below = Math.min(maxDistance, bound.below());
    return query(vector, limit, allowed == count ? null : rows, allowed, below);
  }

  /** The user's parameters are the index's; what is not nearer than what was found is of no use. */
  private static VectorQuery byCodes(VectorQuery query, float worst) {
    return new VectorQuery(
        query.target(),
        query.limit(),
        query.allowed(),
        query.allowedCount(),
        query.minDistance(),
        Math.min(query.maxDistance(), worst),
        CodedChunks.SEARCH);
  }

  private static List<Hit> unique(Found found, int limit) {
    Set<Object> seen = new HashSet<>();
    List<Hit> unique = new ArrayList<>();
    for (Hit hit : found.hits()) {
      if (unique.size() == limit || hit.distance() > found.horizon()) {
        break;
      }
      if (seen.add(hit.key())) {
        unique.add(hit);
      }
    }
    return unique;
  }
}
