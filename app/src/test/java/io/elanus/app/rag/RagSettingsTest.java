package io.elanus.app.rag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.rag.embed.local.LocalConfig;
import io.elanus.rag.embed.remote.RemoteConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  @Test
  void furtherModelsAreReadByTheirNames() {
    RagSettings settings =
        read(
            """
            rag:
              embedders:
                - name: prefixed
                  document-prefix: "passage: "
              reembedding: {shadow-share: 0.5, texts-per-second: 7}
            """);
    assertThat(settings.embedders()).extracting(EmbedderSettings::name).containsExactly("prefixed");
    assertThat(settings.reembedding().shadowShare()).isEqualTo(0.5);
    assertThat(settings.reembedding().textsPerSecond()).isEqualTo(7);
  }

  @Test
  void aProviderElsewhereIsRead(@TempDir Path folder) throws IOException {
    Path key = Files.writeString(folder.resolve("key"), "sk-secret\n");
    EmbedderSettings embedder =
        read("""
                rag:
                  embedder:
                    provider: openai
                    base-url: http://localhost:11434/v1
                    model: nomic-embed-text
                    dimension: 768
                    tokens-max: 2048
                    api-key-file: %s
                    requests-per-minute: 100
                    answer-timeout: 5s
                    memory: 8MiB
                    redis:
                      host: localhost
                      timeout: 20ms
                """
                .formatted(key))
            .embedder();
    RemoteConfig remote = embedder.remote().orElseThrow();
    assertThat(remote.base()).hasToString("http://localhost:11434/v1");
    assertThat(remote.dimension()).isEqualTo(768);
    assertThat(remote.limits().requestsPerMinute()).isEqualTo(100);
    assertThat(remote.waits().answer()).isEqualTo(Duration.ofSeconds(5));
    assertThat(embedder.cacheBytes()).isEqualTo(8 << 20);
    assertThat(embedder.redis().orElseThrow().timeout()).isEqualTo(Duration.ofMillis(20));
    assertThat(embedder.toString()).doesNotContain("sk-secret");
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
        "{embedder: {provider: open}} | rag.embedder.provider must be one of [local, openai, cohere], got open",
        "{embedder: {provider: openai}} | rag.embedder: a provider elsewhere needs model",
        "{embedder: {provider: openai, model: m}} | rag.embedder: a provider elsewhere needs dimension",
        "{embedder: {provider: openai, model: m, dimension: 0}} | dimension must be a number from 1 to 32768, got 0",
        "{embedder: {provider: openai, model: m, dimension: 3, base-url: localhost}} | must be a URL such as",
        "{embedder: {provider: openai, model: m, dimension: 3, threads: 2}} | unknown setting rag.embedder.threads",
        "{embedder: {provider: openai, api-key: sk-1}} | api-key does not belong in the configuration",
        "{embedder: {provider: openai, api-key-variable: NO_SUCH_ONE}} | the environment has no variable NO_SUCH_ONE",
        "{embedder: {provider: openai, api-key-file: /no/key}} | cannot read the file /no/key",
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
