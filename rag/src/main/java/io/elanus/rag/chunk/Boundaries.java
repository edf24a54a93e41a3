package io.elanus.rag.chunk;

import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.Embedder.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where a text turns to something else: each sentence is embedded together with the ones beside it,
 * and a boundary lies where the cosine distance to the next is among the largest of the document
 * (Kamradt's percentile method, "5 levels of text splitting", 2024).
 */
final class Boundaries {
  private static final int BATCH = 64;

  /** Of so few sentences no distance is large. */
  private static final int SENTENCES_MIN = 4;

  private final Embedder embedder;
  private final int percentile;

  Boundaries(Embedder embedder, int percentile) {
    this.embedder = embedder;
    this.percentile = percentile;
  }

  /** The sentences, parted where the text turns. */
  List<List<Unit>> groups(String text, List<Unit> sentences) {
    if (sentences.size() < SENTENCES_MIN) {
      return sentences.isEmpty() ? List.of() : List.of(sentences);
    }
    double[] distances = distances(text, sentences);
    double[] sorted = distances.clone();
    Arrays.sort(sorted);
    double threshold = sorted[Math.min(sorted.length - 1, sorted.length * percentile / 100)];
    List<List<Unit>> groups = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < distances.length; i++) {
      // Where all are alike, none is a boundary.
      if (distances[i] >= threshold && distances[i] > sorted[0]) {
        groups.add(sentences.subList(from, i + 1));
        from = i + 1;
      }
    }
    groups.add(sentences.subList(from, sentences.size()));
    return groups;
  }

  /** Between each sentence's surroundings and the next one's; in memory a batch at a time. */
  private double[] distances(String text, List<Unit> sentences) {
    double[] distances = new double[sentences.size() - 1];
    float[] before = new float[0];
    for (int from = 0; from < sentences.size(); from += BATCH) {
      int to = Math.min(sentences.size(), from + BATCH);
      List<String> texts = new ArrayList<>(to - from);
      for (int i = from; i < to; i++) {
        int first = Math.max(0, i - 1);
        int last = Math.min(sentences.size() - 1, i + 1);
        texts.add(text.substring(sentences.get(first).start(), sentences.get(last).end()));
      }
      List<float[]> vectors = embedder.embed(texts, Purpose.DOCUMENT);
      for (int i = from; i < to; i++) {
        float[] vector = vectors.get(i - from);
        if (i > 0) {
          distances[i - 1] = 1 - dot(before, vector);
        }
        before = vector;
      }
    }
    return distances;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
