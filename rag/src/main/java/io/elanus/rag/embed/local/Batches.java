package io.elanus.rag.embed.local;

import io.elanus.rag.embed.local.LocalEmbedder.Placed;
import java.util.ArrayList;
import java.util.List;

/**
 * Which texts run together. A batch saves the cost of a run (0.3 ms of 3 for a short text) and pays
 * for it in padding and in caches that its values no longer fit: it holds texts of like lengths,
 * and few tokens in all.
 */
final class Batches {
  private static final int TEXTS_MAX = 8;
  private static final int TOKENS_MAX = 192;

  private Batches() {}

  static List<List<Placed>> of(List<Placed> texts) {
    List<Placed> sorted = new ArrayList<>(texts);
    sorted.sort(Placed.BY_LENGTH.reversed());
    List<List<Placed>> batches = new ArrayList<>();
    for (int from = 0; from < sorted.size(); ) {
      int longest = sorted.get(from).encoded().length();
      int size = Math.clamp(TOKENS_MAX / longest, 1, TEXTS_MAX);
      int to = Math.min(sorted.size(), from + size);
      batches.add(List.copyOf(sorted.subList(from, to)));
      from = to;
    }
    return batches;
  }
}
