package io.elanus.engine.write.bytes;

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
public final class DeletesFile {
  private static final String MAGIC = "ELADELE1";
  private static final int VERSION = 2;
  private static final int OWN = FileHeader.OWN_OFFSET;

  private DeletesFile() {}

  /** Writes all deletions there are now and answers how many. */
  public static int write(SealedSegment segment, String key, ObjectStore objects) {
    Content content = content(segment, key, Long.MAX_VALUE);
    try (ObjectStore.Writer out = objects.create(key)) {
      out.write(content.header());
      out.write(content.entries());
      out.commit();
    }
    return content.count();
  }

  /** What such a file holds. */
  public record Content(int count, MemorySegment header, MemorySegment entries) {}

  /** The deletions up to a timestamp, those later are left out; for an object of this key. */
  public static Content content(SealedSegment segment, String key, long upTo) {
    ByteSink entries = new ByteSink();
    int[] count = {0};
    segment
        .deletions()
        .forEach(
            segment.rowCount(),
            (row, timestamp) -> {
              if (timestamp <= upTo) {
                entries.putInt(row);
                entries.putLong(timestamp);
                count[0]++;
              }
            });
    MemorySegment header = MemorySegment.ofArray(new byte[FileHeader.BYTES]);
    header.set(FileHeader.LONG, OWN, segment.id());
    header.set(FileHeader.INT, OWN + 8, count[0]);
    header.set(FileHeader.INT, OWN + 12, Crc.of(entries.written()));
    header.set(FileHeader.INT, OWN + 16, identity(key));
    FileHeader.seal(header, MAGIC, VERSION);
    return new Content(count[0], header, entries.written());
  }

  private static int identity(String key) {
    return Crc.of(MemorySegment.ofArray(key.getBytes(StandardCharsets.UTF_8)));
  }

  public static void read(SealedSegment segment, String key, ObjectStore objects) {
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
