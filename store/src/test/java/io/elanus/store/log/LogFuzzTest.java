package io.elanus.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.format.FileHeader;
import io.elanus.testkit.damage.Edits;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A log whose last file is damaged is refused as DATA_CORRUPT, or opened with what it held, less a
 * tail, and goes on from there. The first byte of an input says how: bit 0, whether the header's
 * checksum is made right again; bit 1, whether the log had been closed; bit 2, whether the first
 * file is damaged in place of the last.
 */
class LogFuzzTest {
  private static final int RECORDS = 12;

  @FuzzTest
  void damagedFile(byte[] input) throws IOException {
    int how = input.length == 0 ? 0 : Byte.toUnsignedInt(input[0]);
    boolean closed = (how & 2) != 0;
    FaultyDisk disk = written(closed);
    List<String> names = disk.list().stream().sorted().toList();
    String name = (how & 4) != 0 ? names.getFirst() : names.getLast();
    byte[] good = bytes(disk, name);
    byte[] bad =
        Edits.apply(good, Arrays.copyOfRange(input, Math.min(1, input.length), input.length));
    if ((how & 1) != 0 && bad.length >= FileHeader.BYTES) {
      MemorySegment header = MemorySegment.ofArray(bad);
      String magic = new String(bad, 0, 8, StandardCharsets.ISO_8859_1);
      if (magic.equals(LogFrames.MAGIC)) {
        FileHeader.seal(header, magic, header.get(FileHeader.INT, 8));
      }
    }
    replace(disk, name, bad);
    List<String> held;
    try (LocalLog log = LocalLog.open(disk, 200, 7)) {
      held = records(log);
      log.awaitDurable(log.append(MemorySegment.ofArray(new byte[] {42})));
      assertThat(records(log)).hasSize(held.size() + 1);
    } catch (ElanusException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT);
      assertThat(Arrays.equals(bad, good)).as("refused though whole").isFalse();
      return;
    }
    assertThat(held).isEqualTo(all().subList(0, held.size()));
  }

  private static List<String> all() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      all.add("record " + i + "x".repeat(i));
    }
    return all;
  }

  private static FaultyDisk written(boolean closed) {
    FaultyDisk disk = new FaultyDisk(1);
    LocalLog log = LocalLog.open(disk, 200, 7);
    for (String record : all()) {
      log.awaitDurable(
          log.append(MemorySegment.ofArray(record.getBytes(StandardCharsets.US_ASCII))));
    }
    if (closed) {
      log.close();
    }
    return disk;
  }

  private static List<String> records(LocalLog log) {
    List<String> records = new ArrayList<>();
    log.replay(
        1,
        (operation, record) -> {
          assertThat(operation).isEqualTo(records.size() + 1);
          byte[] content = record.toArray(ValueLayout.JAVA_BYTE);
          records.add(new String(content, StandardCharsets.US_ASCII));
        });
    return records;
  }

  private static byte[] bytes(FaultyDisk disk, String name) throws IOException {
    try (Arena arena = Arena.ofConfined();
        LogFiles.LogFile file = disk.open(name)) {
      return file.map(arena).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private static void replace(FaultyDisk disk, String name, byte[] content) throws IOException {
    try (LogFiles.LogFile file = disk.open(name)) {
      file.truncate(0);
      file.write(ByteBuffer.wrap(content), 0);
      file.force();
    }
  }
}
