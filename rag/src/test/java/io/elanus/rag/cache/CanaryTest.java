package io.elanus.rag.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.Caller;
import io.elanus.model.query.Filter;
import io.elanus.rag.fixture.Library;
import io.elanus.rag.fixture.Library.Entry;
import io.elanus.rag.fixture.WordEmbedder;
import io.elanus.rag.policy.ConfiguredFilters;
import io.elanus.rag.policy.MandatoryFilters;
import io.elanus.rag.policy.Rule;
import io.elanus.rag.rerank.Reranker;
import io.elanus.rag.retrieve.Found;
import io.elanus.rag.retrieve.Passage;
import io.elanus.rag.retrieve.Question;
import io.elanus.rag.retrieve.Question.Mode;
import io.elanus.rag.retrieve.SearchRetriever;
import io.elanus.rag.retrieve.Tuning;
import io.elanus.testkit.oracle.OracleDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/**
 * Two tenants in the same documents, chunk by chunk, even under the same keys. Whatever one asks,
 * and whatever the other asked before, nothing of the other's is in an answer or before a reranker.
 */
class CanaryTest {
  private static final Map<String, String> CANARIES =
      Map.of("red", "rubycanary", "blue", "sapphirecanary");

  private final OracleDatabase database = new OracleDatabase(InstantSource.system());
  private final List<String> shown = new ArrayList<>();

  private final Reranker reranker =
      new Reranker() {
        @Override
        public String name() {
          return "recording";
        }

        @Override
        public int candidates() {
          return 20;
        }

        @Override
        public double[] scores(String query, List<String> texts, Duration patience) {
          shown.addAll(texts);
          return texts.stream().mapToDouble(text -> text.hashCode()).toArray();
        }

        @Override
        public void close() {}
      };

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static Entry entry(String source, int index, String tenant, String words) {
    return new Entry(
        source,
        index,
        words + " " + CANARIES.get(tenant) + index,
        List.of(tenant),
        Map.of("tenant", tenant, "secret", CANARIES.get(tenant)));
  }

  private void fill() {
    Library library = Library.create(database, "documents");
    for (int i = 0; i < 12; i++) {
      library.add(
          entry("mixed", 2 * i, "red", "kite flies over rivers " + i),
          entry("mixed", 2 * i + 1, "blue", "kite flies over rivers " + i),
          entry("own" + i, 0, i % 2 == 0 ? "red" : "blue", "kite nests in trees"));
      // Two rows of one key, one for each.
      library.addBeside(
          entry("twin", i, "red", "kite twin"), entry("twin", i, "blue", "kite twin"));
    }
  }

  private static List<Question> questions() {
    List<Question> all = new ArrayList<>();
    for (Mode mode : Mode.values()) {
      for (int neighbours : new int[] {0, 3}) {
        for (boolean byDocument : new boolean[] {false, true}) {
          for (double diversity : new double[] {0, 0.6}) {
            for (boolean rerank : new boolean[] {false, true}) {
              for (Filter filter :
                  List.of(
                      Filter.ALL,
                      new Filter("chunk_index < {own_0} or true", Map.of("own_0", 9L)))) {
                all.add(
                    new Question(
                        "documents",
                        "kite rubycanary3 sapphirecanary3 rivers",
                        8,
                        filter,
                        mode,
                        neighbours,
                        byDocument,
                        diversity,
                        rerank,
                        Tuning.DEFAULT));
              }
            }
          }
        }
      }
    }
    return all;
  }

  @Test
  void nothingOfTheOthersIsEverSeen() {
    fill();
    Rule rule =
        new Rule(
            List.of("*"),
            List.of(),
            "*",
            List.of("*"),
            json("{\"tenant\": \"${caller.tenant}\"}"),
            List.of(),
            json("{}"));
    MandatoryFilters policies = new ConfiguredFilters(database, List.of(rule), Map.of());
    WordEmbedder embedder = new WordEmbedder();
    InstantSource clock = InstantSource.system();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CachedRetriever retriever =
          new CachedRetriever(
              new SearchRetriever(database, embedder, policies, Optional.of(reranker), clock),
              database,
              policies,
              new CachedRetriever.Parts(
                  CacheConfig.DEFAULT,
                  reranker.name(),
                  Optional.empty(),
                  clock,
                  threads,
                  new CacheCounts(new SimpleMeterRegistry()),
                  new AccessLog()));
      int hits = 0;
      int passages = 0;
      int reranked = 0;
      for (Question question : questions()) {
        for (int pass = 0; pass < 2; pass++) {
          for (String tenant : List.of("red", "blue")) {
            shown.clear();
            Caller caller = new Caller("c", "default", Map.of("tenant", tenant), Instant.MAX);
            Found found = retriever.find(caller, question);
            String other = CANARIES.get(tenant.equals("red") ? "blue" : "red");
            assertThat(found.toString()).as(question.toString()).doesNotContain(other);
            assertThat(String.join(" ", shown)).as(question.toString()).doesNotContain(other);
            assertThat(found.passages()).isNotEmpty();
            for (Passage passage : found.passages()) {
              assertThat(passage.chunk().text()).contains(CANARIES.get(tenant));
            }
            assertThat(found.cached()).isEqualTo(pass == 1);
            hits += found.cached() ? 1 : 0;
            passages += found.passages().size();
            reranked += shown.size();
          }
        }
      }
      assertThat(hits).isEqualTo(2 * questions().size());
      assertThat(passages).isGreaterThan(500);
      assertThat(reranked).isGreaterThan(500);
    }
  }
}
