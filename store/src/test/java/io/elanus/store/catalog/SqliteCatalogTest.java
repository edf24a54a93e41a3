package io.elanus.store.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.testkit.fixture.Seeds;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteCatalogTest extends CatalogContract {
  @TempDir Path folder;

  @Override
  protected Catalog create() {
    return SqliteCatalog.open(file());
  }

  private Path file() {
    return folder.resolve("data/catalog.db");
  }

  @Test
  void findsEverythingAgain() {
    put(catalog, "a", 1, 2);
    long revision = catalog.get("a").orElseThrow().revision();
    catalog.close();
    catalog = create();
    assertThat(catalog.get("a").orElseThrow().value()).containsExactly(1, 2);
    assertThat(catalog.get("a").orElseThrow().revision()).isEqualTo(revision);
    put(catalog, "b", 1);
    assertThat(catalog.get("b").orElseThrow().revision()).isGreaterThan(revision);
  }

  @Test
  void keepsItsFilesToItsOwner() throws IOException {
    put(catalog, "a", 1);
    try (Stream<Path> files = Files.list(file().getParent())) {
      assertThat(files.toList())
          .hasSizeGreaterThan(1)
          .allSatisfy(
              f ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(f)))
                      .isEqualTo("rw-------"));
    }
  }

  @Test
  void refusesAFileThatIsNoCatalog() throws IOException {
    Path other = folder.resolve("other.db");
    Files.writeString(other, "This is a text about birds of prey. ".repeat(100));
    assertCorrupt(other);
  }

  /** A flipped bit is refused, or stands where it changes no entry. */
  @Test
  void neverAnswersADamagedEntry() throws IOException {
    for (int i = 0; i < 60; i++) {
      put(catalog, "key" + i, i, i, i, i, i, i, i, i, i, i, i, i, i, i, i, i);
    }
    catalog.close();
    byte[] whole = Files.readAllBytes(file());
    Random random = new Random(Seeds.seed(41));
    int refused = 0;
    for (int flip = 0; flip < 300; flip++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
      Path copy = folder.resolve("copy" + flip + ".db");
      Files.write(copy, damaged);
      try (SqliteCatalog opened = SqliteCatalog.open(copy)) {
        assertThat(opened.range("")).hasSize(60);
        for (int i = 0; i < 60; i++) {
          byte value = (byte) i;
          assertThat(opened.get("key" + i).orElseThrow().value()).hasSize(16).containsOnly(value);
        }
      } catch (ElanusException e) {
        assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.DATA_CORRUPT);
        refused++;
      }
    }
    assertThat(refused).isPositive();
    catalog = create();
  }

  @Test
  void noticesAValueThatChangedBehindItsBack() throws Exception {
    put(catalog, "a", 1);
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = other.createStatement()) {
      assertThat(statement.executeUpdate("UPDATE entry SET value = x'02'")).isEqualTo(1);
    }
    assertThatThrownBy(() -> catalog.get("a"))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT))
        .hasMessageContaining("entry a is damaged");
    assertCorrupt(file());
  }

  @Test
  void aChangeThatFindsNoRoomChangesNothing() throws Exception {
    put(catalog, "a", 1);
    catalog.close();
    try (SqliteCatalog full = SqliteCatalog.open(file())) {
      full.limitPages(8);
      byte[] large = new byte[1 << 20];
      assertThatThrownBy(
              () ->
                  full.commit(
                      List.of(),
                      List.of(new Catalog.Change.Delete("a"), new Catalog.Change.Put("b", large))))
          .isInstanceOfSatisfying(
              ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_LIMIT));
      assertThat(full.get("a")).isPresent();
      assertThat(put(full, "c", 1)).isTrue();
    }
    catalog = create();
    assertThat(catalog.range("")).extracting(Catalog.Entry::key).containsExactly("a", "c");
  }

  @Test
  void keepsWhatWasCommittedWhenKilled() throws Exception {
    catalog.close();
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                file().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int committed = -1;
    try (BufferedReader out = child.inputReader()) {
      for (int i = 0; i < 40; i++) {
        committed = Integer.parseInt(out.readLine());
      }
      child.toHandle().destroyForcibly();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        committed = Integer.parseInt(line);
      }
    }
    child.waitFor();
    catalog = create();
    assertThat(catalog.range("k").size()).isBetween(committed + 1, committed + 2);
    assertThat(catalog.range("also").size()).isEqualTo(catalog.range("k").size());
  }

  private static void assertCorrupt(Path file) {
    assertThatThrownBy(() -> SqliteCatalog.open(file))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT));
  }

  /** The child: two keys at a time, said once they are committed. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) {
      SqliteCatalog catalog = SqliteCatalog.open(Path.of(args[0]));
      for (int i = 0; true; i++) {
        catalog.commit(
            List.of(),
            List.of(
                new Catalog.Change.Put("k" + i, new byte[100]),
                new Catalog.Change.Put("also" + i, new byte[100])));
        System.out.println(i);
      }
    }
  }
}
