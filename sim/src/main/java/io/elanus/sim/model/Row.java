package io.elanus.sim.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One row, without its key. Vectors hold small integers, so that distances are exact. */
public record Row(String partition, long number, @Nullable String text, List<Float> vector) {
  public Row {
    vector = List.copyOf(vector);
  }

  public float distance(List<Float> to) {
    float sum = 0;
    for (int i = 0; i < vector.size(); i++) {
      float difference = vector.get(i) - to.get(i);
      sum += difference * difference;
    }
    return sum;
  }
}
