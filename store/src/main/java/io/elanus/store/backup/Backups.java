package io.elanus.store.backup;

import io.elanus.model.Cut;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.backup.BackupRecord.StoredFile;
import io.elanus.store.object.ObjectStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The backups of one place.
 *
 * <pre>
 * backup/&lt;id&gt;                         {@link BackupRecord}
 * file/&lt;2 digits&gt;/&lt;SHA-256&gt;           a file, whichever backups have it
 * </pre>
 *
 * What is listed is what the records name, never what lies around. One writer or deleter of a place
 * at a time: who deletes collects files that no record names, and a backup being made has none.
 */
public final class Backups {
  private static final String RECORDS = "backup/";
  private static final String FILES = "file/";
  private static final long PIECE_BYTES = 1 << 20;
  private static final int CHECKED_EVERY = 64;

  private final ObjectStore place;

  public Backups(ObjectStore place) {
    this.place = place;
  }

  static String recordKey(String id) {
    return RECORDS + id;
  }

  static String fileKey(String digest) {
    return FILES + digest.substring(0, 2) + "/" + digest;
  }

  /** Their ids, oldest first. */
  public List<String> ids() {
    return place.list(RECORDS).stream().map(key -> key.substring(RECORDS.length())).toList();
  }

  /** INVALID_ARGUMENT where there is none, DATA_CORRUPT where its record is damaged. */
  public BackupRecord read(String id) {
    if (!ids().contains(id)) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "there is no backup %s here; there are %s".formatted(id, ids()));
    }
    return BackupRecord.decode(id, place.read(recordKey(id)));
  }

  /** Digests of all files that are there, of finished backups or not. */
  public Set<String> digests() {
    Set<String> digests = new HashSet<>();
    for (String key : place.list(FILES)) {
      String name = key.substring(key.lastIndexOf('/') + 1);
      if (Digest.isOne(name) && key.equals(fileKey(name))) {
        digests.add(name);
      }
    }
    return digests;
  }

  public BackupWriter begin(Progress progress) {
    return new BackupWriter(place, place.sizes(FILES), progress);
  }

  /** A finished backup and what it cost. */
  public record Made(BackupRecord record, BackupWriter.Copied copied) {}

  public Made copy(Cut cut, Progress progress) throws IOException {
    return copy(cut, progress, () -> {});
  }

  /**
   * Copies a state that is at hand. Every file is verified by the checksums it carries first.
   *
   * @param stillMine throws where another has become the writer of this place
   */
  public Made copy(Cut cut, Progress progress, Runnable stillMine) throws IOException {
    BackupWriter writer = begin(progress);
    for (Cut.Part part : cut.parts()) {
      part.verify();
      MemorySegment content = part.content();
      writer.add(part.key(), content.byteSize(), Digest.of(content), sink -> pieces(content, sink));
    }
    stillMine.run();
    return new Made(writer.publish(cut.timestamp(), cut.entries()), writer.copied());
  }

  private static void pieces(MemorySegment content, BackupWriter.Sink sink) {
    for (long at = 0; at < content.byteSize(); at += PIECE_BYTES) {
      sink.write(content.asSlice(at, Math.min(PIECE_BYTES, content.byteSize() - at)));
    }
  }

  // --- verify -----------------------------------------------------------------------------------

  /** Reads every byte of a backup; answers what is wrong, a sentence each. */
  public List<String> verify(String id, Progress progress) {
    BackupRecord record;
    try {
      record = read(id);
    } catch (ElanusException e) {
      if (e.code() != ErrorCode.DATA_CORRUPT) {
        throw e;
      }
      return List.of(e.getMessage() + "; this backup cannot be restored");
    }
    List<String> problems = new ArrayList<>();
    Map<String, String> seen = new HashMap<>();
    Set<String> there = place.sizes(FILES).keySet();
    for (StoredFile file : record.files()) {
      String problem =
          seen.computeIfAbsent(
              file.digest(),
              digest ->
                  there.contains(fileKey(digest))
                      ? problem(file, progress)
                      : "is missing (%s)".formatted(fileKey(digest)));
      if (!problem.isEmpty()) {
        problems.add(file.key() + " of backup " + id + " " + problem);
      }
    }
    return problems;
  }

  private String problem(StoredFile file, Progress progress) {
    String key = fileKey(file.digest());
    try {
      if (!arrives(file, progress, piece -> {})) {
        return "is damaged (%s); remove that file, and the next backup copies it anew where the data still has it"
            .formatted(key);
      }
      return "";
    } catch (ElanusException e) {
      if (e.code() != ErrorCode.DATA_CORRUPT) {
        // Of a place that cannot be reached, nobody knows whether it is damaged.
        throw e;
      }
      return "cannot be read (%s): %s".formatted(key, e.getMessage());
    }
  }

  /** Gives a file's bytes, and says whether they were the right ones. */
  private boolean arrives(StoredFile file, Progress progress, Consumer<MemorySegment> to) {
    Digest seen = new Digest();
    long[] bytes = new long[1];
    place.stream(
        fileKey(file.digest()),
        piece -> {
          seen.update(piece);
          to.accept(piece);
          bytes[0] += piece.byteSize();
          progress.advance(piece.byteSize());
        });
    return bytes[0] == file.bytes() && seen.hex().equals(file.digest());
  }

  // --- delete -----------------------------------------------------------------------------------

  /** How many files, and bytes, went with a backup. */
  public record Removed(int files, long bytes) {}

  public Removed delete(String id) {
    return delete(id, () -> {});
  }

  /**
   * Deletes a backup, and then every file that no other one names. All other records must be whole:
   * of one that is damaged nobody knows which files it needs.
   *
   * @param stillMine throws where another has become the writer of this place
   */
  public Removed delete(String id, Runnable stillMine) {
    if (!ids().contains(id)) {
      read(id);
    }
    Set<String> needed = new HashSet<>();
    for (String other : ids()) {
      if (!other.equals(id)) {
        read(other).files().forEach(file -> needed.add(fileKey(file.digest())));
      }
    }
    stillMine.run();
    place.delete(recordKey(id));
    int files = 0;
    long bytes = 0;
    for (Map.Entry<String, Long> file : place.sizes(FILES).entrySet()) {
      if (!needed.contains(file.getKey())) {
        if (files % CHECKED_EVERY == 0) {
          stillMine.run();
        }
        bytes += file.getValue();
        files++;
        place.delete(file.getKey());
      }
    }
    return new Removed(files, bytes);
  }

  // --- restore ----------------------------------------------------------------------------------

  /**
   * Copies a backup's files into a place that has none of them. Each is compared with its digest
   * before it appears there; when this returns, all are durable. The catalog's entries are the
   * caller's to publish, last and at once.
   */
  public void restore(BackupRecord record, ObjectStore into, Progress progress) {
    for (StoredFile file : record.files()) {
      try (ObjectStore.Writer out = into.create(file.key())) {
        if (!arrives(file, progress, out::write)) {
          throw new ElanusException(
              ErrorCode.DATA_CORRUPT,
              "%s of backup %s is damaged (%s); nothing was restored, try an older backup"
                  .formatted(file.key(), record.id(), fileKey(file.digest())));
        }
        out.commit();
      }
    }
  }
}
