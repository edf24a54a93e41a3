package io.elanus.store.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files as crashes leave them are read on from; files as bad disks leave them are refused. */
class LocalLogDamageTest {
  private static final String FIRST = "0000000000000001.log";
  private static final int HEADER = 64;
  private static final int FRAME = 24;
  private static final int CONTENT = 40;

  private final FaultyDisk disk = new FaultyDisk(1);

  /** Five records of equal size, each acknowledged before the next; never closed. */
  @BeforeEach
  void fiveRecords() {
    LocalLog log = open();
    for (int i = 1; i <= 5; i++) {
      Records.append(log, content(i));
      log.awaitDurable(i);
    }
  }

  private LocalLog open() {
    return LocalLog.open(disk, 1 << 20);
  }

  private static byte[] content(int operation) {
    byte[] content = new byte[CONTENT];
    Arrays.fill(content, (byte) operation);
    return content;
  }

  private static int frame(int operation) {
    return HEADER + (operation - 1) * (FRAME + CONTENT);
  }

  private void assertHolds(int records) {
    try (LocalLog log = open()) {
      assertThat(log.lastOperation()).isEqualTo(records);
      assertThat(Records.replay(log, 1)).hasSize(records);
    }
  }

  private void assertRefused() {
    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT))
        .hasMessageMatching("log file 000000000000000[16].log .*");
  }

  @Test
  void cutsATornTailAtEveryByteAndWritesOn() {
    byte[] whole = disk.bytes(FIRST);
    assertThat(whole).hasSize(frame(6));
    for (int size = frame(5); size < whole.length; size++) {
      removeAllBut(FIRST);
      disk.replace(FIRST, Arrays.copyOf(whole, size));
      LocalLog log = open();
      assertThat(log.lastOperation()).isEqualTo(4);
      assertThat(Records.append(log, content(9))).isEqualTo(5);
      log.awaitDurable(5);
      disk.cutPower();
      try (LocalLog again = open()) {
        assertThat(Records.replay(again, 1)).hasSize(5).last().isEqualTo(content(9));
      }
    }
  }

  /** Else the next write, as long as the torn one, would lead up to it. */
  @Test
  void whatFollowsATornRecordNeverComesBack() {
    LocalLog log = open();
    long last = log.lastOperation();
    int torn = disk.bytes(FIRST).length;
    Records.append(log, content(7));
    Records.append(log, content(8));
    log.awaitDurable(last + 2);
    byte[] bytes = disk.bytes(FIRST);
    bytes[torn + FRAME / 2] ^= 1;
    disk.replace(FIRST, bytes);
    LocalLog after = open();
    assertThat(after.lastOperation()).isEqualTo(last);
    assertThat(Records.append(after, content(9))).isEqualTo(last + 1);
    after.awaitDurable(last + 1);
    disk.cutPower();
    try (LocalLog again = open()) {
      assertThat(again.lastOperation()).isEqualTo(last + 1);
      assertThat(Records.replay(again, 1)).last().isEqualTo(content(9));
    }
  }

  @Test
  void refusesEveryFlippedBitInTheMiddle() {
    byte[] whole = disk.bytes(FIRST);
    for (int at = 0; at < frame(5); at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) (1 << at % 8);
      disk.replace(FIRST, damaged);
      assertRefused();
    }
  }

  @Test
  void aClosedLogRefusesEveryFlippedBit() {
    open().close();
    byte[] whole = disk.bytes(FIRST);
    assertThat(whole).hasSize(frame(6) + FRAME);
    for (int at = 0; at < frame(6); at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = whole.clone();
        damaged[at] ^= (byte) (1 << bit);
        disk.replace(FIRST, damaged);
        assertRefused();
      }
    }
    for (int at = frame(6); at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      disk.replace(FIRST, damaged);
      assertHolds(5);
    }
  }

  @Test
  void refusesZeroedSectorsAndSwappedRecords() {
    byte[] whole = disk.bytes(FIRST);
    byte[] zeroed = whole.clone();
    Arrays.fill(zeroed, 0, HEADER, (byte) 0);
    disk.replace(FIRST, zeroed);
    assertRefused();
    byte[] swapped = whole.clone();
    System.arraycopy(whole, frame(2), swapped, frame(3), FRAME + CONTENT);
    System.arraycopy(whole, frame(3), swapped, frame(2), FRAME + CONTENT);
    disk.replace(FIRST, swapped);
    assertRefused();
  }

  @Test
  void readsOnFromFilesThatACrashLeft() throws Exception {
    disk.replace("0000000000000006.log.unfinished", new byte[9]);
    disk.replace("notes.txt", new byte[9]);
    for (int size : new int[] {0, 1, HEADER - 1, HEADER}) {
      disk.replace("0000000000000006.log", new byte[size]);
      try (LocalLog log = open()) {
        assertThat(log.lastOperation()).isEqualTo(5);
        assertThat(disk.list()).doesNotContain("0000000000000006.log");
      }
    }
  }

  /** The empty file after it says how far it went. */
  @Test
  void aClosedLogThatLostItsEndIsRefused() {
    open().close();
    byte[] whole = disk.bytes(FIRST);
    for (int size = 0; size < frame(6); size++) {
      disk.replace(FIRST, Arrays.copyOf(whole, size));
      assertRefused();
    }
    disk.replace(FIRST, Arrays.copyOf(whole, frame(6)));
    assertHolds(5);
  }

  private void removeAllBut(String kept) {
    for (String name : disk.list()) {
      if (!name.equals(kept)) {
        disk.remove(name);
      }
    }
  }

  @Test
  void refusesAMissingFile() {
    try (LocalLog log = LocalLog.open(disk, 200)) {
      for (int i = 6; i <= 12; i++) {
        Records.append(log, content(i));
        log.awaitDurable(i);
      }
    }
    String second = "0000000000000006.log";
    byte[] kept = disk.bytes(second);
    disk.remove(second);
    assertThatThrownBy(this::open)
        .isInstanceOf(ElanusException.class)
        .hasMessageContaining("does not follow");
    disk.replace(second, kept);
    disk.remove(FIRST);
    LocalLog log = open();
    assertThat(Records.replay(log, 6)).hasSize(7);
    assertThatThrownBy(() -> Records.replay(log, 1))
        .isInstanceOf(ElanusException.class)
        .hasMessageContaining("missing");
  }

  @Test
  void refusesATornFileThatIsNotTheLast() {
    try (LocalLog log = LocalLog.open(disk, 200)) {
      Records.append(log, content(6));
    }
    byte[] whole = disk.bytes(FIRST);
    for (int size = 0; size < whole.length; size++) {
      disk.replace(FIRST, Arrays.copyOf(whole, size));
      assertRefused();
    }
  }

  @Test
  void noticesDamageWhileReplaying() {
    LocalLog log = open();
    byte[] damaged = disk.bytes(FIRST);
    damaged[frame(3) + 30] ^= 1;
    disk.replace(FIRST, damaged);
    assertThatThrownBy(() -> Records.replay(log, 1))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT));
    disk.replace(FIRST, Arrays.copyOf(damaged, frame(3)));
    assertThatThrownBy(() -> Records.replay(log, 1)).hasMessageContaining("byte " + frame(3));
  }

  @Test
  void opensATornTailOfRandomBytesQuickly() {
    byte[] whole = disk.bytes(FIRST);
    byte[] tail = new byte[20 << 20];
    new java.util.Random(1).nextBytes(tail);
    byte[] torn = Arrays.copyOf(whole, whole.length + tail.length);
    System.arraycopy(tail, 0, torn, whole.length, tail.length);
    disk.replace(FIRST, torn);
    assertHolds(5);
  }
}
