package io.elanus.rag.embed.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.embed.Embedder.Purpose;
import io.elanus.rag.embed.Model;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalEmbedderTest {
  private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
  private static ExecutorService threads;
  private static LocalEmbedder embedder;

  @BeforeAll
  static void load() {
    threads = Executors.newFixedThreadPool(2);
    embedder = new LocalEmbedder(LocalConfig.MINI_LM, threads, METERS);
  }

  @AfterAll
  static void unload() {
    embedder.close();
    threads.shutdown();
  }

  @Test
  void likeSentencesLieNear() {
    List<float[]> v =
        embedder.embed(
            List.of("A cat sits on the mat.", "A kitten rests on a rug.", "Taxes rose in May."),
            Purpose.DOCUMENT);
    assertThat(dot(v.get(0), v.get(0))).isCloseTo(1, within(1e-5));
    assertThat(dot(v.get(0), v.get(1))).isGreaterThan(dot(v.get(0), v.get(2)) + 0.2);
    assertThat(v).allSatisfy(one -> assertThat(one).hasSize(384));
  }

  @Test
  void modelSaysWhatItIs() {
    Model model = embedder.model();
    assertThat(model.name()).isEqualTo("all-minilm-l6-v2-q");
    assertThat(model.dimension()).isEqualTo(384);
    assertThat(model.tokensMax()).isEqualTo(254);
    assertThat(model.version()).matches("[0-9a-f]{16}");
  }

  /** Weights of 8 bits round a batch's activations together: near, not the same. */
  @Test
  void vectorsStandAtTheirTextsWhateverTheBatch() {
    Random random = new Random(7);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      texts.add(("subject " + i + " is ") + "very ".repeat(random.nextInt(60)) + "number " + i * i);
    }
    List<float[]> together = embedder.embed(texts, Purpose.DOCUMENT);
    for (int i = 0; i < texts.size(); i++) {
      float[] alone = embedder.embed(List.of(texts.get(i)), Purpose.DOCUMENT).getFirst();
      assertThat(dot(alone, together.get(i))).as(texts.get(i)).isGreaterThan(0.97);
    }
  }

  @Test
  void manyThreadsGetWhatOneGets() throws Exception {
    List<String> texts = List.of("the wing of an aeroplane", "how to bake bread");
    List<float[]> expected = embedder.embed(texts, Purpose.QUERY);
    List<Future<List<float[]>>> asked = new ArrayList<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        asked.add(callers.submit(() -> embedder.embed(texts, Purpose.QUERY)));
      }
    }
    for (Future<List<float[]>> one : asked) {
      assertThat(one.get().get(0)).isEqualTo(expected.get(0));
      assertThat(one.get().get(1)).isEqualTo(expected.get(1));
    }
  }

  @Test
  void longTextsAreCutAndCounted() {
    double before = truncated();
    String head = "the boundary layer of a flat plate ".repeat(60);
    List<float[]> v =
        embedder.embed(
            List.of(head, head + "something else entirely ".repeat(1000), "short"),
            Purpose.DOCUMENT);
    assertThat(dot(v.get(0), v.get(1))).isGreaterThan(0.97);
    assertThat(truncated() - before).isEqualTo(2);
  }

  private static double truncated() {
    return METERS
        .get("elanus_rag_embed_truncated_texts")
        .tag("model", LocalConfig.MINI_LM.name())
        .counter()
        .count();
  }

  @Test
  void emptyTextsAreRefusedByPlace() {
    assertThatThrownBy(() -> embedder.embed(List.of("a", " "), Purpose.QUERY))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessage("text 2 of 2 is empty and has no vector");
    assertThat(embedder.embed(List.of(), Purpose.QUERY)).isEmpty();
  }

  @Test
  void anyTextIsTaken() {
    List<String> odd =
        List.of(
            "\uD800 half a pair", "nul \0 inside", "\u200B\u200D", "🧑‍🚀".repeat(400), "\uDC00");
    assertThat(embedder.embed(odd, Purpose.DOCUMENT))
        .hasSize(odd.size())
        .allSatisfy(v -> assertThat(dot(v, v)).isCloseTo(1, within(1e-4)));
  }

  @Test
  void filesThatAreNoModelAreRefusedWithTheirName(@TempDir Path folder) throws IOException {
    Path model = Files.writeString(folder.resolve("broken.onnx"), "no model");
    Path tokenizer = folder.resolve("tokenizer.json");
    assertThatThrownBy(() -> own(model, tokenizer))
        .isInstanceOf(ElanusException.class)
        .hasMessageContaining(tokenizer.toString());
    Files.writeString(tokenizer, "{}");
    assertThatThrownBy(() -> own(model, tokenizer))
        .isInstanceOf(ElanusException.class)
        .hasMessageContaining("tokenizer of the embedding model broken cannot be read");
    Files.write(tokenizer, ModelBytes.read(LocalConfig.MINI_LM).tokenizer());
    assertThatThrownBy(() -> own(model, tokenizer))
        .isInstanceOf(ElanusException.class)
        .hasMessageContaining("embedding model broken cannot be run");
  }

  @Test
  void ownFilesGiveTheSameVectorsAndAnotherPoolingAnotherVersion(@TempDir Path folder)
      throws IOException {
    ModelBytes bytes = ModelBytes.read(LocalConfig.MINI_LM);
    Path model = Files.write(folder.resolve("mine.onnx"), bytes.model());
    Path tokenizer = Files.write(folder.resolve("tokenizer.json"), bytes.tokenizer());
    try (LocalEmbedder own = own(model, tokenizer);
        LocalEmbedder first =
            new LocalEmbedder(
                config(model, tokenizer, LocalConfig.Pooling.FIRST), threads, METERS)) {
      assertThat(own.model().version()).isEqualTo(embedder.model().version());
      float[] a = own.embed(List.of("one text"), Purpose.QUERY).getFirst();
      assertThat(a).isEqualTo(embedder.embed(List.of("one text"), Purpose.QUERY).getFirst());
      assertThat(first.model().version()).isNotEqualTo(own.model().version());
      assertThat(first.embed(List.of("one text"), Purpose.QUERY).getFirst()).isNotEqualTo(a);
    }
  }

  private static LocalEmbedder own(Path model, Path tokenizer) {
    return new LocalEmbedder(config(model, tokenizer, LocalConfig.Pooling.MEAN), threads, METERS);
  }

  private static LocalConfig config(Path model, Path tokenizer, LocalConfig.Pooling pooling) {
    return new LocalConfig(
        "broken", Optional.of(new LocalConfig.Files(model, tokenizer)), 256, pooling, "", "", 1000);
  }

  @Test
  void closedIsSaidNotCrashed() {
    LocalEmbedder closed = new LocalEmbedder(LocalConfig.MINI_LM, threads, METERS);
    closed.close();
    closed.close();
    assertThatThrownBy(() -> closed.embed(List.of("late"), Purpose.QUERY))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY));
    assertThatThrownBy(() -> closed.tokens().count("late")).isInstanceOf(ElanusException.class);
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += (double) a[d] * b[d];
    }
    return sum;
  }
}
