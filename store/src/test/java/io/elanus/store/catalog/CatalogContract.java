package io.elanus.store.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.store.catalog.Catalog.Change;
import io.elanus.store.catalog.Catalog.Condition;
import io.elanus.store.catalog.Catalog.Entry;
import io.elanus.testkit.fixture.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every catalog does. */
abstract class CatalogContract {
  protected Catalog catalog;

  /** An empty catalog. */
  protected abstract Catalog create();

  @BeforeEach
  void openCatalog() {
    catalog = create();
  }

  @AfterEach
  void closeCatalog() {
    catalog.close();
  }

  protected static boolean put(Catalog catalog, String key, int... bytes) {
    return catalog.commit(List.of(), List.of(new Change.Put(key, bytes(bytes))));
  }

  protected static byte[] bytes(int... values) {
    byte[] result = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (byte) values[i];
    }
    return result;
  }

  private Entry get(String key) {
    return catalog.get(key).orElseThrow();
  }

  @Test
  void keepsTheLastValueUnderAGrowingRevision() {
    assertThat(catalog.get("a")).isEmpty();
    assertThat(put(catalog, "a", 1)).isTrue();
    long first = get("a").revision();
    assertThat(first).isPositive();
    assertThat(put(catalog, "a", 2, 3)).isTrue();
    assertThat(get("a").value()).containsExactly(2, 3);
    assertThat(get("a").revision()).isGreaterThan(first);
    assertThat(put(catalog, "b")).isTrue();
    assertThat(get("b").value()).isEmpty();
  }

  @Test
  void aDeletedKeyComesBackUnderANewRevision() {
    put(catalog, "a", 1);
    long before = get("a").revision();
    catalog.commit(List.of(), List.of(new Change.Delete("a"), new Change.Delete("never")));
    assertThat(catalog.get("a")).isEmpty();
    put(catalog, "a", 1);
    assertThat(get("a").revision()).isGreaterThan(before);
  }

  @Test
  void appliesAllChangesOrNone() {
    put(catalog, "a", 1);
    put(catalog, "b", 1);
    long a = get("a").revision();
    List<Change> changes =
        List.of(
            new Change.Put("a", bytes(9)), new Change.Delete("b"), new Change.Put("c", bytes(9)));
    assertThat(catalog.commit(List.of(new Condition("a", a), new Condition("b", 0)), changes))
        .isFalse();
    assertThat(catalog.commit(List.of(new Condition("a", a + 1_000)), changes)).isFalse();
    assertThat(catalog.commit(List.of(new Condition("absent", a)), changes)).isFalse();
    assertThat(get("a").value()).containsExactly(1);
    assertThat(get("b").value()).containsExactly(1);
    assertThat(catalog.get("c")).isEmpty();
    assertThat(catalog.commit(List.of(new Condition("a", a), new Condition("c", 0)), changes))
        .isTrue();
    assertThat(get("a").value()).containsExactly(9);
    assertThat(catalog.get("b")).isEmpty();
    assertThat(get("c").revision()).isEqualTo(get("a").revision());
  }

  @Test
  void aLaterChangeOfAKeyWins() {
    catalog.commit(
        List.of(),
        List.of(
            new Change.Put("a", bytes(1)), new Change.Delete("a"), new Change.Put("a", bytes(2))));
    assertThat(get("a").value()).containsExactly(2);
  }

  @Test
  void answersRangesInOrder() {
    for (String key : List.of("a/2", "a/10", "a", "a0", "b", "a/ü", "a_1", "a%", "A/1")) {
      put(catalog, key, 1);
    }
    assertThat(catalog.range("a/")).extracting(Entry::key).containsExactly("a/10", "a/2", "a/ü");
    assertThat(catalog.range("a_")).extracting(Entry::key).containsExactly("a_1");
    assertThat(catalog.range("a%")).extracting(Entry::key).containsExactly("a%");
    assertThat(catalog.range("")).extracting(Entry::key).isSorted().hasSize(9);
    assertThat(catalog.range("zzz")).isEmpty();
  }

  @Test
  void valuesAreNobodyElsesMemory() {
    byte[] value = {1};
    catalog.commit(List.of(), List.of(new Change.Put("a", value)));
    value[0] = 2;
    get("a").value()[0] = 3;
    catalog.range("a").getFirst().value()[0] = 4;
    assertThat(get("a").value()).containsExactly(1);
  }

  @Test
  void countsRightWhenManyCompareAndSet() throws Exception {
    put(catalog, "count", 0);
    List<Future<?>> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int thread = 0; thread < 4; thread++) {
        results.add(
            threads.submit(
                () -> {
                  for (int done = 0; done < 20; ) {
                    Entry entry = get("count");
                    Condition unchanged = new Condition("count", entry.revision());
                    Change more = new Change.Put("count", bytes(entry.value()[0] + 1));
                    done += catalog.commit(List.of(unchanged), List.of(more)) ? 1 : 0;
                  }
                }));
      }
      for (Future<?> result : results) {
        result.get();
      }
    }
    assertThat(get("count").value()).containsExactly(80);
  }

  @Test
  void behavesLikeAMap() {
    Random random = new Random(Seeds.seed(31));
    TreeMap<String, byte[]> model = new TreeMap<>();
    for (int step = 0; step < 300; step++) {
      String key = "k" + random.nextInt(20);
      boolean present = model.containsKey(key);
      boolean expectPresent = random.nextBoolean();
      long revision = expectPresent ? catalog.get(key).map(Entry::revision).orElse(-1L) : 0;
      Change change =
          random.nextInt(3) == 0 ? new Change.Delete(key) : new Change.Put(key, bytes(step));
      boolean applied = catalog.commit(List.of(new Condition(key, revision)), List.of(change));
      assertThat(applied).isEqualTo(present == expectPresent);
      if (applied) {
        switch (change) {
          case Change.Put put -> model.put(key, put.value());
          case Change.Delete delete -> model.remove(key);
        }
      }
      String prefix = "k" + random.nextInt(3);
      assertThat(catalog.range(prefix))
          .extracting(Entry::key)
          .containsExactlyElementsOf(
              model.tailMap(prefix).keySet().stream().filter(k -> k.startsWith(prefix)).toList());
      if (model.containsKey(key)) {
        assertThat(get(key).value()).isEqualTo(model.get(key));
      }
    }
  }
}
