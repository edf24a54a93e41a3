package io.elanus.bench.sparse;

import io.elanus.index.NearestHeap;
import io.elanus.index.Neighbors;
import io.elanus.index.sparse.SparseRows;
import io.elanus.model.rows.SparseVector;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A term at a time: float32 values on the heap, one sum per row of the segment, the best of all. As
 * plain as it can be without being slow on purpose.
 */
final class PlainPostings {
  private record Postings(int[] rows, float[] values) {}

  private final Map<Integer, Postings> byTerm = new HashMap<>();
  private final float[] sums;

  PlainPostings(SparseRows rows) {
    sums = new float[rows.count()];
    Map<Integer, Integer> counts = new HashMap<>();
    for (int entry = 0; entry < rows.entries(); entry++) {
      counts.merge(rows.index(entry), 1, Integer::sum);
    }
    counts.forEach((term, n) -> byTerm.put(term, new Postings(new int[n], new float[n])));
    Map<Integer, Integer> next = new HashMap<>();
    for (int row = 0; row < rows.count(); row++) {
      for (int entry = rows.start(row); entry < rows.start(row + 1); entry++) {
        Postings postings = Objects.requireNonNull(byTerm.get(rows.index(entry)));
        int at = next.merge(rows.index(entry), 1, Integer::sum) - 1;
        postings.rows[at] = row;
        postings.values[at] = rows.value(entry);
      }
    }
  }

  Neighbors search(SparseVector query, int limit) {
    Arrays.fill(sums, 0);
    for (int i = 0; i < query.size(); i++) {
      Postings postings = byTerm.get(query.indices()[i]);
      if (postings != null) {
        float weight = query.values()[i];
        int[] rows = postings.rows;
        float[] values = postings.values;
        for (int at = 0; at < rows.length; at++) {
          sums[rows[at]] += weight * values[at];
        }
      }
    }
    NearestHeap heap = new NearestHeap(limit);
    float worst = heap.worst();
    for (int row = 0; row < sums.length; row++) {
      if (sums[row] > 0 && -sums[row] < worst) {
        heap.offer(-sums[row], row);
        worst = heap.worst();
      }
    }
    return heap.drain();
  }
}
