package io.elanus.bench.sparse;

import io.elanus.index.sparse.SparseRows;
import io.elanus.model.rows.SparseVector;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Rows and queries that are made up, after what is known of real ones: terms are met as Zipf says,
 * half of a row's come from one or two of 200 topics, and weights are log-normal.
 *
 * @param rows shape [count]
 * @param queries held out
 */
public record SparseSet(SparseRows rows, List<SparseVector> queries) {
  private static final int TOPICS = 200;

  /**
   * @param vocabulary dimensions
   * @param rowTerms entries of a row, about
   * @param queryTerms entries of a query, about
   * @param rarity whether a rarer term weighs more in a query, as in BM25
   */
  public record Shape(int vocabulary, int rowTerms, int queryTerms, boolean rarity) {
    /** As learned sparse embeddings (SPLADE) are: 30,522 dimensions, queries expanded. */
    public static final Shape LEARNED = new Shape(30_522, 120, 32, false);

    /** As words are: few in a query, rare ones weighing more. */
    public static final Shape WORDS = new Shape(200_000, 60, 6, true);
  }

  public static SparseSet make(Shape shape, int count, int queryCount, long seed, Arena arena) {
    Random random = new Random(seed);
    int[][] topics = new int[TOPICS][];
    for (int t = 0; t < TOPICS; t++) {
      topics[t] = random.ints(2_000, 0, shape.vocabulary).toArray();
    }
    List<SparseVector> all = new ArrayList<>();
    long entries = 0;
    for (int row = 0; row < count; row++) {
      SparseVector vector = vector(shape, shape.rowTerms, topics, random, false);
      all.add(vector);
      entries += vector.size();
    }
    List<SparseVector> queries = new ArrayList<>();
    for (int q = 0; q < queryCount; q++) {
      queries.add(vector(shape, shape.queryTerms, topics, random, shape.rarity));
    }
    return new SparseSet(pack(all, Math.toIntExact(entries), arena), queries);
  }

  private static SparseRows pack(List<SparseVector> all, int entries, Arena arena) {
    MemorySegment starts = arena.allocate(4L * (all.size() + 1), 64);
    MemorySegment indices = arena.allocate(4L * entries, 64);
    MemorySegment values = arena.allocate(4L * entries, 64);
    int at = 0;
    for (int row = 0; row < all.size(); row++) {
      SparseVector v = all.get(row);
      starts.set(ValueLayout.JAVA_INT, 4L * row, at);
      MemorySegment.copy(v.indices(), 0, indices, ValueLayout.JAVA_INT, 4L * at, v.size());
      MemorySegment.copy(v.values(), 0, values, ValueLayout.JAVA_FLOAT, 4L * at, v.size());
      at += v.size();
    }
    starts.set(ValueLayout.JAVA_INT, 4L * all.size(), at);
    return new SparseRows(starts, indices, values, all.size());
  }

  private static SparseVector vector(
      Shape shape, int about, int[][] topics, Random random, boolean rarity) {
    int wanted = Math.max(1, (int) (about * Math.exp(0.3 * random.nextGaussian())));
    int[] mine = topics[random.nextInt(TOPICS)];
    int[] other = topics[random.nextInt(TOPICS)];
    int[] terms = new int[wanted];
    for (int i = 0; i < wanted; i++) {
      double kind = random.nextDouble();
      terms[i] =
          kind < 0.5
              ? zipf(shape.vocabulary, random)
              : (kind < 0.85 ? mine : other)[zipf(mine.length, random)];
    }
    terms = Arrays.stream(terms).sorted().distinct().toArray();
    float[] weights = new float[terms.length];
    for (int i = 0; i < terms.length; i++) {
      weights[i] = (float) Math.exp(0.6 * random.nextGaussian() - 0.5);
      if (rarity) {
        weights[i] *= (float) Math.log1p(terms[i]);
      }
    }
    return new SparseVector(terms, weights);
  }

  /** A rank below n; rank r about as often as 1 / (r + 2). */
  private static int zipf(int n, Random random) {
    return (int) Math.min(n - 1, 2 * Math.pow(n / 2.0 + 1, random.nextDouble()) - 2);
  }
}
