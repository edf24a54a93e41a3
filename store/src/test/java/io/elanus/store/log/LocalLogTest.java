package io.elanus.store.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalLogTest extends LogContract {
  @TempDir Path folder;

  @Override
  protected Log create() {
    return open(0);
  }

  private LocalLog open(long identity) {
    try {
      return LocalLog.open(new LocalLogFiles(folder.resolve("log")), 1_000, identity);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void findsEverythingAgainAfterClosing() {
    for (int life = 0; life < 5; life++) {
      try (LocalLog log = open(0)) {
        assertThat(log.lastOperation()).isEqualTo(life * 20L);
        assertThat(log.durableOperation()).isEqualTo(life * 20L);
        for (int i = 0; i < 20; i++) {
          Records.append(log, Records.of(6, log.lastOperation() + 1, 120));
        }
        // Closing forces what nobody awaited.
      }
    }
    try (LocalLog log = open(0)) {
      var records = Records.replay(log, 1);
      assertThat(records).hasSize(100);
      for (int i = 0; i < 100; i++) {
        assertThat(records.get(i)).isEqualTo(Records.of(6, i + 1, 120));
      }
    }
  }

  @Test
  void forgetsNoNumberWhenAllIsLetGo() {
    try (LocalLog log = open(0)) {
      for (int i = 0; i < 50; i++) {
        Records.append(log, new byte[100]);
      }
      log.awaitDurable(50);
      log.truncateBefore(51);
    }
    try (LocalLog log = open(0)) {
      assertThat(log.lastOperation()).isEqualTo(50);
      assertThat(Records.replay(log, 51)).isEmpty();
      assertThat(Records.append(log, new byte[1])).isEqualTo(51);
    }
  }

  @Test
  void anInterruptedWriterHarmsNobody() {
    try (LocalLog log = open(0)) {
      for (int i = 1; i <= 60; i++) {
        Records.append(log, new byte[100]);
        Thread.currentThread().interrupt();
        log.awaitDurable(i);
        assertThat(Thread.interrupted()).as("the interrupt is still the caller's").isTrue();
      }
      assertThat(Records.replay(log, 1)).hasSize(60);
    }
  }

  @Test
  void refusesOversizeRecordsAndAppendsAfterClosing() {
    LocalLog log = open(0);
    MemorySegment large = MemorySegment.NULL.reinterpret((256L << 20) + 1);
    assertThatThrownBy(() -> log.append(large))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
    log.close();
    log.close();
    assertThatThrownBy(() -> Records.append(log, new byte[1]))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY));
  }

  @Test
  void refusesTheFilesOfAnotherLog() {
    try (LocalLog log = open(7)) {
      Records.append(log, new byte[3]);
    }
    open(7).close();
    assertThatThrownBy(() -> open(8))
        .isInstanceOf(ElanusException.class)
        .hasMessageContaining("belongs to another log");
  }

  @Test
  void keepsItsFilesToItsOwner() throws IOException {
    try (LocalLog log = open(0)) {
      Records.append(log, new byte[3]);
      log.awaitDurable(1);
    }
    Path logs = folder.resolve("log");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(logs)))
        .isEqualTo("rwx------");
    Path file = logs.resolve("0000000000000001.log");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }
}
