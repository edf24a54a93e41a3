package io.elanus.store.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalObjectsTest extends ObjectStoreContract {
  @TempDir Path folder;

  @Override
  protected ObjectStore create() {
    return new LocalObjects(folder.resolve("data"));
  }

  @Test
  void removesWhatCrashesLeftAndKeepsTheRest() throws IOException {
    objects.put("a/b/x", new byte[] {1});
    ObjectStore.Writer abandoned = objects.create("a/b/y");
    abandoned.write(MemorySegment.ofArray(new byte[2 << 20]));
    assertThat(files()).hasSize(2);
    ObjectStore reopened = create();
    assertThat(files()).hasSize(1);
    assertThat(reopened.list("")).containsExactly("a/b/x");
    assertThatThrownBy(abandoned::commit).isInstanceOf(ElanusException.class);
    abandoned.close();
  }

  @Test
  void removesEmptyFolders() throws IOException {
    objects.put("a/b/c/x", new byte[1]);
    objects.put("a/d/x", new byte[1]);
    objects.deleteAll("a/b/");
    assertThat(folder.resolve("data/a/b")).doesNotExist();
    assertThat(folder.resolve("data/a/d")).exists();
    try (ObjectStore.Writer writer = objects.create("a/d/y")) {
      objects.deleteAll("a/");
      writer.write(MemorySegment.ofArray(new byte[] {5}));
      writer.commit();
    }
    assertThat(objects.read("a/d/y")).containsExactly(5);
  }

  @Test
  void aFolderGoesWithWhatAWriterCouldNotRemove() throws IOException {
    objects.put("a/b/x", new byte[1]);
    Files.write(folder.resolve("data/a/b/y.7" + Keys.UNFINISHED), new byte[3]);
    objects.deleteAll("a/");
    assertThat(folder.resolve("data/a")).doesNotExist();
  }

  @Test
  void keepsItsFilesToItsOwner() throws IOException {
    objects.put("a/b/x", new byte[1]);
    for (String name : new String[] {"data", "data/a", "data/a/b"}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
          .isEqualTo("rwx------");
    }
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("data/a/b/x"))))
        .isEqualTo("rw-------");
  }

  @Test
  void saysWhatItCouldNotWrite() throws IOException {
    Files.writeString(folder.resolve("data/file"), "in the way");
    assertThatThrownBy(() -> objects.put("file/x", new byte[1]))
        .isInstanceOf(ElanusException.class)
        .hasMessageContaining("could not create file/x");
    Files.createDirectories(folder.resolve("data/full/x/y"));
    assertThatThrownBy(() -> objects.put("full/x", new byte[1]))
        .isInstanceOf(ElanusException.class)
        .hasMessageContaining("could not write full/x");
    assertThat(files()).hasSize(1);
  }

  private Stream<Path> filesBelow() throws IOException {
    return Files.walk(folder).filter(Files::isRegularFile);
  }

  private Path[] files() throws IOException {
    try (Stream<Path> files = filesBelow()) {
      return files.toArray(Path[]::new);
    }
  }
}
