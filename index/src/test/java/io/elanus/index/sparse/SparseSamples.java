package io.elanus.index.sparse;

import io.elanus.model.rows.SparseVector;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Rows whose dimensions are met as Zipf says, spread over all 2³² − 1 of them. */
final class SparseSamples {
  private SparseSamples() {}

  static List<SparseVector> vectors(int count, int vocabulary, int about, long seed) {
    Random random = new Random(seed);
    List<SparseVector> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(vector(random, vocabulary, about));
    }
    return all;
  }

  static SparseVector vector(Random random, int vocabulary, int about) {
    int n = random.nextInt(2 * about + 1);
    int[] ranks =
        random
            .doubles(n)
            .mapToInt(d -> (int) Math.min(vocabulary - 1, 2 * Math.pow(vocabulary / 2.0, d) - 2))
            .distinct()
            .toArray();
    // Odd multiplier: distinct stay distinct, and many have the sign bit.
    int[] indices =
        java.util.Arrays.stream(ranks)
            .map(rank -> (rank * 0x9E3779B1) ^ Integer.MIN_VALUE)
            .sorted()
            .map(i -> i ^ Integer.MIN_VALUE)
            .toArray();
    float[] values = new float[indices.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(20) == 0 ? 0 : (float) Math.exp(0.6 * random.nextGaussian());
    }
    return new SparseVector(indices, values);
  }

  static SparseRows rows(List<SparseVector> vectors, Arena arena) {
    int entries = vectors.stream().mapToInt(SparseVector::size).sum();
    MemorySegment starts = arena.allocate(4L * (vectors.size() + 1), 64);
    MemorySegment indices = arena.allocate(Math.max(4, 4L * entries), 64);
    MemorySegment values = arena.allocate(Math.max(4, 4L * entries), 64);
    int at = 0;
    for (int row = 0; row < vectors.size(); row++) {
      SparseVector v = vectors.get(row);
      MemorySegment.copy(v.indices(), 0, indices, ValueLayout.JAVA_INT, 4L * at, v.size());
      MemorySegment.copy(v.values(), 0, values, ValueLayout.JAVA_FLOAT, 4L * at, v.size());
      at += v.size();
      starts.set(ValueLayout.JAVA_INT, 4L * (row + 1), at);
    }
    return new SparseRows(starts, indices, values, vectors.size());
  }

  /** The inner product by looking for every dimension, in the order of the row. */
  static double score(SparseVector query, SparseVector row) {
    double sum = 0;
    for (int i = 0; i < row.size(); i++) {
      for (int j = 0; j < query.size(); j++) {
        if (row.indices()[i] == query.indices()[j]) {
          sum += (double) query.values()[j] * row.values()[i];
        }
      }
    }
    return sum;
  }
}
