package io.elanus.index.text;

import io.elanus.model.rows.SparseVector;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Tokens as dimensions of a sparse vector. A token's dimension is its hash, as Milvus has it:
 * CRC-32 of its first {@value #HASHED_BYTES} bytes of UTF-8. Two of n distinct tokens share one
 * with a chance of n² / 2³³ (a hundred pairs among a million tokens); they then count as one word,
 * so that a query word meets another one with a chance of n / 2³². Longer tokens that begin alike
 * are one.
 */
public final class Terms {
  private static final int HASHED_BYTES = 100;

  private Terms() {}

  /** The dimension of a token, below 2³² − 1, unsigned. */
  public static int hash(String token) {
    byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, Math.min(bytes.length, HASHED_BYTES));
    int hash = (int) crc.getValue();
    return hash == -1 ? 0 : hash;
  }

  /** How often each token occurs, by dimension. */
  public static SparseVector counts(List<String> tokens) {
    Map<Integer, Integer> counts = new HashMap<>();
    for (String token : tokens) {
      counts.merge(hash(token), 1, Integer::sum);
    }
    int[] dimensions =
        counts.keySet().stream()
            .sorted(Integer::compareUnsigned)
            .mapToInt(Integer::intValue)
            .toArray();
    float[] values = new float[dimensions.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = counts.getOrDefault(dimensions[i], 0);
    }
    return new SparseVector(dimensions, values);
  }
}
