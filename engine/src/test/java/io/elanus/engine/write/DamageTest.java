package io.elanus.engine.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.engine.segment.SealedSegment;
import io.elanus.engine.segment.Segment;
import io.elanus.engine.segment.Snapshot;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Every object of a shard, damaged in every way: the shard either answers as before, or says
 * DATA_CORRUPT when it is opened or verified. Never another answer, never another exception.
 */
class DamageTest {
  private final ShardFixture shard = new ShardFixture();
  private Map<Long, Long> rows = Map.of();

  private void fill() {
    WritePath path = shard.open(Faults.none());
    path.insert(
        List.of(ShardFixture.rows(0, java.util.stream.LongStream.range(0, 25).toArray(), 1)));
    path.insert(
        List.of(ShardFixture.rows(1, java.util.stream.LongStream.range(50, 75).toArray(), 2)));
    path.flush();
    ShardFixture.delete(path, 1, 2, 51, 52);
    path.insert(List.of(ShardFixture.rows(2, new long[] {90}, 3)));
    path.flush();
    rows = ShardFixture.read(path);
    path.close();
  }

  private enum Outcome {
    SAME,
    REFUSED,
    FOUND_BY_VERIFYING
  }

  private Outcome open() {
    WritePath path;
    try {
      // Not repaired in between: what runs in the background would build lost indexes again.
      shard.background = task -> {};
      path = shard.open(Faults.none());
    } catch (ElanusException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT);
      return Outcome.REFUSED;
    }
    try (Snapshot snapshot = path.snapshot()) {
      for (Segment segment : snapshot.segments()) {
        if (segment instanceof SealedSegment sealed) {
          sealed.verify();
        }
      }
      assertThat(ShardFixture.read(snapshot)).isEqualTo(rows);
      return Outcome.SAME;
    } catch (ElanusException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT);
      return Outcome.FOUND_BY_VERIFYING;
    } finally {
      path.close();
    }
  }

  private static Map<String, byte[]> damages(byte[] whole) {
    Map<String, byte[]> all = new LinkedHashMap<>();
    int step = Math.max(1, whole.length / 150);
    for (int at = 0; at < whole.length; at += step) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 1 << (at % 8);
      all.put("bit flipped at " + at, flipped);
      all.put("cut at " + at, Arrays.copyOf(whole, at));
    }
    for (int last = 1; last <= Math.min(24, whole.length); last++) {
      byte[] flipped = whole.clone();
      flipped[whole.length - last] ^= 0x40;
      all.put("bit flipped " + last + " before the end", flipped);
    }
    byte[] zeroed = whole.clone();
    Arrays.fill(zeroed, whole.length / 2, whole.length, (byte) 0);
    all.put("second half zeroed", zeroed);
    all.put("longer", Arrays.copyOf(whole, whole.length + 64));
    return all;
  }

  @Test
  void noDamageGivesAnotherAnswer() {
    fill();
    assertThat(open()).isEqualTo(Outcome.SAME);
    Map<String, byte[]> good = new LinkedHashMap<>();
    shard.objects.list("").forEach(key -> good.put(key, shard.objects.read(key)));
    assertThat(good).hasSizeGreaterThan(6);
    List<String> kinds = new ArrayList<>();
    int detected = 0;
    for (String key : good.keySet()) {
      for (Map.Entry<String, byte[]> damage : damages(good.get(key)).entrySet()) {
        shard.objects.put(key, damage.getValue());
        Outcome outcome = open();
        detected += outcome == Outcome.SAME ? 0 : 1;
        boolean rows = !key.contains("/index-");
        if (rows && outcome == Outcome.SAME) {
          kinds.add(key + " " + damage.getKey());
        }
        restore(good);
      }
    }
    assertThat(detected).isGreaterThan(500);
    assertThat(kinds).as("damage that nothing notices").allMatch(DamageTest::harmless);
    assertThat(open()).isEqualTo(Outcome.SAME);
  }

  /** Padding and the copies that Arrow keeps for streams are read by nobody here. */
  private static boolean harmless(String damage) {
    return damage.contains("data.arrow bit flipped");
  }

  @Test
  void aMissingOrForeignObjectIsNoticed() {
    fill();
    Map<String, byte[]> good = new LinkedHashMap<>();
    shard.objects.list("").forEach(key -> good.put(key, shard.objects.read(key)));
    List<String> needed =
        good.keySet().stream()
            .filter(key -> key.contains("data.arrow") || key.contains("deletes-"))
            .toList();
    assertThat(needed).hasSizeGreaterThan(3);
    for (String key : needed) {
      shard.objects.delete(key);
      assertThat(open()).as(key + " missing").isEqualTo(Outcome.REFUSED);
      restore(good);
      for (String other : needed) {
        if (!other.equals(key)) {
          shard.objects.put(key, good.get(other));
          assertThat(open()).as(key + " is " + other).isEqualTo(Outcome.REFUSED);
          restore(good);
        }
      }
    }
  }

  @Test
  void aDamagedIndexIsBuiltAgain() {
    fill();
    List<String> indexes =
        shard.objects.list("").stream().filter(key -> key.contains("/index-")).toList();
    assertThat(indexes).isNotEmpty();
    for (String key : indexes) {
      shard.objects.put(key, new byte[3]);
    }
    shard.background = Runnable::run;
    WritePath path = shard.open(Faults.none());
    assertThat(ShardFixture.read(path)).isEqualTo(rows);
    try (Snapshot snapshot = path.snapshot()) {
      for (Segment segment : snapshot.segments()) {
        if (segment.rowCount() >= shard.config.indexRowsMin()) {
          assertThat(segment.vectorIndex(ShardFixture.VECTOR)).isNotNull();
          assertThat(segment.scalarIndex(ShardFixture.VALUE)).isNotNull();
        }
      }
    }
    path.close();
    assertThat(open()).isEqualTo(Outcome.SAME);
  }

  private void restore(Map<String, byte[]> good) {
    shard.objects.list("").forEach(shard.objects::delete);
    good.forEach(shard.objects::put);
  }
}
