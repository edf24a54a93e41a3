package io.elanus.rag.rerank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a model of two operations: the sum of a pair's token numbers, as a float. */
class OnnxRerankerTest {
  @TempDir Path folder;
  private final ExecutorService threads = Executors.newFixedThreadPool(2);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  /** Protocol Buffers, as much as a model of two nodes needs. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private void varint(long value) {
      long left = value;
      while ((left & ~0x7FL) != 0) {
        out.write((int) (left & 0x7F | 0x80));
        left >>>= 7;
      }
      out.write((int) left);
    }

    Message number(int field, long value) {
      varint(field << 3);
      varint(value);
      return this;
    }

    Message bytes(int field, byte[] value) {
      varint(field << 3 | 2);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.out.toByteArray());
    }
  }

  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  private static Message value(String name, int type, String second) {
    Message shape =
        new Message()
            .message(1, new Message().text(2, "batch"))
            .message(
                1, second.equals("1") ? new Message().number(1, 1) : new Message().text(2, second));
    Message tensor = new Message().number(1, type).message(2, shape);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  private static Message integer(String name, long value) {
    return new Message().text(1, name).number(3, value).number(20, 2);
  }

  /** scores = Cast(ReduceSum(input_ids, axes = 1)) */
  private static byte[] model(String input) {
    Message axes =
        new Message()
            .number(1, 1)
            .number(2, INT64)
            .text(8, "axes")
            .bytes(9, new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
    Message sum =
        new Message()
            .text(1, input)
            .text(1, "axes")
            .text(2, "sum")
            .text(4, "ReduceSum")
            .message(5, integer("keepdims", 1));
    Message cast =
        new Message()
            .text(1, "sum")
            .text(2, "scores")
            .text(4, "Cast")
            .message(5, integer("to", FLOAT));
    Message graph =
        new Message()
            .message(1, sum)
            .message(1, cast)
            .text(2, "graph")
            .message(5, axes)
            .message(11, value(input, INT64, "tokens"))
            .message(12, value("scores", FLOAT, "1"));
    return new Message()
        .number(1, 8)
        .message(7, graph)
        .message(8, new Message().text(1, "").number(2, 13))
        .out
        .toByteArray();
  }

  private static final String TOKENIZER =
      """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
       "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null, "decoder": null,
       "model": {"type": "WordLevel", "vocab": {"unknown": 1, "low": 2, "middle": 50, "high": 1000},
                 "unk_token": "unknown"}}
      """;

  private OnnxReranker reranker(String input, int tokensMax) throws IOException {
    Path model = Files.write(folder.resolve("model.onnx"), model(input));
    Path tokenizer = Files.writeString(folder.resolve("tokenizer.json"), TOKENIZER);
    return new OnnxReranker(new OnnxConfig(model, tokenizer, 50, tokensMax), threads);
  }

  @Test
  void pairsAreScoredInTheirOrder() throws IOException {
    try (OnnxReranker reranker = reranker("input_ids", 64)) {
      assertThat(
              reranker.scores("low", List.of("high", "low low", "middle"), Duration.ofMinutes(1)))
          .containsExactly(1002, 6, 52);
      List<String> many = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        many.add("low ".repeat(i + 1));
      }
      double[] scores = reranker.scores("high", many, Duration.ofMinutes(1));
      assertThat(Arrays.stream(scores).boxed().toList()).isSorted().hasSize(30);
      assertThat(scores[29]).isEqualTo(1060);
      assertThat(reranker.name()).startsWith("model.onnx ");
    }
  }

  @Test
  void longPassagesAreCutAndHalfCharactersDoNoHarm() throws IOException {
    try (OnnxReranker reranker = reranker("input_ids", 10)) {
      double[] scores =
          reranker.scores(
              "low", List.of("low ".repeat(100_000), "\ud800", ""), Duration.ofMinutes(1));
      assertThat(scores).containsExactly(20, 3, 2);
    }
  }

  @Test
  void filesThatAreNoModelAreToldAndAClosedOneIsDown() throws IOException {
    assertThatThrownBy(() -> reranker("something", 10)).hasMessageContaining("something");
    OnnxReranker closed = reranker("input_ids", 10);
    closed.close();
    closed.close();
    assertThatThrownBy(() -> closed.scores("low", List.of("low"), Duration.ofMinutes(1)))
        .isInstanceOf(ElanusException.class);
    Path nothing = Files.writeString(folder.resolve("nothing"), "nothing");
    assertThatThrownBy(
            () -> new OnnxReranker(new OnnxConfig(nothing, nothing, 50, 10), threads).close())
        .isInstanceOf(ElanusException.class)
        .hasMessageContaining("cannot be run");
  }
}
