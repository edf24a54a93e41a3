package io.elanus.engine.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.engine.range.SplitPoints.Slice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Slices are even, follow each other, and hold each row once. */
class SplitPointsTest {
  /** The keys of each slice, cut by a sample of one key in so many. */
  private static List<List<@Nullable Object>> cut(
      List<@Nullable Object> keys, int oneIn, long share, long most) {
    Random random = new Random(5);
    List<@Nullable Object> sample = new ArrayList<>();
    keys.stream().filter(key -> random.nextInt(oneIn) == 0).forEach(sample::add);
    SplitPoints points = new SplitPoints(sample);
    long[] counts = new long[points.buckets()];
    keys.forEach(key -> counts[points.bucket(key)]++);
    List<Slice> slices = SplitPoints.cut(counts, share, most);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    slices.forEach(slice -> rows.add(new ArrayList<>()));
    long[] met = new long[points.buckets()];
    for (Object key : keys) {
      int bucket = points.bucket(key);
      long row = met[bucket]++;
      int slice = slices.size() - 1;
      while (slices.get(slice).beginsAfter(bucket, row)) {
        slice--;
      }
      rows.get(slice).add(key);
    }
    for (int i = 1; i < rows.size(); i++) {
      Object before = Collections.max(rows.get(i - 1), KeyRange::compare);
      Object after = Collections.min(rows.get(i), KeyRange::compare);
      assertThat(KeyRange.compare(before, after)).as("slice %d after %d", i, i - 1).isNotPositive();
    }
    return rows;
  }

  private static List<Integer> sizes(List<List<@Nullable Object>> slices) {
    return slices.stream().map(List::size).toList();
  }

  @Test
  void differentKeysMakeEvenSlices() {
    List<@Nullable Object> keys = new ArrayList<>();
    for (long i = 0; i < 1_000; i++) {
      keys.add(i * 7919 % 1_000);
    }
    assertThat(sizes(cut(keys, 1, 250, 250))).containsExactly(250, 250, 250, 250);
    List<Integer> sampled = sizes(cut(keys, 8, 250, 300));
    assertThat(sampled.stream().mapToInt(Integer::intValue).sum()).isEqualTo(1_000);
    assertThat(sampled).allMatch(size -> size <= 300).hasSizeBetween(4, 5);
  }

  @Test
  void aValueOfMoreRowsThanASegmentHasIsSpreadAndOthersAreNot() {
    List<@Nullable Object> keys = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      keys.add(i < 700 ? 5L : (Long) (long) (i % 10));
    }
    List<List<@Nullable Object>> slices = cut(keys, 1, 200, 200);
    assertThat(sizes(slices)).allMatch(size -> size <= 200);
    assertThat(slices.stream().filter(slice -> slice.contains(5L)).count()).isGreaterThan(3);
    for (long value = 0; value < 10; value++) {
      Long one = value;
      if (value != 5) {
        assertThat(slices.stream().filter(slice -> slice.contains(one)).count()).isEqualTo(1);
      }
    }
  }

  @Test
  void rowsWithoutAKeyComeFirst() {
    List<@Nullable Object> keys = new ArrayList<>();
    for (long i = 0; i < 100; i++) {
      keys.add(i % 2 == 0 ? null : (Long) i);
    }
    List<List<@Nullable Object>> slices = cut(keys, 1, 50, 50);
    assertThat(slices.getFirst()).containsOnlyNulls();
    assertThat(sizes(slices)).containsExactly(50, 50);
  }

  @Test
  void randomKeysKeepTheirOrder() {
    Random random = new Random(3);
    for (int round = 0; round < 200; round++) {
      int distinct = 1 + random.nextInt(40);
      List<@Nullable Object> keys = new ArrayList<>();
      for (int n = 1 + random.nextInt(400); n > 0; n--) {
        keys.add(random.nextInt(9) == 0 ? null : (Long) (long) random.nextInt(distinct));
      }
      long share = 1 + random.nextInt(keys.size());
      List<Integer> sizes = sizes(cut(keys, 1, share, share + random.nextInt(10)));
      assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(keys.size());
      assertThat(sizes).doesNotContain(0);
    }
  }
}
