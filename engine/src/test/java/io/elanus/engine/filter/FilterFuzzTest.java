package io.elanus.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.elanus.index.RowBitmap;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.Filter;
import io.elanus.testkit.filter.FilterException;
import io.elanus.testkit.filter.RowFilter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Any text as a filter: an answer or INVALID_EXPRESSION (or that a function is not offered), and
 * where the second parser of the testkit takes it as well, the same rows.
 */
class FilterFuzzTest {
  /** What the second parser, which recurses, is spared. */
  private static final int DEEP = 200;

  @FuzzTest
  void expression(byte[] input) {
    String expression = new String(input, StandardCharsets.UTF_8);
    Filter filter = Filter.of(expression);
    RowBitmap found;
    try {
      HeapSegment segment = HeapSegment.of(FilterTable.SCHEMA, FilterTable.ROWS);
      found = Filters.compile(filter, FilterTable.SCHEMA).matches(segment, RowBitmap.full(6));
    } catch (ElanusException e) {
      assertThat(e.code())
          .isIn(ErrorCode.INVALID_EXPRESSION, ErrorCode.UNSUPPORTED, ErrorCode.TOO_LARGE);
      return;
    }
    // The second parser's regular expressions are the JDK's, which may take for ever.
    if (input.length <= DEEP && expression.indexOf('~') < 0) {
      compare(filter, found);
    }
  }

  private static void compare(Filter filter, RowBitmap found) {
    RowFilter oracle;
    try {
      oracle = RowFilter.of(filter, FilterTable.SCHEMA);
    } catch (FilterException e) {
      return;
    }
    for (int row = 0; row < 6; row++) {
      Map<String, @Nullable Object> values = new HashMap<>();
      int at = row;
      FilterTable.ROWS.columns().forEach((name, column) -> values.put(name, column.get(at)));
      assertThat(found.get(row))
          .as("row %d passes %s", row, filter.expression())
          .isEqualTo(oracle.passes(values));
    }
  }

  /** The same text nested and repeated: what is long or deep is refused, or answered in time. */
  @FuzzTest
  void repeated(byte[] input) {
    if (input.length < 2) {
      return;
    }
    int times = 1 << (input[0] & 15);
    String piece = new String(input, 1, input.length - 1, StandardCharsets.UTF_8);
    int half = piece.length() / 2;
    String open = piece.substring(0, half);
    String close = piece.substring(half);
    int affordable = Math.min(times, (1 << 18) / piece.length());
    expressionOnly(open.repeat(affordable) + "a > 1" + close.repeat(affordable));
    expressionOnly("a > 1" + piece.repeat(affordable));
  }

  private static void expressionOnly(String expression) {
    try {
      HeapSegment segment = HeapSegment.of(FilterTable.SCHEMA, FilterTable.ROWS);
      Filters.compile(Filter.of(expression), FilterTable.SCHEMA)
          .matches(segment, RowBitmap.full(6));
    } catch (ElanusException e) {
      assertThat(e.code())
          .isIn(ErrorCode.INVALID_EXPRESSION, ErrorCode.UNSUPPORTED, ErrorCode.TOO_LARGE);
    }
  }
}
