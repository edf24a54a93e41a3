package io.elanus.store.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.Cut;
import io.elanus.model.error.ElanusException;
import io.elanus.store.object.LocalObjects;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.object.ObjectStore;
import io.elanus.store.object.ReadOnlyObjects;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupsTest {
  private static final long NOW = 1_790_000_000_000L << 18;

  @TempDir Path folder;

  private static Cut cut(long timestamp, Map<String, String> files) {
    List<Cut.Part> parts = new ArrayList<>();
    new TreeMap<>(files)
        .forEach((key, text) -> parts.add(part(key, text.getBytes(StandardCharsets.UTF_8))));
    return new Cut() {
      @Override
      public long timestamp() {
        return timestamp;
      }

      @Override
      public List<Entry> entries() {
        return List.of(new Entry("collection/7", new byte[] {1, 2, 3}));
      }

      @Override
      public List<Part> parts() {
        return parts;
      }

      @Override
      public void close() {}
    };
  }

  private static Cut.Part part(String key, byte[] bytes) {
    return new Cut.Part() {
      @Override
      public String key() {
        return key;
      }

      @Override
      public MemorySegment content() {
        return MemorySegment.ofArray(bytes);
      }

      @Override
      public void verify() {}
    };
  }

  private static final Map<String, String> FIRST =
      Map.of("a/data", "rows of a", "a/index", "an index", "b/data", "rows of b", "b/empty", "");
  private static final Map<String, String> SECOND =
      Map.of(
          "a/data", "rows of a", "a/index", "another", "b/data", "more of b", "c/data", "an index");

  private static Map<String, String> restored(Backups backups, String id) {
    ObjectStore into = new MemoryObjects();
    backups.restore(backups.read(id), into, Progress.NONE);
    return content(into);
  }

  private static Map<String, String> content(ObjectStore objects) {
    Map<String, String> found = new TreeMap<>();
    for (String key : objects.list("")) {
      found.put(key, new String(objects.read(key), StandardCharsets.UTF_8));
    }
    return found;
  }

  @Test
  void whatWasCopiedComesBack() throws IOException {
    Backups backups = new Backups(new LocalObjects(folder));
    Backups.Made first = backups.copy(cut(NOW, FIRST), Progress.NONE);
    Backups.Made second = backups.copy(cut(NOW + 1, SECOND), Progress.NONE);
    assertThat(first.copied().files()).isEqualTo(4);
    // "rows of a" is there, and "an index" as another file.
    assertThat(second.copied().files()).isEqualTo(2);
    assertThat(backups.ids()).containsExactly(first.record().id(), second.record().id());
    assertThat(second.record().id()).isEqualTo("20260921T141320.000Z-2");
    Backups reading = new Backups(new ReadOnlyObjects(folder));
    assertThat(restored(reading, first.record().id())).isEqualTo(FIRST);
    assertThat(restored(reading, second.record().id())).isEqualTo(SECOND);
    assertThat(reading.read(first.record().id()).entries().getFirst().value())
        .containsExactly(1, 2, 3);
    assertThat(reading.read(first.record().id()).timestamp()).isEqualTo(NOW);
  }

  @Test
  void deletingOneLeavesTheOthersWhole() throws IOException {
    ObjectStore place = new MemoryObjects();
    Backups backups = new Backups(place);
    String first = backups.copy(cut(NOW, FIRST), Progress.NONE).record().id();
    String second = backups.copy(cut(NOW + 1, SECOND), Progress.NONE).record().id();
    Backups.Removed removed = backups.delete(first);
    assertThat(removed.files()).isEqualTo(2);
    assertThat(restored(backups, second)).isEqualTo(SECOND);
    assertThatThrownBy(() -> backups.read(first)).hasMessageContaining("there is no backup");
    assertThatThrownBy(() -> backups.delete(first)).hasMessageContaining("there is no backup");
    backups.delete(second);
    assertThat(place.list("")).isEmpty();
  }

  /** Of a damaged record nobody knows what it needs. */
  @Test
  void nothingIsCollectedBesideADamagedRecord() throws IOException {
    ObjectStore place = new MemoryObjects();
    Backups backups = new Backups(place);
    String first = backups.copy(cut(NOW, FIRST), Progress.NONE).record().id();
    String second = backups.copy(cut(NOW + 1, SECOND), Progress.NONE).record().id();
    byte[] bytes = place.read("backup/" + first);
    bytes[80] ^= 4;
    place.put("backup/" + first, bytes);
    List<String> before = place.list("");
    assertThatThrownBy(() -> backups.delete(second)).isInstanceOf(ElanusException.class);
    assertThat(place.list("")).isEqualTo(before);
    // The damaged one itself may go.
    backups.delete(first);
    assertThat(restored(backups, second)).isEqualTo(SECOND);
  }

  /** The process dies at its n-th call to the place, for every n until it gets through. */
  @Test
  void aBackupThatDiesIsNotListedAndTheNextOneGoesOn() throws IOException {
    int died = 0;
    for (int n = 1; ; n++) {
      ObjectStore disk = new MemoryObjects();
      String first = new Backups(disk).copy(cut(NOW, FIRST), Progress.NONE).record().id();
      FaultyPlace faulty = new FaultyPlace(disk, n);
      boolean done = false;
      try {
        new Backups(faulty).copy(cut(NOW + (1L << 30), SECOND), Progress.NONE);
        done = true;
      } catch (ElanusException e) {
        assertThat(e).hasMessageContaining("injected");
        died++;
      }
      assertThat(faulty.dead()).as("the fault landed at call %d", n).isEqualTo(!done);
      Backups after = new Backups(disk);
      assertThat(after.ids()).hasSize(done ? 2 : 1).contains(first);
      for (String id : after.ids()) {
        assertThat(after.verify(id, Progress.NONE)).isEmpty();
      }
      assertThat(restored(after, first)).isEqualTo(FIRST);
      Backups.Made again = after.copy(cut(NOW + (2L << 30), SECOND), Progress.NONE);
      assertThat(restored(after, again.record().id())).isEqualTo(SECOND);
      if (done) {
        assertThat(again.copied().files()).isZero();
        break;
      }
    }
    assertThat(died).isGreaterThan(10);
  }

  /** A delete that dies leaves every backup that is still listed whole. */
  @Test
  void aDeleteThatDiesBreaksNoOtherBackup() throws IOException {
    for (int n = 1; ; n++) {
      ObjectStore disk = new MemoryObjects();
      String first = new Backups(disk).copy(cut(NOW, FIRST), Progress.NONE).record().id();
      String second = new Backups(disk).copy(cut(NOW + 1, SECOND), Progress.NONE).record().id();
      boolean done = false;
      try {
        new Backups(new FaultyPlace(disk, n)).delete(first);
        done = true;
      } catch (ElanusException e) {
        assertThat(e).hasMessageContaining("injected");
      }
      Backups after = new Backups(disk);
      assertThat(restored(after, second)).isEqualTo(SECOND);
      if (after.ids().contains(first)) {
        assertThat(restored(after, first)).isEqualTo(FIRST);
      }
      if (done) {
        assertThat(n).isGreaterThan(5);
        break;
      }
      // What it left is collected with the next one.
      after.delete(second);
      if (!after.ids().contains(first)) {
        assertThat(disk.list("")).isEmpty();
      }
    }
  }

  /**
   * Every byte of every file of the place, one bit flipped; each is found, and nothing restored.
   */
  @Test
  void everyFlippedBitIsFound() throws IOException {
    Backups backups = new Backups(new LocalObjects(folder));
    String id = backups.copy(cut(NOW, FIRST), Progress.NONE).record().id();
    int flipped = 0;
    for (Path file : files()) {
      byte[] whole = Files.readAllBytes(file);
      for (int at = 0; at < whole.length; at++) {
        byte[] damaged = whole.clone();
        damaged[at] ^= (byte) (1 << at % 8);
        Files.write(file, damaged);
        assertThat(backups.verify(id, Progress.NONE)).as("%s, byte %d", file, at).isNotEmpty();
        assertThatThrownBy(() -> restored(backups, id)).isInstanceOf(ElanusException.class);
        flipped++;
      }
      Files.write(file, whole);
      Path away = file.resolveSibling("away");
      Files.move(file, away);
      if (file.getParent().endsWith("backup")) {
        assertThatThrownBy(() -> backups.verify(id, Progress.NONE))
            .isInstanceOf(ElanusException.class);
      } else {
        assertThat(backups.verify(id, Progress.NONE)).as("missing %s", file).isNotEmpty();
      }
      Files.move(away, file);
    }
    assertThat(flipped).isGreaterThan(100);
    assertThat(backups.verify(id, Progress.NONE)).isEmpty();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void whatChangesOnItsWayIsNotKept() {
    ObjectStore place = new MemoryObjects();
    BackupWriter writer = new Backups(place).begin(Progress.NONE);
    MemorySegment bytes = MemorySegment.ofArray(new byte[] {1, 2, 3});
    String digest = Digest.of(bytes);
    assertThatThrownBy(
            () ->
                writer.add(
                    "a",
                    3,
                    digest,
                    sink -> sink.write(MemorySegment.ofArray(new byte[] {1, 2, 4}))))
        .hasMessageContaining("changed on its way");
    assertThat(place.list("")).isEmpty();
  }
}
