package io.elanus.app.rag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.rag.policy.Rule;
import io.elanus.rag.rerank.RerankConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class RetrieveSettingsTest {
  private static RagSettings read(String yaml) {
    return RagSettings.of(new Load(LoadSettings.builder().build()).loadFromString(yaml));
  }

  @Test
  void nothingBindsNobodyAndRemembersInMemory() {
    RagSettings settings = RagSettings.DEFAULT;
    assertThat(settings.policy().rules()).isEmpty();
    assertThat(settings.search().collection()).isEqualTo("documents");
    assertThat(settings.search().reranker()).isEmpty();
    assertThat(settings.search().redis()).isEmpty();
    assertThat(settings.search().cache().orElseThrow().bytesMax()).isEqualTo(64 << 20);
  }

  @Test
  void whatTheManualShowsIsRead(@TempDir Path folder) throws IOException {
    Path password = Files.writeString(folder.resolve("password"), "secret\n");
    RagSettings settings =
        read(
            """
            search:
              collection: manuals
              reranker: {url: "http://127.0.0.1:8080/rerank", shape: cohere, model: m, candidates: 20, batch: 8, timeout: 250ms}
              cache:
                memory: 1MiB
                redis: {host: 127.0.0.1, port: 6380, password-file: "%s", timeout: 50ms, prefix: "p:"}
                redis-life: 5m
                prefetch: false
                warm-up: questions.jsonl
            policy:
              mandatory-filters:
                - principal: "*"
                  except: [root]
                  collection: "*"
                  filter: {tenant: "${caller.tenant}", department: "${caller.departments[]}"}
                  stamp: {tags: [t], metadata: {tenant: "${caller.tenant}"}}
                - principal: root
                  filter: {}
              callers:
                alice: {tenant: acme, departments: [law, sales]}
            """
                .formatted(password));
    RerankConfig reranker = settings.search().reranker().orElseThrow();
    assertThat(reranker.shape()).isEqualTo(RerankConfig.Shape.COHERE);
    assertThat(reranker.timeout()).isEqualTo(Duration.ofMillis(250));
    assertThat(settings.search().cache().orElseThrow().sharedLife())
        .isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.search().redis().orElseThrow().password()).contains("secret");
    assertThat(settings.search().redis().orElseThrow().toString()).doesNotContain("secret");
    assertThat(settings.search().prefetch()).isFalse();
    Rule first = settings.policy().rules().getFirst();
    assertThat(first.principals()).containsExactly("*");
    assertThat(first.except()).containsExactly("root");
    assertThat(first.filter().path("tenant").textValue()).isEqualTo("${caller.tenant}");
    assertThat(first.stampTags()).containsExactly("t");
    assertThat(settings.policy().rules().getLast().principals()).containsExactly("root");
    assertThat(settings.policy().attributes())
        .isEqualTo(Map.of("alice", Map.of("tenant", "acme", "departments", "law,sales")));
  }

  @Test
  void noCacheIsAllowed() {
    assertThat(read("{search: {cache: {memory: 0}}}").search().cache()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {policy: {mandatory-filters: [{principal: a}]}}                           | needs a filter
          {policy: {mandatory-filters: [{filter: 5}]}}                              | filter must be keys and values
          {policy: {mandatory-filters: [{filter: {}, colection: x}]}}               | colection
          {policy: {mandatory-filters: [{filter: {}, stamp: {tag: [x]}}]}}          | tags and metadata
          {policy: {mandatory-filters: [{filter: {}, stamp: {metadata: 5}}]}}       | stamp.metadata
          {policy: {callers: [a]}}                                                  | callers must be keys
          {search: {reranker: {url: 'ftp://x'}}}                                    | url must be an address
          {search: {reranker: {url: 'http://x', shape: magic}}}                     | tei
          {search: {cross-encoder: {model: m.onnx}}}                                | both model and tokenizer
          {search: {cache: {redis: {hots: x}}}}                                     | hots
          {search: {cach: {}}}                                                      | cach
          """)
  void mistakesAreNamed(String yaml, String words) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(ElanusException.class)
        .hasMessageContaining(words);
  }

  @Test
  void questionsToWarmUpWithAreReadByLine(@TempDir Path folder) throws IOException {
    Path file =
        Files.write(
            folder.resolve("questions"),
            List.of(
                "{\"principal\": \"a\", \"search\": {\"query\": \"q\"}}",
                "",
                "{\"search\": {\"qery\": 1}}"));
    assertThatThrownBy(() -> WarmUp.read(file, "documents", false))
        .isInstanceOf(ElanusException.class)
        .hasMessageContainingAll("line 3", "qery");
    assertThatThrownBy(() -> WarmUp.read(folder.resolve("nothing"), "documents", false))
        .hasMessageContaining("nothing");
  }
}
