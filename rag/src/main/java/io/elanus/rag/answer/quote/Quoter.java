package io.elanus.rag.answer.quote;

import io.elanus.model.error.ElanusException;
import io.elanus.rag.embed.Embedder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Chooses sentences: near to the question by the cosine of their vectors and by the words they
 * share (weighted as BM25 does, over the sentences at hand), unlike those chosen before (maximal
 * marginal relevance, Carbonell and Goldstein 1998), in the documents' order.
 */
public final class Quoter {
  /** Sentences whose vectors are asked for: a fifth of a second of one core. */
  private static final int EMBEDDED_MAX = 48;

  private static final int WORDS_MIN = 3;
  private static final double COSINE_WEIGHT = 0.65;
  private static final double WORDS_WEIGHT = 0.25;
  private static final double RANK_WEIGHT = 0.10;
  private static final double LAMBDA = 0.75;

  /** Sentences that score less than this share of the best are not worth their place. */
  private static final double BEST_SHARE = 0.7;

  /** What a heading, a row of a table or a line of code is worth beside a whole sentence. */
  private static final double FRAGMENT_SHARE = 0.6;

  private static final Pattern WHOLE = Pattern.compile("(?s).*[.!?…。！？][)\\]\"'”’»*_`]*");

  private static final float[][] NO_VECTORS = {};
  private static final double BM25_K1 = 1.2;
  private static final double BM25_B = 0.75;

  private final Embedder embedder;

  public Quoter(Embedder embedder) {
    this.embedder = embedder;
  }

  /**
   * @param quotes in the passages' order, and in a passage in the text's
   * @param degraded why vectors had no part in it; empty where they had
   */
  public record Quoted(List<Quote> quotes, String degraded) {}

  private record Candidate(int passage, Span span, String text, List<String> words, double bm25) {}

  /**
   * @param passages best first
   * @param most sentences
   */
  public Quoted quote(String question, List<String> passages, int most) {
    List<Candidate> candidates = candidates(question, passages);
    if (candidates.isEmpty()) {
      return new Quoted(List.of(), "");
    }
    float[][] vectors = NO_VECTORS;
    String degraded = "";
    try {
      vectors = vectors(question, candidates);
    } catch (ElanusException e) {
      degraded = "sentences were chosen by their words alone: " + e.getMessage();
    }
    double[] scores = scores(candidates, vectors, passages.size());
    List<Quote> quotes = new ArrayList<>();
    for (int index : chosen(candidates, vectors, scores, most)) {
      Candidate one = candidates.get(index);
      quotes.add(new Quote(one.passage, one.span, scores[index]));
    }
    quotes.sort(
        Comparator.comparingInt(Quote::passage)
            .thenComparingInt((Quote quote) -> quote.span().start()));
    return new Quoted(List.copyOf(quotes), degraded);
  }

