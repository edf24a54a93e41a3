package io.elanus.rag.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.rows.Column;
import io.elanus.rag.document.Documents;
import io.elanus.rag.embed.Model;
import io.elanus.rag.fixture.Library;
import io.elanus.rag.fixture.Library.Entry;
import io.elanus.rag.fixture.WordEmbedder;
import io.elanus.rag.knowledge.KnowledgeSchema;
import io.elanus.testkit.fixture.Seeds;
import io.elanus.testkit.oracle.OracleDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DriftWatchTest {
  private static final int DIMENSION = 96;
  private static final Caller ALL = Caller.SYSTEM;

  private final OracleDatabase database = new OracleDatabase(InstantSource.system());
  private final Map<String, byte[]> kept = new HashMap<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicLong nanos = new AtomicLong();
  private final Documents documents =
      new Documents() {
        @Override
        public void put(String key, byte[] content) {
          kept.put(key, content);
        }

        @Override
        public Optional<byte[]> get(String key) {
          return Optional.ofNullable(kept.get(key));
        }

        @Override
        public void delete(String key) {
          kept.remove(key);
        }

        @Override
        public List<String> list(String prefix) {
          return kept.keySet().stream().filter(key -> key.startsWith(prefix)).sorted().toList();
        }
      };

  private DriftWatch watch() {
    return new DriftWatch(database, documents, meters, nanos::get);
  }

  /** Texts of a topic: some of its words, and some of everybody's. */
  private static String text(Random random, String topic) {
    StringBuilder text = new StringBuilder();
    for (int word = 0; word < 8; word++) {
      boolean own = random.nextInt(4) > 0;
      text.append(own ? topic : "common").append(random.nextInt(12)).append(' ');
    }
    return text.toString();
  }

  private static float[] vector(Random random, String topic) {
    return WordEmbedder.vector(text(random, topic), WordEmbedder.MODEL.dimension());
  }

  private void ask(DriftWatch watch, String collection, Random random, String topic, int times) {
    WatchedRows rows = new WatchedRows(database.rows(), watch);
    for (int i = 0; i < times; i++) {
      float[] vector = vector(random, topic);
      rows.search(
          ALL,
          SearchRequest.of(collection, new Column.FloatVectors(vector.length, vector), 3)
              .vectorField(KnowledgeSchema.DENSE)
              .build());
      if (i % 200 == 0) {
        watch.tick();
      }
    }
    watch.tick();
  }

  private Library fill(String name, Random random, String topic, int from, int count) {
    Library library =
        database.collections().exists(ALL, name)
            ? new Library(database, name)
            : Library.create(database, name);
    List<Entry> entries = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      // Keys of chunks are hashes.
      entries.add(Entry.of(Integer.toHexString(random.nextInt()) + i, i, text(random, topic)));
    }
    return library.add(entries.toArray(Entry[]::new));
  }

  /**
   * Two sets of one distribution differ by chance alone; of two topics, plainly; of a mix, between.
   */
  @Test
  void theMeasureTellsTopicsApartAndNothingElse() {
    double most = 0;
    double least = 1;
    double leastMixed = 1;
    for (int seed = 0; seed < 25; seed++) {
      Random random = new Random(Seeds.seed(7) + seed);
      most = Math.max(most, Math.abs(drift(random, 0)));
      least = Math.min(least, drift(random, 1));
      leastMixed = Math.min(leastMixed, drift(random, 0.5));
    }
    assertThat(most).as("of one distribution").isLessThan(DriftRoutes.NOTABLE / 2);
    assertThat(least).as("of another topic").isGreaterThan(3 * DriftRoutes.NOTABLE);
    assertThat(leastMixed).as("half of it").isGreaterThan(DriftRoutes.NOTABLE).isLessThan(least);
  }

  private static double drift(Random random, double share) {
    Features features = new Features(WordEmbedder.MODEL.dimension());
    Series series = new Series();
    for (int i = 0; i < Series.BASELINE; i++) {
      series.add(features.of(vector(random, "birds")));
    }
    assertThat(series.drift()).isEmpty();
    for (int i = 0; i < Series.BLOCK * Series.BLOCKS; i++) {
      series.add(features.of(vector(random, random.nextDouble() < share ? "taxes" : "birds")));
    }
    return series.drift().orElseThrow();
  }

  /** The features' products against the kernel itself. */
  @Test
  void featuresStandForTheKernel() {
    Random random = new Random(Seeds.seed(7));
    Features features = new Features(DIMENSION);
    double worst = 0;
    for (int i = 0; i < 200; i++) {
      float[] a = unit(random);
      float[] b = unit(random);
      double square = 0;
      double product = 0;
      double[] of = features.of(a);
      double[] other = features.of(b);
      for (int d = 0; d < DIMENSION; d++) {
        square += (a[d] - b[d]) * (a[d] - b[d]);
      }
      double own = 0;
      for (int d = 0; d < of.length; d++) {
        product += of[d] * other[d];
        own += of[d] * of[d];
      }
      assertThat(own).isCloseTo(1, org.assertj.core.api.Assertions.within(1e-9));
      worst = Math.max(worst, Math.abs(product - Math.exp(-square / 2)));
    }
    // The error of a mean of 128 cosines, four times over.
    assertThat(worst).isLessThan(4 / Math.sqrt(Features.DIRECTIONS));
  }

  private static float[] unit(Random random) {
    float[] vector = new float[DIMENSION];
    double square = 0;
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextGaussian();
      square += vector[i] * vector[i];
    }
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] /= (float) Math.sqrt(square);
    }
    return vector;
  }

  @Test
  void questionsAreComparedOverARestart() {
    Random random = new Random(Seeds.seed(7));
    fill("documents", random, "birds", 0, 5);
    DriftWatch first = watch();
    ask(first, "documents", random, "birds", Series.BASELINE + 2 * Series.BLOCK);
    assertThat(first.status(ALL, "documents").questions().orElseThrow())
        .isLessThan(DriftRoutes.NOTABLE);
    first.close();
    DriftWatch second = watch();
    DriftWatch.Status before = second.status(ALL, "documents");
    assertThat(before.questionsBaseline()).isEqualTo(Series.BASELINE);
    assertThat(before.questions().orElseThrow()).isLessThan(DriftRoutes.NOTABLE);
    ask(second, "documents", random, "taxes", 5 * Series.BLOCK);
    assertThat(second.status(ALL, "documents").questions().orElseThrow())
        .isGreaterThan(DriftRoutes.NOTABLE);
    assertThat(gauge("questions")).isGreaterThan(DriftRoutes.NOTABLE);
    second.reset(ALL, "documents");
    DriftWatch.Status anew = second.status(ALL, "documents");
    assertThat(anew.questions()).isEmpty();
    assertThat(anew.questionsBaseline()).isZero();
    assertThat(gauge("questions")).isNaN();
    ask(second, "documents", random, "taxes", Series.BASELINE + 2 * Series.BLOCK);
    assertThat(second.status(ALL, "documents").questions().orElseThrow())
        .as("taxes are what is usual now")
        .isLessThan(DriftRoutes.NOTABLE);
  }

  private double gauge(String of) {
    return meters.get("elanus_rag_drift_ratio").tag("of", of).gauge().value();
  }

  @Test
  void documentsAreComparedWithHowTheyWere() {
    Random random = new Random(Seeds.seed(7));
    fill("documents", random, "birds", 0, 50);
    DriftWatch watch = watch();
    assertThat(watch.status(ALL, "documents").documents()).as("too few").isEmpty();
    fill("documents", random, "birds", 50, 400);
    assertThat(watch.status(ALL, "documents").documents().orElseThrow()).isLessThan(0.01);
    fill("documents", random, "birds", 450, 200);
    assertThat(watch.status(ALL, "documents").documents().orElseThrow())
        .isLessThan(DriftRoutes.NOTABLE);
    fill("documents", random, "taxes", 650, 350);
    assertThat(watch.status(ALL, "documents").documents().orElseThrow())
        .isGreaterThan(DriftRoutes.NOTABLE / 2);
    nanos.addAndGet(Duration.ofMinutes(6).toNanos());
    watch.tick();
    assertThat(gauge("documents")).isGreaterThan(DriftRoutes.NOTABLE / 2);
    watch.reset(ALL, "documents");
    assertThat(watch.status(ALL, "documents").documents().orElseThrow()).isLessThan(0.01);
  }

  @Test
  void anotherModelOrAnotherCollectionOfTheNameBeginsAnew() {
    Random random = new Random(Seeds.seed(7));
    fill("documents", random, "birds", 0, 5);
    DriftWatch watch = watch();
    ask(watch, "documents", random, "birds", 300);
    nanos.addAndGet(Duration.ofMinutes(6).toNanos());
    watch.tick();
    assertThat(kept).hasSize(1);
    database.collections().drop(ALL, "documents");
    watch.tick();
    assertThat(kept).as("nothing is kept of what is gone").isEmpty();
    assertThat(meters.find("elanus_rag_drift_ratio").gauges()).isEmpty();
    Library.create(
        database, "documents", new Model("others", "2", WordEmbedder.MODEL.dimension(), 512));
    DriftWatch.Status anew = watch.status(ALL, "documents");
    assertThat(anew.questionsBaseline()).isZero();
    assertThat(anew.model()).startsWith("others 2");
  }

  /** As after a re-embedding: the file is of another model than the collection. */
  @Test
  void whatIsKeptOfAnotherModelIsNotCompared() {
    Random random = new Random(Seeds.seed(7));
    fill("documents", random, "birds", 0, 5);
    DriftWatch watch = watch();
    ask(watch, "documents", random, "birds", 300);
    watch.close();
    String key = kept.keySet().iterator().next();
    DriftFile.Content content = DriftFile.decode(kept.get(key));
    assertThat(content.questions().snapshot().baseline().count()).isEqualTo(300);
    kept.put(
        key,
        DriftFile.encode(
            new DriftFile.Content(
                "older 1 64", content.questions(), content.baseline(), content.documents())));
    assertThat(watch().status(ALL, "documents").questionsBaseline()).isZero();
  }

  @Test
  void whatIsKeptIsOfOneSizeAndNoText() {
    Random random = new Random(Seeds.seed(7));
    fill("documents", random, "canary", 0, 200);
    DriftWatch watch = watch();
    ask(watch, "documents", random, "canary", 10);
    watch.close();
    int size = kept.values().iterator().next().length;
    ask(watch, "documents", random, "canary", 900);
    watch.close();
    byte[] file = kept.values().iterator().next();
    assertThat(file).hasSize(size).hasSizeLessThan(9_000);
    assertThat(new String(file, StandardCharsets.ISO_8859_1)).doesNotContain("canary");
    file[200] ^= 1;
    assertThatThrownBy(() -> DriftFile.decode(file)).isInstanceOf(ElanusException.class);
    assertThat(watch().status(ALL, "documents").questionsBaseline())
        .as("a damaged file is begun anew")
        .isZero();
  }

  /** More than are looked at: nothing waits, and what is passed over is counted. */
  @Test
  void aFloodIsPassedOver() {
    fill("documents", new Random(Seeds.seed(7)), "birds", 0, 5);
    DriftWatch watch = watch();
    for (int i = 0; i < 3_000; i++) {
      watch.asked("default", "documents", new float[] {1, 2, 3});
    }
    assertThat(meters.get("elanus_rag_drift_passed_over").counter().count())
        .isEqualTo(3_000 - 1_024);
    watch.asked("default", "none", new float[] {1});
    watch.tick();
    assertThat(watch.status(ALL, "documents").questionsBaseline()).isEqualTo(Series.BASELINE);
  }
}
