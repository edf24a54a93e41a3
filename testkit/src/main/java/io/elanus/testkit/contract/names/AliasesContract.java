package io.elanus.testkit.contract.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.Aliases.Alias;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionVersion;
import io.elanus.model.schema.Schema;
import io.elanus.testkit.contract.DatabaseUnderTest;
import io.elanus.testkit.contract.OpenCollection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Other names of collections. */
public interface AliasesContract extends DatabaseUnderTest {
  private OpenCollection by(String alias) {
    Schema s = DatabaseUnderTest.plain(alias);
    return new OpenCollection(database(), ME, s);
  }

  @Test
  default void anAliasIsTakenWhereverANameIs() {
    filled("c", 3);
    database().aliases().create(ME, "nick", "c");
    assertThat(database().collections().exists(ME, "nick")).isTrue();
    assertThat(database().collections().describe(ME, "nick").name()).isEqualTo("c");
    by("nick").insert(DatabaseUnderTest.row(3, 3, 3, 3));
    by("nick").delete("id == 0");
    assertThat(by("nick").keys("id >= 0")).containsExactly(1L, 2L, 3L);
    assertThat(OpenCollection.keysOf(by("nick").search(by("nick").nearest(1, 3, 3))))
        .containsExactly(3L);
    assertThat(database().collections().rowCount(ME, "nick")).isEqualTo(3);
    assertThat(database().partitions().list(ME, "nick")).hasSize(1);
    assertThat(database().indexes().describe(ME, "nick", "")).hasSize(1);
    refused(ErrorCode.INVALID_ARGUMENT, () -> database().collections().drop(ME, "nick"));
    assertThat(database().collections().exists(ME, "c")).isTrue();
  }

  @Test
  default void aliasesAreListedAlteredAndDropped() {
    filled("a", 1);
    filled("b", 2);
    database().aliases().create(ME, "x", "a");
    database().aliases().create(ME, "x", "a");
    database().aliases().create(ME, "y", "a");
    database().aliases().create(ME, "z", "b");
    assertThat(database().aliases().list(ME, "a"))
        .containsExactlyInAnyOrder(new Alias("x", "a"), new Alias("y", "a"));
    assertThat(database().aliases().list(ME, "")).hasSize(3);
    assertThat(database().collections().describe(ME, "a").aliases())
        .containsExactlyInAnyOrder("x", "y");
    database().aliases().alter(ME, "x", "b");
    assertThat(database().aliases().describe(ME, "x")).isEqualTo("b");
    assertThat(by("x").count("")).isEqualTo(2);
    database().aliases().drop(ME, "x");
    database().aliases().drop(ME, "x");
    refused(ErrorCode.ALIAS_NOT_FOUND, () -> database().aliases().describe(ME, "x"));
    refused(ErrorCode.COLLECTION_NOT_FOUND, () -> by("x").count(""));
  }

  @Test
  default void wrongUseOfAliasesIsRefused() {
    filled("a", 1);
    filled("b", 1);
    database().aliases().create(ME, "nick", "a");
    refused(ErrorCode.ALIAS_CONFLICT, () -> database().aliases().create(ME, "b", "a"));
    refused(ErrorCode.ALIAS_EXISTS, () -> database().aliases().create(ME, "nick", "b"));
    refused(ErrorCode.COLLECTION_NOT_FOUND, () -> database().aliases().create(ME, "other", "none"));
    refused(ErrorCode.ALIAS_NOT_FOUND, () -> database().aliases().alter(ME, "none", "a"));
    refused(ErrorCode.COLLECTION_NOT_FOUND, () -> database().aliases().alter(ME, "nick", "none"));
    refused(ErrorCode.ALIAS_NOT_FOUND, () -> database().aliases().describe(ME, "a"));
    refused(ErrorCode.COLLECTION_NOT_FOUND, () -> database().aliases().list(ME, "none"));
    refused(
        ErrorCode.ALIAS_CONFLICT,
        () ->
            database()
                .collections()
                .create(ME, OpenCollection.spec(DatabaseUnderTest.plain("nick"))));
    for (String bad : List.of("", "1a", "a b", "x".repeat(256))) {
      refused(ErrorCode.INVALID_NAME, () -> database().aliases().create(ME, bad, "a"));
    }
    assertThat(database().aliases().list(ME, "")).containsExactly(new Alias("nick", "a"));
  }

  @Test
  default void collectionsExchangeNamesAndAliases() {
    filled("a", 1);
    filled("b", 2);
    database().aliases().create(ME, "of_a", "a");
    database().aliases().create(ME, "of_b", "b");
    long a = database().collections().describe(ME, "a").id();
    long b = database().collections().describe(ME, "b").id();
    refused(ErrorCode.INVALID_ARGUMENT, () -> database().collections().exchange(ME, "of_a", "b"));
    refused(
        ErrorCode.COLLECTION_NOT_FOUND, () -> database().collections().exchange(ME, "a", "none"));
    CollectionVersion before = database().collections().version(ME, "a");
    database().collections().exchange(ME, "a", "b");
    for (int look = 0; look < 2; look++) {
      assertThat(database().collections().describe(ME, "a").id()).isEqualTo(b);
      assertThat(database().collections().describe(ME, "of_a").id()).isEqualTo(b);
      assertThat(database().collections().describe(ME, "b").id()).isEqualTo(a);
      assertThat(database().collections().describe(ME, a).name()).isEqualTo("b");
      assertThat(database().collections().describe(ME, a).aliases()).containsExactly("of_b");
      assertThat(by("a").count("")).isEqualTo(2);
      assertThat(by("of_a").keys("id >= 0")).containsExactly(0L, 1L);
      assertThat(by("b").count("")).isEqualTo(1);
      assertThat(by("of_b").count("")).isEqualTo(1);
      reopen();
    }
    database().collections().exchange(ME, "a", "b");
    CollectionVersion after = database().collections().version(ME, "a");
    assertThat(after.id()).isEqualTo(before.id());
    assertThat(after.definition()).isGreaterThan(before.definition());
    database().collections().exchange(ME, "a", "a");
    assertThat(database().collections().version(ME, "a")).isEqualTo(after);
  }

  /** Whoever asks under a name meets one collection whole, or the other. */
  @Test
  default void nobodySeesHalfAnExchange() throws Exception {
    filled("a", 1);
    filled("b", 2);
    database().aliases().create(ME, "of_a", "a");
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger looks = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> readers = new ArrayList<>();
      for (String name : List.of("a", "b", "of_a")) {
        readers.add(
            threads.submit(
                () -> {
                  String own = name.equals("of_a") ? "a" : name;
                  while (!done.get()) {
                    assertThat(database().collections().version(ME, name).name()).isEqualTo(own);
                    looks.incrementAndGet();
                    Thread.yield();
                  }
                }));
      }
      for (int i = 0; i < 101; i++) {
        database().collections().exchange(ME, "a", "b");
      }
      done.set(true);
      for (Future<?> reader : readers) {
        reader.get();
      }
    }
    assertThat(looks.get()).isPositive();
    assertThat(by("a").count("")).isEqualTo(2);
  }
}
