package io.elanus.app.rag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.rag.embed.local.LocalConfig;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class RagSettingsTest {
  private static RagSettings read(String yaml) {
    Object loaded = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    return RagSettings.of(((Map<?, ?>) loaded).get("rag"));
  }

  @Test
  void nothingIsTheModelInTheBox() {
    assertThat(RagSettings.DEFAULT.embedder().local()).isEqualTo(LocalConfig.MINI_LM);
    assertThat(read("rag:")).isEqualTo(RagSettings.DEFAULT);
  }

  @Test
  void keysAreRead() {
    EmbedderSettings embedder =
        read("""
                rag:
                  embedder:
                    threads: 3
                    tokens-max: 512
                    pooling: first
                    query-prefix: "query: "
                """)
            .embedder();
    assertThat(embedder.threads()).isEqualTo(3);
    assertThat(embedder.local().tokensMax()).isEqualTo(512);
    assertThat(embedder.local().pooling()).isEqualTo(LocalConfig.Pooling.FIRST);
    assertThat(embedder.local().queryPrefix()).isEqualTo("query: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{embeder: {}} | unknown setting rag.embeder; known here are [",
        "{embedder: {thread: 1}} | unknown setting rag.embedder.thread; known here are [",
        "{embedder: 7} | rag.embedder must be keys and values, got 7",
        "{embedder: {threads: many}} | rag.embedder.threads must be a whole number from 0 to 1024, got many",
        "{embedder: {pooling: max}} | rag.embedder.pooling must be one of [mean, first], got max",
        "{embedder: {model: /no/such.onnx}} | rag.embedder: a model of your own needs both",
        "{embedder: {model: /no/such.onnx, tokenizer: /no/t.json}} | the file /no/such.onnx is not there",
        "{embedder: {name: [a]}} | rag.embedder.name must be a single value"
      })
  void mistakesAreNamed(String yaml, String sentence) {
    assertThatThrownBy(() -> read("rag: " + yaml))
        .isInstanceOf(ElanusException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void unitsAreRead() {
    Map<String, String> yaml =
        Map.of("wait", "250ms", "size", "2 MiB", "part", "0.5", "on", "true");
    String read =
        Section.read(
            "rag",
            yaml,
            s ->
                "%s %d %s %s"
                    .formatted(
                        s.duration("wait", Duration.ZERO),
                        s.bytes("size", 0),
                        s.fraction("part", 0),
                        s.flag("on", false)));
    assertThat(read).isEqualTo("PT0.25S 2097152 0.5 true");
    assertThatThrownBy(
            () -> Section.read("rag", Map.of("wait", "5"), s -> s.duration("wait", Duration.ZERO)))
        .hasMessage("rag.wait must be a time such as 250ms, 30s, 5m or 2h, got 5");
  }
}
