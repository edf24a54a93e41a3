package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.error.ElanusException;
import io.elanus.model.query.SearchParams;
import io.elanus.testkit.fixture.Seeds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever parameters say, an index takes them or answers with a sentence. */
class FuzzedParametersTest {
  private static final int ROUNDS = 20_000;
  private static final List<String> NAMES =
      List.of(
          "M",
          "efConstruction",
          "ef",
          "nlist",
          "nprobe",
          "m",
          "nbits",
          "nrq",
          "sq_type",
          "refine",
          "refine_type",
          "refine_k",
          "reorder_k",
          "with_raw_data",
          "max_degree",
          "search_list_size",
          "pq_code_budget_gb_ratio",
          "search_cache_budget_gb_ratio",
          "search_list",
          "beamwidth",
          "bits",
          "degree",
          "rbq_query_bits",
          "recall",
          "drop_ratio_search",
          "drop_ratio_build",
          "dim_max_score_ratio",
          "inverted_index_algo",
          "max_empty_result_buckets",
          "nonsense");
  private static final List<String> WORDS =
      List.of(
          "",
          " ",
          "true",
          "FALSE",
          "True",
          "null",
          "NaN",
          "-NaN",
          "Infinity",
          "-Infinity",
          "1e999",
          "-1e999",
          "0x10",
          "1_000",
          "1,5",
          "١٢",
          "SQ4U",
          "sq6",
          "SQ8",
          "BF16",
          "FP16",
          "FP32",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775809",
          "2147483647",
          "2147483648",
          "-2147483648",
          "1.0",
          "1.5",
          ".5",
          "5.",
          "1d",
          "1f",
          "+7",
          "--1",
          "%s",
          "%d%n",
          "\0",
          "\uD800",
          "{}",
          "[1]",
          "'; drop",
          "0.0000001",
          "4e-324");

  static List<String> types() {
    // The sentence that refuses an unknown type names all that are known.
    try {
      VectorIndexes.format("none of these");
    } catch (ElanusException e) {
      String text = e.getMessage();
      String list = text.substring(text.lastIndexOf('[') + 1, text.lastIndexOf(']'));
      return List.of(list.split(", ")).stream().distinct().toList();
    }
    throw new AssertionError("an unknown type was taken");
  }

  @ParameterizedTest
  @MethodSource("types")
  void areTakenOrRefusedWithASentence(String type) {
    VectorIndexFormat format = VectorIndexes.format(type);
    Random random = new Random(Seeds.seed(61));
    int taken = 0;
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Map<String, String> params = params(random);
      int dim = 1 + random.nextInt(1 + random.nextInt(4_096));
      int limit = 1 + random.nextInt(16_384);
      boolean build = random.nextBoolean();
      try {
        if (build) {
          format.checkBuild(params, dim);
        } else {
          format.checkSearch(new SearchParams(params), limit);
        }
        taken++;
      } catch (ElanusException e) {
        refused++;
        assertThat(e.getMessage()).isNotBlank();
      } catch (RuntimeException e) {
        throw new AssertionError(
            "%s: %s of %s, dimension %d, limit %d"
                .formatted(type, build ? "build" : "search", params, dim, limit),
            e);
      }
    }
    assertThat(taken).isPositive();
    assertThat(refused + (type.equals("FLAT") || type.equals("BIN_FLAT") ? 1 : 0)).isPositive();
  }

  private static Map<String, String> params(Random random) {
    Map<String, String> params = new HashMap<>();
    int count = random.nextInt(6);
    for (int i = 0; i < count; i++) {
      params.put(NAMES.get(random.nextInt(NAMES.size())), value(random));
    }
    return params;
  }

  private static String value(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> WORDS.get(random.nextInt(WORDS.size()));
      case 1 -> Long.toString(random.nextLong() >> random.nextInt(64));
      case 2 -> Integer.toString(random.nextInt(-3, 600));
      case 3 -> Double.toString(Double.longBitsToDouble(random.nextLong()));
      case 4 -> Double.toString(random.nextDouble());
      default -> characters(random);
    };
  }

  private static String characters(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(12);
    for (int i = 0; i < length; i++) {
      text.append((char) random.nextInt(random.nextBoolean() ? 128 : 0x10000));
    }
    return text.toString();
  }
}
