package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RememberedRowsTest {
  private static final int ROWS = 1 << 20;

  private final RememberedRows remembered = new RememberedRows(ROWS);
  private final List<Object> made = new ArrayList<>();

  private RowBitmap ask(Object key) {
    return remembered.of(
        key,
        () -> {
          made.add(key);
          return RowBitmap.full(ROWS);
        });
  }

  @Test
  void keepsWhatIsAskedForTwice() {
    assertThat(ask("a")).isNull();
    RowBitmap second = ask("a");
    assertThat(second).isNotNull();
    assertThat(ask("a")).isSameAs(second);
    assertThat(made).containsExactly("a");
  }

  @Test
  void whatComesOnceTakesNoPlace() {
    ask("hot");
    ask("hot");
    for (int i = 0; i < 10_000; i++) {
      ask(i);
    }
    made.clear();
    assertThat(ask("hot")).isNotNull();
    assertThat(made).isEmpty();
  }

  @Test
  void theLeastRecentlyUsedGoFirst() {
    for (int key = 0; key < 9; key++) {
      ask(key);
      ask(key);
      ask(0);
    }
    made.clear();
    for (int key = 2; key < 9; key++) {
      assertThat(ask(key)).isNotNull();
    }
    ask(0);
    assertThat(made).isEmpty();
    ask(1);
    ask(1);
    assertThat(made).containsExactly(1);
  }
}
