package io.elanus.rag.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.elanus.rag.eval.Measure.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Against values worked by hand, beside each how, and against those of trec_eval. */
class MeasureTest {
  private static final Map<String, Integer> GAINS = Map.of("a", 3, "b", 1, "c", 2, "z", 0, "y", -1);

  private static double of(Kind kind, int cut, String... ranked) {
    return new Measure(kind, cut).of(List.of(ranked), GAINS);
  }

  @Test
  void normalisedDiscountedGain() {
    // best: 3/1 + 2/log2(3) + 1/2 = 3 + 1.261860 + 0.5 = 4.761860
    assertThat(of(Kind.NDCG, 10, "a", "c", "b")).isCloseTo(1, within(1e-12));
    // b first: 1/1 + 0 + 3/2 = 2.5; 2.5 / 4.761860 = 0.525005
    assertThat(of(Kind.NDCG, 10, "b", "x", "a")).isCloseTo(0.525005, within(1e-6));
    // cut at 1: 1 / 3
    assertThat(of(Kind.NDCG, 1, "b", "a")).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(of(Kind.NDCG, 10)).isZero();
    assertThat(of(Kind.NDCG, 10, "z", "y", "x")).isZero();
  }

  @Test
  void averagePrecision() {
    // relevant at ranks 1 and 3 of three: (1/1 + 2/3) / 3
    assertThat(of(Kind.AVERAGE_PRECISION, 0, "a", "x", "b")).isCloseTo(5 / 9.0, within(1e-12));
    assertThat(of(Kind.AVERAGE_PRECISION, 0, "a", "b", "c")).isCloseTo(1, within(1e-12));
  }

  @Test
  void reciprocalRankRecallPrecision() {
    assertThat(of(Kind.RECIPROCAL_RANK, 10, "x", "y", "c")).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(of(Kind.RECIPROCAL_RANK, 2, "x", "y", "c")).isZero();
    assertThat(of(Kind.RECALL, 2, "a", "b", "c")).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(of(Kind.PRECISION, 5, "a", "b", "x")).isCloseTo(2 / 5.0, within(1e-12));
  }

  @Test
  void aDocumentCountsOnce() {
    assertThat(of(Kind.RECALL, 10, "a", "a", "a")).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(of(Kind.NDCG, 10, "a", "a")).isCloseTo(3 / 4.761860, within(1e-6));
  }

  @Test
  void withoutAnythingRelevantItIsZero() {
    for (Kind kind : Kind.values()) {
      assertThat(new Measure(kind, 10).of(List.of("a"), Map.of("a", 0))).isZero();
    }
    assertThat(new Measure(Kind.NDCG, 10).name()).isEqualTo("nDCG@10");
    assertThat(new Measure(Kind.AVERAGE_PRECISION, 0).name()).isEqualTo("MAP");
  }

  @Test
  void asTrecEvalSays() throws IOException {
    int compared = 0;
    String table;
    try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("trec_eval.tsv"))) {
      table = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    for (String line : table.lines().filter(each -> !each.startsWith("#")).toList()) {
      List<String> cells = List.of(line.split("\t"));
      List<String> ranked = List.of(cells.get(0).split(" "));
      Map<String, Integer> gains = new HashMap<>();
      for (String gain : cells.get(1).split(" ")) {
        gains.put(gain.substring(0, gain.indexOf('=')), Integer.valueOf(after(gain)));
      }
      for (String said : cells.subList(2, cells.size())) {
        double ours = trecMeasure(said.substring(0, said.indexOf('='))).of(ranked, gains);
        assertThat(ours).as(line).isCloseTo(Double.parseDouble(after(said)), within(1e-9));
        compared++;
      }
    }
    assertThat(compared).isEqualTo(53 * 12);
  }

  private static String after(String pair) {
    return pair.substring(pair.indexOf('=') + 1);
  }

  private static Measure trecMeasure(String name) {
    int end = name.lastIndexOf('_') + 1;
    boolean isCut = Character.isDigit(name.charAt(name.length() - 1));
    int cut = isCut ? Integer.parseInt(name.substring(end)) : 0;
    return new Measure(
        switch (isCut ? name.substring(0, end) : name) {
          case "P_" -> Kind.PRECISION;
          case "recall_" -> Kind.RECALL;
          case "recip_rank" -> Kind.RECIPROCAL_RANK;
          case "map", "map_cut_" -> Kind.AVERAGE_PRECISION;
          case "ndcg", "ndcg_cut_" -> Kind.NDCG;
          default -> throw new IllegalStateException(name);
        },
        cut);
  }
}
