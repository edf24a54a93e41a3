package io.elanus.engine.filter;

import static io.elanus.engine.filter.FilterTable.refuses;
import static io.elanus.engine.filter.FilterTable.selects;
import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.query.Filter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Deep and wide filters: they work, or are refused with a sentence; none overflows the stack, which
 * is a small one here, and none takes time out of proportion.
 */
class FilterLimitsTest {
  private static final long STACK_BYTES = 512 << 10;

  private static String chain(int terms, String operator, IntFunction<String> term) {
    return IntStream.range(0, terms).mapToObj(term).collect(Collectors.joining(operator));
  }

  private static void onSmallStack(Runnable work) {
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                work.run();
              } catch (Throwable e) {
                thrown.set(e);
              }
            },
            "small stack",
            STACK_BYTES);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    assertThat(thrown.get()).isNull();
  }

  @Test
  void bracketsNestSoFar() {
    onSmallStack(
        () -> {
          int most = Parsing.DEPTH_MAX;
          selects("(".repeat(most) + "a == 4" + ")".repeat(most), 2);
          selects("!(".repeat(most / 2) + "a == 4" + ")".repeat(most / 2), 2);
          selects("a in " + "(".repeat(most - 1) + "[4]" + ")".repeat(most - 1), 2);
          refuses("(".repeat(most + 1) + "a == 4" + ")".repeat(most + 1), "1:64", "64 levels");
          refuses("(".repeat(100_000) + "b" + ")".repeat(100_000), "1:64", "nests deeper");
          refuses("(".repeat(100_000), "1:64", "nests deeper");
          refuses(")".repeat(100_000), "1:0", "')'");
          refuses("a in " + "[".repeat(100_000), "1:69", "nests deeper");
          refuses("f(".repeat(100_000), "1:129", "nests deeper");
        });
  }

  @Test
  void everyLevelOfPrecedenceWithinBrackets() {
    String numbers = "a";
    String truths = "b";
    for (int i = 0; i < Parsing.DEPTH_MAX - 1; i++) {
      numbers = "0 | 0 ^ -1 & 0 << 0 + 1 * 1 * (" + numbers + ")";
      truths = "b or true and (" + truths + ")";
    }
    String number = numbers;
    String truth = truths;
    onSmallStack(
        () -> {
          selects("(" + number + ") == 0", 0, 1, 2, 4, 5);
          selects(truth, 0, 3, 5);
        });
  }

  @Test
  void prefixesNestSoFar() {
    onSmallStack(
        () -> {
          int most = Parsing.DEPTH_MAX;
          selects("not ".repeat(most) + "b", 0, 3, 5);
          selects("-".repeat(most) + "a == 4", 2);
          selects("a" + " ** -1".repeat(most) + " == 0.25", 2);
          refuses("a" + " ** -1".repeat(most + 1) + " == 0.25", "1:389", "nests deeper");
          refuses("not ".repeat(100_000) + "b", "1:256", "nests deeper");
          refuses("- ".repeat(100_000) + "a == 4", "1:128", "nests deeper");
          // A prefix takes in all that binds tighter, and what stands there nests in it.
          refuses("-a ** ".repeat(100_000) + "a == 4", "1:384", "nests deeper");
          refuses("s like not ".repeat(100_000) + "s", "1:711", "nests deeper");
          refuses("s =~ !".repeat(100_000) + "s", "1:389", "nests deeper");
        });
  }

  @Test
  void longChains() {
    onSmallStack(
        () -> {
          selects(chain(100_000, " or ", i -> "id == " + (i + 3)), 3, 4, 5);
          selects(chain(20_000, " and ", i -> "a != " + (i + 5)), 0, 1, 2);
          selects("id == " + chain(50_000, " + ", i -> "1") + " - 49997", 3);
          selects(chain(1000, " and not ", i -> "b") + " or a == 4", 2);
          refuses(chain(1_000_000, " or ", i -> "b"), "1:2621440", "words", "template");
          refuses(chain(100_000, " + ", i -> "a") + " == 1", "1:0", "more than 512 operators");
          refuses(chain(100_000, " < ", i -> "a"), "1:0", "the bounds of a range");
          selects("j" + "['l']".repeat(50_000) + " is null", 0, 1, 2, 3, 4, 5);
          selects(chain(512, " + ", i -> "a") + " + a == 2052", 2);
        });
  }

  @Test
  void longLists() {
    onSmallStack(
        () -> {
          selects("id in [" + chain(100_000, ",", i -> "" + (3 + i)) + "]", 3, 4, 5);
          selects("id not in [" + chain(20_000, ",", i -> "" + (3 + i)) + "]", 0, 1, 2);
          selects("s in [" + chain(20_000, ",", i -> "'" + i + "%'") + "]", 3);
          selects("j['k'] in [" + chain(20_000, ",", i -> i + ".5") + "]", 1);
          selects("tag in [" + chain(20_000, ",", i -> "" + i) + "]", 5);
          selects(
              "array_contains_any(ai, [" + chain(20_000, ",", i -> "" + (3 + i)) + "])", 0, 3, 5);
          selects("json_contains_all(j, [" + chain(100_000, ",", i -> "" + i) + "])");
          List<Object> keys = LongStream.range(4, 1_000_000).<Object>mapToObj(i -> i).toList();
          selects(new Filter("id in {keys}", Map.of("keys", keys)), 4, 5);
        });
  }

  @Test
  void longWords() {
    onSmallStack(
        () -> {
          selects("s != '" + "x".repeat(1_000_000) + "'", 0, 1, 3, 4, 5);
          selects("s like '" + "%".repeat(100_000) + "pp" + "_%".repeat(3) + "'", 1);
          selects("s like '" + "%a%_".repeat(50_000) + "'");
          refuses("id == " + "9".repeat(1_000_000), "1:6", "out of the range of 64 bits");
          selects("id == " + "0".repeat(100_000) + "3", 3);
          selects("d < " + "9".repeat(1000) + ".0", 0, 1, 2, 3, 4, 5);
        });
    String long9 = "s == '" + "x".repeat(9_000_000) + "'";
    assertThat(
            Assertions.catchThrowable(() -> Filters.compile(Filter.of(long9), FilterTable.SCHEMA)))
        .hasMessageContaining("9000007 characters long, at most 8388608");
  }

  @Test
  void regularExpressionsAreBoundedBeforeTheyAreCompiled() {
    onSmallStack(
        () -> {
          refuses("s =~ '((a{1000}){1000}){1000}'", "1:0", "the regular expression is larger");
          refuses("s =~ '\\\\Q[\\\\E((a{999}){999})'", "1:0", "the regular expression is larger");
          refuses("s =~ '[]](a{999}){999}'", "1:0", "the regular expression is larger");
          refuses("s =~ '" + "(a*)*".repeat(2000) + "'", "1:0", "the regular expression is larger");
          refuses(
              "s =~ '" + "(".repeat(900) + "a" + ")".repeat(900) + "'",
              "1:0",
              "the regular expression is larger");
          selects("s =~ '" + "(p*)*".repeat(300) + "le'", 0, 1);
          selects("s =~ '" + "(p|".repeat(60) + "l" + ")".repeat(60) + "'", 0, 1);
          selects("s =~ 'p{2,400}'", 0, 1);
          selects("s =~ '^\\\\pL{0,400}$'", 0, 5);
          selects("s =~ '[({1000}]|\\\\Q(({999}\\\\E|%'", 3);
        });
  }
}
