package io.elanus.engine.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What ranges hold, and which overlap. */
class KeyRangeTest {
  private static final Field KEY = Field.named("k", DataType.INT64).id(7).build();

  private static KeyRange range(@Nullable Object... values) {
    KeyRange.Builder builder = new KeyRange.Builder(KEY);
    Arrays.stream(values).forEach(builder::add);
    return builder.build();
  }

  @Test
  void rangesThatMeetInOneValueDoNotOverlap() {
    assertThat(range(1L, 5L).overlaps(range(5L, 9L))).isFalse();
    assertThat(range(5L).overlaps(range(5L))).isFalse();
    assertThat(range(1L, 5L).overlaps(range(5L))).isFalse();
    assertThat(range(1L, 5L).overlaps(range(4L, 9L))).isTrue();
    assertThat(range(1L, 5L).overlaps(range(1L, 5L))).isTrue();
    assertThat(range(1L, 5L).overlaps(range(3L))).isTrue();
    assertThat(range(3L).overlaps(range(1L, 5L))).isTrue();
  }

  @Test
  void rowsWithoutAValueAreBelowAllOthers() {
    KeyRange nothing = range(null, null);
    assertThat(nothing.min()).isNull();
    assertThat(nothing.overlaps(range(null, 4L))).isFalse();
    assertThat(range(null, 4L).overlaps(range(1L, 2L))).isTrue();
    assertThat(range(null, 4L).overlaps(range(null, 9L))).isTrue();
    assertThat(range(null, 4L).holds(null)).isTrue();
    assertThat(range(3L, 4L).holds(null)).isFalse();
    assertThat(range(3L, 4L).holds(3L)).isTrue();
    assertThat(range(3L, 4L).holds(5L)).isFalse();
  }

  @Test
  void textsCompareAsTheirBytesDo() {
    Random random = new Random(11);
    List<String> pieces = List.of("a", "b", "ä", "日", "\uD83D\uDE00", "\uFFFD", "z".repeat(40));
    for (int i = 0; i < 2_000; i++) {
      byte[] a = text(random, pieces);
      byte[] b = text(random, pieces);
      int bytes =
          Arrays.compareUnsigned(
              Arrays.copyOf(a, Math.min(64, a.length)), Arrays.copyOf(b, Math.min(64, b.length)));
      assertThat(Integer.signum(KeyRange.compare(KeyRange.text(a), KeyRange.text(b))))
          .isEqualTo(Integer.signum(bytes));
    }
  }

  private static byte[] text(Random random, List<String> pieces) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(5); n > 0; n--) {
      text.append(pieces.get(random.nextInt(pieces.size())));
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void bothZeroesAreOneValue() {
    assertThat(KeyRange.compare(KeyRange.floating(-0.0), KeyRange.floating(0.0))).isZero();
    assertThat(range(KeyRange.floating(-0.0)).holds(KeyRange.floating(0.0))).isTrue();
  }
}
