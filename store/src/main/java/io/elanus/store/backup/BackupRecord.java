package io.elanus.store.backup;

import io.elanus.model.Cut;
import io.elanus.store.format.Crc;
import io.elanus.store.format.FileHeader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What one backup holds: catalog entries as they are, and files by their digest.
 *
 * <pre>
 * header ELABACK1 (64 bytes); own fields: bytes of what follows (8), CRC-32C of them (4)
 * id, timestamp (8)
 * entries (4), per entry: key, length (4), value
 * files (4), per file: key, bytes (8), SHA-256 (32)
 * </pre>
 *
 * What follows the header is big-endian, texts in modified UTF-8 with a two-byte length, as {@link
 * DataOutputStream} writes them.
 *
 * @param timestamp of the state: every write at or below it is in the backup, and no other
 */
public record BackupRecord(
    String id, long timestamp, List<Cut.Entry> entries, List<StoredFile> files) {
  private static final String MAGIC = "ELABACK1";
  private static final int VERSION = 1;
  private static final int OWN = FileHeader.OWN_OFFSET;

  /** A file of the data folder: its object key, its size, and its SHA-256 in hexadecimal. */
  public record StoredFile(String key, long bytes, String digest) {}

  public BackupRecord {
    entries = List.copyOf(entries);
    files = List.copyOf(files);
  }

  /** Bytes of all its files, shared with other backups or not. */
  public long bytes() {
    return files.stream().mapToLong(StoredFile::bytes).sum();
  }

  byte[] encode() {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(content)) {
      out.writeUTF(id);
      out.writeLong(timestamp);
      out.writeInt(entries.size());
      for (Cut.Entry entry : entries) {
        out.writeUTF(entry.key());
        out.writeInt(entry.value().length);
        out.write(entry.value());
      }
      out.writeInt(files.size());
      for (StoredFile file : files) {
        out.writeUTF(file.key());
        out.writeLong(file.bytes());
        out.write(HexFormat.of().parseHex(file.digest()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] file = new byte[FileHeader.BYTES + content.size()];
    System.arraycopy(content.toByteArray(), 0, file, FileHeader.BYTES, content.size());
    MemorySegment bytes = MemorySegment.ofArray(file);
    bytes.set(FileHeader.LONG, OWN, content.size());
    bytes.set(FileHeader.INT, OWN + 8, Crc.of(bytes.asSlice(FileHeader.BYTES)));
    FileHeader.seal(bytes.asSlice(0, FileHeader.BYTES), MAGIC, VERSION);
    return file;
  }

  /** DATA_CORRUPT where the bytes are not those of the backup with this id. */
  static BackupRecord decode(String id, byte[] bytes) {
    String what = "the record of backup " + id;
    MemorySegment file = MemorySegment.ofArray(bytes);
    FileHeader.check(file, MAGIC, VERSION, what);
    MemorySegment content = file.asSlice(FileHeader.BYTES);
    if (file.get(FileHeader.LONG, OWN) != content.byteSize()
        || file.get(FileHeader.INT, OWN + 8) != Crc.of(content)) {
      throw FileHeader.corrupt(what + " differs from its checksum");
    }
    byte[] body = content.toArray(ValueLayout.JAVA_BYTE);
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(body))) {
      BackupRecord record = read(in);
      if (!record.id.equals(id)) {
        throw FileHeader.corrupt(what + " is that of backup " + record.id);
      }
      return record;
    } catch (IOException e) {
      throw FileHeader.corrupt(what + " is cut short");
    }
  }

  private static BackupRecord read(DataInputStream in) throws IOException {
    String id = in.readUTF();
    long timestamp = in.readLong();
    List<Cut.Entry> entries = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      String key = in.readUTF();
      entries.add(new Cut.Entry(key, in.readNBytes(in.readInt())));
    }
    List<StoredFile> files = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      String key = in.readUTF();
      long size = in.readLong();
      files.add(new StoredFile(key, size, HexFormat.of().formatHex(in.readNBytes(32))));
    }
    return new BackupRecord(id, timestamp, entries, files);
  }
}
