package io.elanus.engine.write;

import io.elanus.engine.segment.Deletions;
import io.elanus.engine.segment.SealedSegment;
import io.elanus.store.format.Crc;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * The deleted rows of a sealed segment at a checkpoint.
 *
 * <pre>
 * header ELADELE1 (64 bytes); own fields: segment id (8), entries (4), CRC-32C of the entries (4);
 *   from version 2 CRC-32C of the file's key (4), so that another or an older one is noticed
 * per deleted row: row (4), timestamp (8)
 * </pre>
 */
final class DeletesFile {
  private static final String MAGIC = "ELADELE1";
  private static final int VERSION = 2;
  private static final int OWN = FileHeader.OWN_OFFSET;

  private DeletesFile() {}

  /** Writes all deletions there are now and answers how many. */
  static int write(SealedSegment segment, String key, ObjectStore objects) {
    ByteSink entries = new ByteSink();
    int[] count = {0};
    segment
        .deletions()
        .forEach(
            segment.rowCount(),
            (row, timestamp) -> {
              entries.putInt(row);
              entries.putLong(timestamp);
              count[0]++;
            });
    MemorySegment header = MemorySegment.ofArray(new byte[FileHeader.BYTES]);
    header.set(FileHeader.LONG, OWN, segment.id());
    header.set(FileHeader.INT, OWN + 8, count[0]);
    header.set(FileHeader.INT, OWN + 12, Crc.of(entries.written()));
    header.set(FileHeader.INT, OWN + 16, identity(key));
    FileHeader.seal(header, MAGIC, VERSION);
    try (ObjectStore.Writer out = objects.create(key)) {
      out.write(header);
      out.write(entries.written());
      out.commit();
    }
    return count[0];
  }

  private static int identity(String key) {
    return Crc.of(MemorySegment.ofArray(key.getBytes(StandardCharsets.UTF_8)));
  }

  static void read(SealedSegment segment, String key, ObjectStore objects) {
    MemorySegment file = MemorySegment.ofArray(objects.read(key));
    FileHeader.check(file, MAGIC, VERSION, "a delete file");
    MemorySegment entries = file.asSlice(FileHeader.BYTES);
    int count = file.get(FileHeader.INT, OWN + 8);
    boolean named = file.get(FileHeader.INT, 8) >= 2;
    if (file.get(FileHeader.LONG, OWN) != segment.id()
        || named && file.get(FileHeader.INT, OWN + 16) != identity(key)
        || entries.byteSize() != 12L * count
        || file.get(FileHeader.INT, OWN + 12) != Crc.of(entries)) {
      throw FileHeader.corrupt("a delete file is damaged or of another segment");
    }
    Deletions deletions = segment.deletions();
    ByteSink.Source from = new ByteSink.Source(entries);
    for (int i = 0; i < count; i++) {
      int row = from.takeInt();
      deletions.delete(row, from.takeLong());
    }
  }
}
