package io.elanus.store.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.Cut;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.object.ObjectStore;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HeldObjectsTest {
  private static final int LARGE = 100_000;

  private final MemoryObjects disk = new MemoryObjects();
  private final HeldObjects objects = new HeldObjects(disk);

  /** The state of a database, of which only the closing matters here. */
  private static final class Rows implements Cut {
    boolean closed;

    @Override
    public long timestamp() {
      return 1_790_000_000_000L << 18;
    }

    @Override
    public List<Entry> entries() {
      return List.of();
    }

    @Override
    public List<Part> parts() {
      return List.of();
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static byte[] bytes(int size, int seed) {
    byte[] all = new byte[size];
    new Random(seed).nextBytes(all);
    return all;
  }

  private Cut hold(Cut rows) {
    return objects.with(() -> rows, "d/", (cut, key) -> !key.startsWith("d/other/"));
  }

  private static Map<String, byte[]> content(Cut cut) {
    Map<String, byte[]> found = new TreeMap<>();
    for (Cut.Part part : cut.parts()) {
      found.put(part.key(), part.content().toArray(ValueLayout.JAVA_BYTE));
      assertThat(part.bytes()).isEqualTo(found.get(part.key()).length);
    }
    return found;
  }

  private static Map<String, byte[]> content(ObjectStore of, String prefix) {
    Map<String, byte[]> found = new TreeMap<>();
    of.list(prefix).forEach(key -> found.put(key, of.read(key)));
    return found;
  }

  private static void same(Map<String, byte[]> one, Map<String, byte[]> other) {
    assertThat(one.keySet()).isEqualTo(other.keySet());
    one.forEach((key, value) -> assertThat(value).as(key).isEqualTo(other.get(key)));
  }

  /** Random writes: to the writer they are as they are without it, to the state they are not. */
  @Test
  void aStateStaysWhileWritesGoOn() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      MemoryObjects plain = new MemoryObjects();
      objects.deleteAll("");
      for (int i = 0; i < 30; i++) {
        write(random, plain);
      }
      Map<String, byte[]> before = content(disk, "d/");
      before.keySet().removeIf(key -> key.startsWith("d/other/"));
      Rows rows = new Rows();
      try (Cut cut = hold(rows)) {
        for (int i = 0; i < 30; i++) {
          write(random, plain);
          same(content(objects, ""), content(plain, ""));
          if (i % 10 == 0) {
            same(content(cut), before);
          }
        }
        same(content(cut), before);
      }
      assertThat(rows.closed).isTrue();
      same(content(objects, ""), content(plain, ""));
      same(content(disk, ""), content(plain, ""));
    }
  }

  private void write(Random random, ObjectStore plain) {
    String key = List.of("d/", "d/other/", "e/").get(random.nextInt(3)) + random.nextInt(4);
    byte[] content = bytes(random.nextBoolean() ? 10 : LARGE, random.nextInt());
    switch (random.nextInt(6)) {
      case 0 -> {
        objects.delete(key);
        plain.delete(key);
      }
      case 1 -> {
        objects.deleteAll("d/other/");
        plain.deleteAll("d/other/");
      }
      case 2 ->
          assertThat(objects.putIfAbsent(key, content)).isEqualTo(plain.putIfAbsent(key, content));
      case 3 -> {
        try (ObjectStore.Writer writer = objects.create(key)) {
          writer.write(java.lang.foreign.MemorySegment.ofArray(content));
          writer.commit();
        }
        plain.put(key, content);
      }
      default -> {
        objects.put(key, content);
        plain.put(key, content);
      }
    }
    assertThat(objects.exists(key)).isEqualTo(plain.exists(key));
  }

  @Test
  void whatSaysWhatCountsIsDeletedAtOnce() {
    objects.put("d/record", bytes(100, 1));
    objects.put("d/content", bytes(LARGE, 1));
    try (Cut cut = hold(new Rows())) {
      objects.deleteAll("d/");
      // As a crash now would leave it.
      assertThat(disk.list("")).containsExactly("d/content");
      assertThat(content(cut)).containsOnlyKeys("d/content", "d/record");
    }
    assertThat(disk.list("")).isEmpty();
  }

  @Test
  void noWriteFallsBetweenTheTwoStates() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean written = new AtomicBoolean();
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    begun.await();
                  } catch (InterruptedException e) {
                    return;
                  }
                  objects.put("d/late", new byte[1]);
                  written.set(true);
                });
    try (Cut cut =
        objects.with(
            () -> {
              begun.countDown();
              try {
                // It would be through by now.
                writer.join(200);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              assertThat(written).isFalse();
              return new Rows();
            },
            "d/",
            (all, key) -> true)) {
      writer.join(TimeUnit.SECONDS.toMillis(20));
      assertThat(written).isTrue();
      assertThat(cut.parts()).isEmpty();
    }
  }

  @Test
  void oneStateAtATimeAndNoneAfterAFailure() throws IOException {
    objects.put("d/x", new byte[] {1});
    assertThatThrownBy(
            () ->
                objects.with(
                    () -> {
                      throw new IllegalArgumentException("no such collection");
                    },
                    "d/",
                    (cut, key) -> true))
        .hasMessage("no such collection");
    Rows second = new Rows();
    try (Cut cut = hold(new Rows())) {
      assertThatThrownBy(() -> hold(second)).isInstanceOf(IllegalStateException.class);
      Backups backups = new Backups(new MemoryObjects());
      BackupRecord record = backups.copy(cut, Progress.NONE).record();
      MemoryObjects into = new MemoryObjects();
      backups.restore(record, into, Progress.NONE);
      assertThat(into.read("d/x")).containsExactly(1);
    }
    hold(new Rows()).close();
  }
}
