package io.elanus.store.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store of objects does. */
public abstract class ObjectStoreContract {
  protected ObjectStore objects;

  /** An empty store. */
  protected abstract ObjectStore create();

  @BeforeEach
  void createStore() {
    objects = create();
  }

  private static byte[] random(int bytes) {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return content;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 4_096, (1 << 20) - 1, 1 << 20, 3_000_001})
  void givesBackWhatWasPut(int bytes) {
    byte[] content = random(bytes);
    objects.put("a/b/c", content);
    assertThat(objects.read("a/b/c")).isEqualTo(content);
    assertThat(objects.size("a/b/c")).isEqualTo(bytes);
    assertThat(objects.exists("a/b/c")).isTrue();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mapped = objects.map("a/b/c", arena);
      assertThat(mapped.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(content);
      assertThat(mapped.isReadOnly()).isTrue();
      assertThat(mapped.address() % 64).isZero();
    }
  }

  @Test
  void anObjectIsVisibleOnlyOnceCommitted() {
    byte[] content = random(2_500_000);
    try (ObjectStore.Writer writer = objects.create("x/data")) {
      writer.write(MemorySegment.ofArray(content).asSlice(0, 1_700_000));
      writer.write(MemorySegment.ofArray(content).asSlice(1_700_000));
      assertThat(writer.position()).isEqualTo(content.length);
      assertThat(objects.exists("x/data")).isFalse();
      assertThat(objects.list("")).isEmpty();
      writer.commit();
      assertThat(objects.read("x/data")).isEqualTo(content);
      assertThatThrownBy(writer::commit).isInstanceOf(IllegalStateException.class);
    }
    assertThat(objects.list("")).containsExactly("x/data");
  }

  @Test
  void takesBytesFromAnyKindOfMemory() {
    float[] floats = {1, 2, 3};
    long[] longs = {4};
    try (Arena arena = Arena.ofConfined();
        ObjectStore.Writer writer = objects.create("x")) {
      writer.write(MemorySegment.ofArray(floats).asReadOnly());
      writer.write(MemorySegment.ofArray(longs));
      writer.write(arena.allocate(4));
      writer.commit();
    }
    MemorySegment read = MemorySegment.ofArray(objects.read("x"));
    assertThat(read.byteSize()).isEqualTo(24);
    assertThat(read.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 8)).isEqualTo(3f);
    assertThat(read.get(ValueLayout.JAVA_LONG_UNALIGNED, 12)).isEqualTo(4);
  }

  @Test
  void whatIsNotCommittedIsThrownAway() {
    objects.put("x", new byte[] {1});
    try (ObjectStore.Writer writer = objects.create("x")) {
      writer.write(MemorySegment.ofArray(new byte[5_000_000]));
    }
    assertThat(objects.read("x")).containsExactly(1);
    assertThat(objects.list("")).containsExactly("x");
  }

  @Test
  void writersOfOneKeyDoNotMeet() {
    try (ObjectStore.Writer one = objects.create("x");
        ObjectStore.Writer two = objects.create("x")) {
      one.write(MemorySegment.ofArray(new byte[] {1, 1}));
      two.write(MemorySegment.ofArray(new byte[] {2}));
      one.commit();
      assertThat(objects.read("x")).containsExactly(1, 1);
      two.commit();
      assertThat(objects.read("x")).containsExactly(2);
    }
  }

  @Test
  void putsOnlyWhereNothingIs() {
    assertThat(objects.putIfAbsent("a/x", new byte[] {1})).isTrue();
    assertThat(objects.putIfAbsent("a/x", new byte[] {2, 2})).isFalse();
    assertThat(objects.putIfAbsent("a/x", new byte[] {1})).isFalse();
    assertThat(objects.read("a/x")).containsExactly(1);
    assertThat(objects.list("")).containsExactly("a/x");
    objects.delete("a/x");
    assertThat(objects.putIfAbsent("a/x", new byte[0])).isTrue();
    assertThat(objects.read("a/x")).isEmpty();
  }

  @Test
  void ofManyWhoPutAtOnceOneSucceeds() throws Exception {
    for (int round = 0; round < 5; round++) {
      String key = "race/" + round;
      List<Future<Boolean>> results = new ArrayList<>();
      CyclicBarrier barrier = new CyclicBarrier(4);
      try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
        for (int thread = 0; thread < 4; thread++) {
          byte[] mine = {(byte) thread};
          results.add(
              threads.submit(
                  () -> {
                    barrier.await();
                    return objects.putIfAbsent(key, mine);
                  }));
        }
      }
      List<Byte> winners = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        if (results.get(thread).get()) {
          winners.add((byte) thread);
        }
      }
      assertThat(winners).hasSize(1);
      assertThat(objects.read(key)).containsExactly(winners.getFirst());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1 << 20, 3_000_001})
  void streamsFrontToBack(int bytes) {
    byte[] content = random(bytes);
    objects.put("a", content);
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    objects.stream(
        "a",
        piece -> {
          assertThat(piece.byteSize()).isBetween(1L, ObjectStore.PIECE_BYTES);
          seen.writeBytes(piece.toArray(ValueLayout.JAVA_BYTE));
        });
    assertThat(seen.toByteArray()).isEqualTo(content);
  }

  @Test
  void aligns() {
    try (ObjectStore.Writer writer = objects.create("x")) {
      writer.align(64);
      assertThat(writer.position()).isZero();
      writer.write(MemorySegment.ofArray(new byte[] {7}));
      writer.align(1);
      writer.align(64);
      assertThat(writer.position()).isEqualTo(64);
      writer.align(64);
      writer.write(MemorySegment.ofArray(new byte[] {8}));
      assertThat(writer.position()).isEqualTo(65);
      assertThatThrownBy(() -> writer.align(48)).isInstanceOf(IllegalArgumentException.class);
      writer.commit();
    }
    byte[] expected = new byte[65];
    expected[0] = 7;
    expected[64] = 8;
    assertThat(objects.read("x")).isEqualTo(expected);
  }

  @Test
  void aMappingOutlivesDeletionAndReplacement() {
    objects.put("a/x", new byte[] {1, 2, 3});
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment first = objects.map("a/x", arena);
      objects.put("a/x", new byte[] {9});
      MemorySegment second = objects.map("a/x", arena);
      objects.delete("a/x");
      assertThat(first.toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 2, 3);
      assertThat(second.toArray(ValueLayout.JAVA_BYTE)).containsExactly(9);
    }
    assertThat(objects.exists("a/x")).isFalse();
    objects.delete("a/x");
  }

  @Test
  void listsAndDeletesByPrefix() {
    for (String key : List.of("c/12/a", "c/1/a", "c/1/b/c", "c/1", "d")) {
      if (!key.equals("c/1")) {
        objects.put(key, new byte[] {1});
      }
    }
    assertThat(objects.list("")).containsExactly("c/1/a", "c/1/b/c", "c/12/a", "d");
    assertThat(objects.list("c/1")).containsExactly("c/1/a", "c/1/b/c", "c/12/a");
    assertThat(objects.list("c/1/")).containsExactly("c/1/a", "c/1/b/c");
    assertThat(objects.list("nothing/here/")).isEmpty();
    objects.put("c/12/b", new byte[3]);
    assertThat(objects.sizes("c/12"))
        .containsExactly(Map.entry("c/12/a", 1L), Map.entry("c/12/b", 3L));
    objects.delete("c/12/b");
    objects.deleteAll("c/1/");
    objects.deleteAll("c/1/");
    assertThat(objects.list("")).containsExactly("c/12/a", "d");
    objects.put("c/1/again", new byte[] {2});
    assertThat(objects.read("c/1/again")).containsExactly(2);
    objects.deleteAll("");
    assertThat(objects.list("")).isEmpty();
  }

  @Test
  void saysWhichObjectIsMissing() {
    try (Arena arena = Arena.ofConfined()) {
      for (Runnable call :
          List.<Runnable>of(
              () -> objects.read("gone/x"),
              () -> objects.size("gone/x"),
              () -> objects.stream("gone/x", piece -> {}),
              () -> objects.map("gone/x", arena))) {
        assertThatThrownBy(call::run)
            .isInstanceOfSatisfying(
                ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT))
            .hasMessageContaining("gone/x");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/etc/passwd",
        "..",
        "../x",
        "a/../../x",
        "a/..",
        "./a",
        "a//b",
        "a/",
        "a\\b",
        "a\0b",
        "a\nb",
        "C:/x",
        "a/x.unfinished",
        "x.unfinished/a"
      })
  void refusesKeysThatCouldLeaveItsFolder(String key) {
    for (Runnable call :
        List.<Runnable>of(
            () -> objects.create(key),
            () -> objects.put(key, new byte[0]),
            () -> objects.putIfAbsent(key, new byte[0]),
            () -> objects.stream(key, piece -> {}),
            () -> objects.read(key),
            () -> objects.exists(key),
            () -> objects.size(key),
            () -> objects.map(key, Arena.global()),
            () -> objects.delete(key))) {
      assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/etc/", "../", "..", "a/../", "a//", "a\\"})
  void refusesPrefixesThatCouldLeaveItsFolder(String prefix) {
    assertThatThrownBy(() -> objects.list(prefix)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> objects.deleteAll(prefix))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void manyThreadsCreateListAndDelete() throws Exception {
    List<Future<?>> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      for (int thread = 0; thread < 6; thread++) {
        String name = "t/" + thread % 3 + "/";
        String key = name + "f" + thread;
        results.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 25; i++) {
                    objects.put(key, new byte[] {(byte) i});
                    objects.list("t/");
                    objects.deleteAll(name);
                  }
                }));
      }
      for (Future<?> result : results) {
        result.get();
      }
    }
    assertThat(objects.list("")).isEmpty();
  }
}