  /** At most {@value #EMBEDDED_MAX}, those that share most words with the question first. */
  private static List<Candidate> candidates(String question, List<String> passages) {
    List<Candidate> all = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int passage = 0; passage < passages.size(); passage++) {
      String text = passages.get(passage);
      for (Span span : Sentences.of(text)) {
        String sentence = span.of(text);
        List<String> words = Words.of(sentence);
        // Chunks that overlap have sentences in common.
        if (words.size() >= WORDS_MIN && seen.add(sentence)) {
          all.add(new Candidate(passage, span, sentence, words, 0));
        }
      }
    }
    List<Candidate> weighed = weighed(question, all);
    weighed.sort(
        Comparator.comparingDouble((Candidate one) -> -one.bm25)
            .thenComparingInt(Candidate::passage)
            .thenComparingInt(one -> one.span.start()));
    return weighed.subList(0, Math.min(EMBEDDED_MAX, weighed.size()));
  }

  /** With BM25 (Robertson and Zaragoza 2009) over these sentences, 1 for the best of them. */
  private static List<Candidate> weighed(String question, List<Candidate> all) {
    Set<String> asked = new HashSet<>(Words.of(question));
    Map<String, Integer> holders = new HashMap<>();
    double length = 0;
    for (Candidate one : all) {
      length += one.words.size();
      for (String word : new HashSet<>(one.words)) {
        holders.merge(word, 1, Integer::sum);
      }
    }
    double mean = length / Math.max(1, all.size());
    double best = 0;
    double[] weights = new double[all.size()];
    for (int i = 0; i < weights.length; i++) {
      List<String> words = all.get(i).words;
      for (String word : asked) {
        long times = words.stream().filter(word::equals).count();
        int n = holders.getOrDefault(word, 0);
        double rarity = Math.log(1 + (all.size() - n + 0.5) / (n + 0.5));
        double norm = BM25_K1 * (1 - BM25_B + BM25_B * words.size() / mean);
        weights[i] += rarity * times * (BM25_K1 + 1) / (times + norm);
      }
      best = Math.max(best, weights[i]);
    }
    List<Candidate> weighed = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      Candidate one = all.get(i);
      double share = best == 0 ? 0 : weights[i] / best;
      weighed.add(new Candidate(one.passage, one.span, one.text, one.words, share));
    }
    return weighed;
  }

  /** The question's last. */
  private float[][] vectors(String question, List<Candidate> candidates) {
    List<float[]> vectors =
        new ArrayList<>(
            embedder.embed(
                candidates.stream().map(Candidate::text).toList(), Embedder.Purpose.DOCUMENT));
    vectors.add(embedder.embed(List.of(question), Embedder.Purpose.QUERY).getFirst());
    return vectors.toArray(float[][]::new);
  }

  private static double[] scores(List<Candidate> candidates, float[][] vectors, int passages) {
    double[] scores = new double[candidates.size()];
    for (int i = 0; i < scores.length; i++) {
      Candidate one = candidates.get(i);
      double cosine = vectors.length == 0 ? one.bm25 : dot(vectors[i], vectors[scores.length]);
      double rank = 1 - one.passage / (double) passages;
      double score = COSINE_WEIGHT * cosine + WORDS_WEIGHT * one.bm25 + RANK_WEIGHT * rank;
      // A heading is often nearest to a question, and answers none.
      scores[i] = WHOLE.matcher(one.text).matches() ? score : FRAGMENT_SHARE * score;
    }
    return scores;
  }

  private static List<Integer> chosen(
      List<Candidate> candidates, float[][] vectors, double[] scores, int most) {
    List<Integer> chosen = new ArrayList<>();
    double floor = Double.NEGATIVE_INFINITY;
    while (chosen.size() < most) {
      int best = -1;
      double bestValue = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < scores.length; i++) {
        if (chosen.contains(i) || scores[i] < floor) {
          continue;
        }
        double likeness = 0;
        for (int other : chosen) {
          likeness = Math.max(likeness, likeness(candidates, vectors, i, other));
        }
        double value = LAMBDA * scores[i] - (1 - LAMBDA) * likeness;
        if (value > bestValue) {
          bestValue = value;
          best = i;
        }
      }
      if (best < 0) {
        return chosen;
      }
      if (chosen.isEmpty()) {
        floor = scores[best] * BEST_SHARE;
      }
      chosen.add(best);
    }
    return chosen;
  }

  private static double likeness(List<Candidate> candidates, float[][] vectors, int i, int j) {
    if (vectors.length > 0) {
      return dot(vectors[i], vectors[j]);
    }
    Set<String> both = new HashSet<>(candidates.get(i).words);
    Set<String> either = new HashSet<>(both);
    either.addAll(candidates.get(j).words);
    both.retainAll(new HashSet<>(candidates.get(j).words));
    return both.size() / (double) either.size();
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += (double) a[d] * b[d];
    }
    return sum;
  }
}
