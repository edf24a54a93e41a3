package io.elanus.bench.embed;

import com.sun.management.OperatingSystemMXBean;
import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.Embedder.Purpose;
import io.elanus.rag.embed.cache.CachedEmbedder;
import io.elanus.rag.embed.cache.SharedVectors;
import io.elanus.rag.embed.local.LocalConfig;
import io.elanus.rag.embed.local.LocalEmbedder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * Texts of this repository's documentation: twenty words as a question, 140 as a passage. Told per
 * second of CPU time of the whole process, which a busy machine hardly changes; the kinds take
 * turns.
 */
public final class EmbeddingRate {
  private static final int QUESTION_WORDS = 20;
  private static final int PASSAGE_WORDS = 140;
  private static final int QUESTIONS = 400;
  private static final int PASSAGES = 120;
  private static final int HITS = 200_000;

  private EmbeddingRate() {}

  /** Arguments: the folder of the checkout, rounds. */
  public static void main(String[] arguments) throws IOException {
    List<String> words = words(Path.of(arguments[0]));
    List<String> questions = texts(words, QUESTION_WORDS, QUESTIONS);
    List<String> passages = texts(words, PASSAGE_WORDS, PASSAGES);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (ExecutorService threads = Executors.newFixedThreadPool(1);
        LocalEmbedder model = new LocalEmbedder(LocalConfig.MINI_LM, threads, meters);
        CachedEmbedder cached = new CachedEmbedder(model, 64 << 20, SharedVectors.NONE, meters)) {
      System.out.printf(
          Locale.ROOT,
          "%.1f tokens a question, %.1f a passage%n",
          tokens(model, questions),
          tokens(model, passages));
      cached.embed(questions, Purpose.QUERY);
      for (int round = 1; round <= Integer.parseInt(arguments[1]); round++) {
        System.out.printf(
            Locale.ROOT,
            "round %d, per CPU-second: questions one by one %.0f, eight together %.0f; passages"
                + " %.1f; questions out of the cache %.0f%n",
            round,
            rate(model, questions, 1, Purpose.QUERY, QUESTIONS),
            rate(model, questions, 8, Purpose.QUERY, QUESTIONS),
            rate(model, passages, PASSAGES, Purpose.DOCUMENT, PASSAGES),
            rate(cached, questions, 1, Purpose.QUERY, HITS));
      }
    }
  }

  private static double rate(
      Embedder embedder, List<String> texts, int together, Purpose purpose, int count) {
    long begun = cpuNanos();
    for (int done = 0; done < count; done += together) {
      int from = done % texts.size();
      embedder.embed(texts.subList(from, Math.min(texts.size(), from + together)), purpose);
    }
    return count * 1e9 / (cpuNanos() - begun);
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static double tokens(Embedder embedder, List<String> texts) {
    return texts.stream().mapToInt(embedder.tokens()::count).average().orElse(0);
  }

  private static List<String> words(Path checkout) throws IOException {
    List<String> words = new ArrayList<>();
    try (Stream<Path> files = Files.walk(checkout.resolve("docs"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".md")).sorted().toList()) {
        words.addAll(List.of(Files.readString(file).split("[^A-Za-z]+")));
      }
    }
    return words;
  }

  private static List<String> texts(List<String> words, int length, int count) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int from = (int) ((long) i * (words.size() - length) / count);
      texts.add(String.join(" ", words.subList(from, from + length)));
    }
    return texts;
  }
}
