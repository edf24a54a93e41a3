package io.elanus.index.damage;

import io.elanus.store.format.Crc;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/** Damage that the checksums do not show, as a bug or an attacker would leave it. */
final class Resealed {
  private static final int END_BYTES = 16;

  private Resealed() {}

  /** Makes the checksums of an index file's header and end right again, in place. */
  static byte[] index(byte[] file) {
    MemorySegment bytes = MemorySegment.ofArray(file);
    if (file.length < FileHeader.BYTES + END_BYTES) {
      return file;
    }
    CRC32C header = new CRC32C();
    Crc.update(header, bytes.asSlice(0, 12));
    Crc.update(header, bytes.asSlice(16, FileHeader.BYTES - 16));
    bytes.set(FileHeader.INT, 12, (int) header.getValue());
    long body = file.length - END_BYTES;
    bytes.set(FileHeader.LONG, body, body);
    bytes.set(FileHeader.INT, body + 8, Crc.of(bytes.asSlice(0, body)));
    return file;
  }
}
