package io.elanus.engine.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.engine.database.DamagedFolder.Golden;
import io.elanus.engine.write.WriteConfig;
import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.testkit.contract.OpenCollection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage inside a file that opens: what is refused, what serves on, and what is made again. */
class ProofTest {
  private static final String NAME = "graph";

  @TempDir Path folder;
  private Golden golden;
  private Path data;

  @BeforeEach
  void fill() throws IOException {
    golden = Golden.create(folder);
    data = golden.closed();
  }

  private List<Path> files(String name) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      return files
          .filter(file -> file.toString().contains("/segment/"))
          .filter(file -> file.getFileName().toString().matches(name))
          .sorted()
          .toList();
    }
  }

  /** One bit of the first place where these bytes stand in a segment's rows. */
  private void change(ByteBuffer wanted) throws IOException {
    for (Path file : files("data.arrow")) {
      byte[] bytes = Files.readAllBytes(file);
      int at = indexOf(bytes, wanted.array());
      if (at >= 0) {
        bytes[at + 2] ^= 1;
        Files.write(file, bytes);
        return;
      }
    }
    throw new IllegalStateException("no segment has these bytes");
  }

  private void changeAVector() throws IOException {
    ByteBuffer wanted = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    for (float component : DamagedFolder.vector(1)) {
      wanted.putFloat(component);
    }
    change(wanted);
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int at = 0; at + wanted.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }

  private static void refused(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT))
        .hasMessageContaining("field v in segment");
  }

  @Test
  void aDamagedColumnIsRefusedByNameAndTheRestServes() throws IOException {
    changeAVector();
    // Nothing in the background: the first use finds it.
    try (FolderDatabase database = FolderDatabase.open(data, WriteConfig.DEFAULT, task -> {})) {
      OpenCollection collection =
          new OpenCollection(database, Caller.SYSTEM, DamagedFolder.schema(NAME));
      assertThat(database.local().damaged()).isEmpty();
      assertThat(collection.query("id == 1", "n", "text")).hasSize(1);
      refused(() -> collection.query("id == 1", "v"));
      refused(() -> collection.search(collection.nearest(3, DamagedFolder.vector(1))));
      assertThat(collection.query("id == 250", "v")).hasSize(1);
      assertThat(golden.stateOf("lists", database)).isZero();
      assertThat(database.local().damaged())
          .singleElement()
          .asString()
          .contains("field v in segment");
    }
  }

  /** What was never acknowledged as a whole may go; a torn write is no damage. */
  @Test
  void theTornEndOfAKilledLogIsCut() throws IOException {
    data = golden.killed();
    List<Path> logs;
    try (Stream<Path> files = Files.walk(data.resolve("log"))) {
      logs = files.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path log : logs) {
      byte[] whole = Files.readAllBytes(log);
      Files.write(log, Arrays.copyOf(whole, whole.length - 3));
    }
    try (FolderDatabase database = DamagedFolder.open(data)) {
      assertThat(database.local().damaged()).as("%s", logs).isEmpty();
      assertThat(golden.names()).allMatch(name -> golden.stateOf(name, database) == 1);
    }
  }

  @Test
  void theWalkAfterTheStartFindsWhatNobodyUses() throws IOException {
    changeAVector();
    try (FolderDatabase database = DamagedFolder.open(data)) {
      assertThat(database.local().damaged()).hasSize(1);
    }
  }

  @Test
  void aDamagedIndexIsLeftOutAndBuiltAgain() throws IOException {
    Path file = files("index-.*").getFirst();
    byte[] whole = Files.readAllBytes(file);
    byte[] damaged = whole.clone();
    damaged[damaged.length / 2] ^= 4;
    Files.write(file, damaged);
    List<Runnable> later = new ArrayList<>();
    try (FolderDatabase database = FolderDatabase.open(data, WriteConfig.DEFAULT, later::add)) {
      assertThat(golden.stateOf(NAME, database)).isZero();
    }
    try (FolderDatabase database = DamagedFolder.open(data)) {
      assertThat(golden.stateOf(NAME, database)).isZero();
      assertThat(database.local().damaged()).isEmpty();
    }
    // The same file made anew, or that of the segment its rows were merged into.
    List<Path> present = files("index-.*");
    assertThat(present).isNotEmpty();
    for (Path index : present) {
      assertThat(Files.readAllBytes(index)).isNotEqualTo(damaged);
    }
  }

  @Test
  void aDeleteThatCannotSeeItsRowsIsRefusedAndNotLogged() throws IOException {
    ByteBuffer keys = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    keys.putLong(50).putLong(51).putLong(52);
    change(keys);
    try (FolderDatabase database = FolderDatabase.open(data, WriteConfig.DEFAULT, task -> {})) {
      OpenCollection collection =
          new OpenCollection(database, Caller.SYSTEM, DamagedFolder.schema(NAME));
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> collection.delete("id in [60]"))
            .isInstanceOfSatisfying(
                ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT));
      }
      assertThat(golden.stateOf("disk", database)).isZero();
    }
  }
}
