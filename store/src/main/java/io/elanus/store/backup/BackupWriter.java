package io.elanus.store.backup;

import io.elanus.model.Cut;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.backup.BackupRecord.StoredFile;
import io.elanus.store.object.ObjectStore;
import io.elanus.store.time.Timestamps;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One backup being made. Nothing of it is listed before {@link #publish}; files that were copied
 * stay either way, and whoever tries again finds them there.
 */
public final class BackupWriter {
  /** Sorts by time, and has no character that an object key may not have. */
  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final ObjectStore place;
  private final Map<String, Long> there;
  private final Progress progress;
  private final List<StoredFile> files = new ArrayList<>();
  private int copiedFiles;
  private long copiedBytes;

  /**
   * @param there sizes of the files that the place has, by their keys; asked for once, since a
   *     place may be far away
   */
  BackupWriter(ObjectStore place, Map<String, Long> there, Progress progress) {
    this.place = place;
    this.there = new HashMap<>(there);
    this.progress = progress;
  }

  /** Gives a file's bytes, piece by piece. */
  @FunctionalInterface
  public interface Content {
    void into(Sink sink) throws IOException;
  }

  /** Takes a piece, off the heap or in an array of bytes. */
  @FunctionalInterface
  public interface Sink {
    void write(MemorySegment piece);
  }

  /** What a backup cost. */
  public record Copied(int files, long bytes) {}

  /** Whether a file of this digest and size is there. */
  public boolean has(String digest, long bytes) {
    return Long.valueOf(bytes).equals(there.get(Backups.fileKey(digest)));
  }

  /**
   * Adds a file; its content is asked for only where the place lacks it.
   *
   * @throws ElanusException DATA_CORRUPT where the content differs from its digest
   */
  public void add(String key, long bytes, String digest, Content content) throws IOException {
    if (has(digest, bytes)) {
      progress.advance(bytes);
    } else {
      copy(key, bytes, digest, content);
    }
    files.add(new StoredFile(key, bytes, digest));
  }

  private void copy(String key, long bytes, String digest, Content content) throws IOException {
    Digest seen = new Digest();
    try (ObjectStore.Writer out = place.create(Backups.fileKey(digest))) {
      content.into(
          piece -> {
            seen.update(piece);
            out.write(piece);
            progress.advance(piece.byteSize());
          });
      if (out.position() != bytes || !seen.hex().equals(digest)) {
        throw new ElanusException(
            ErrorCode.DATA_CORRUPT,
            "%s changed on its way into the backup; run the backup again".formatted(key));
      }
      out.commit();
    }
    there.put(Backups.fileKey(digest), bytes);
    copiedFiles++;
    copiedBytes += bytes;
  }

  /** Makes it a backup: all of its files are durable, and now so is its record. */
  public BackupRecord publish(long timestamp, List<Cut.Entry> entries) {
    String id = ID.format(Instant.ofEpochMilli(Timestamps.physicalMillis(timestamp)));
    String free = id;
    for (int i = 2; ; i++) {
      BackupRecord record = new BackupRecord(free, timestamp, entries, files);
      if (place.putIfAbsent(Backups.recordKey(free), record.encode())) {
        return record;
      }
      free = id + "-" + i;
    }
  }

  public Copied copied() {
    return new Copied(copiedFiles, copiedBytes);
  }
}
