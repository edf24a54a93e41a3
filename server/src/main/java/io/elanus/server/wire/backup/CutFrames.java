package io.elanus.server.wire.backup;

import io.elanus.model.Cut;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A state of collections as a stream: big-endian, texts in modified UTF-8 with a two-byte length.
 *
 * <pre>
 * "ELANCUT1"
 * timestamp (8), entries (4), per entry: key, length (4), value
 * bytes of all files (8), files (4)
 * per file: 1, key, bytes (8), SHA-256 (32), then 1 and the content, or 0 where the client has it
 * at the end: 2; or, in place of a file or the end: 3, error code, sentence
 * </pre>
 *
 * A stream without an end is none: the server died, or the connection.
 */
public final class CutFrames {
  /** Where the server answers. */
  public static final String PATH = "/elanus/backup";

  private static final long MAGIC = 0x454C414E43555431L;
  static final int FILE = 1;
  static final int END = 2;
  static final int ERROR = 3;

  private CutFrames() {}

  /** What a stream begins with. */
  public record Head(long timestamp, List<Cut.Entry> entries, long bytes, int files) {}

  /** A file; where {@code sent}, its content follows. */
  public record FileHead(String key, long bytes, String digest, boolean sent) {}

  static void writeHead(DataOutputStream out, Head head) throws IOException {
    out.writeLong(MAGIC);
    out.writeLong(head.timestamp());
    out.writeInt(head.entries().size());
    for (Cut.Entry entry : head.entries()) {
      out.writeUTF(entry.key());
      out.writeInt(entry.value().length);
      out.write(entry.value());
    }
    out.writeLong(head.bytes());
    out.writeInt(head.files());
  }

  static void writeFile(DataOutputStream out, FileHead file) throws IOException {
    out.writeByte(FILE);
    out.writeUTF(file.key());
    out.writeLong(file.bytes());
    out.write(HexFormat.of().parseHex(file.digest()));
    out.writeByte(file.sent() ? 1 : 0);
  }

  static void writeError(DataOutputStream out, ErrorCode code, String sentence) throws IOException {
    out.writeByte(ERROR);
    out.writeUTF(code.name());
    out.writeUTF(sentence.length() > 10_000 ? sentence.substring(0, 10_000) : sentence);
  }

  /** Receives what a stream holds, in its order. */
  public interface Receiver {
    void head(Head head) throws IOException;

    /** A file; of its content, where it is sent, exactly its bytes may be read. */
    void file(FileHead file, InputStream content) throws IOException;
  }

  /**
   * Reads a whole stream; returns after its end.
   *
   * @throws ElanusException what the server says went wrong, or INTERNAL for a stream that breaks
   *     off
   */
  public static void read(InputStream stream, Receiver receiver) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    try {
      if (in.readLong() != MAGIC) {
        throw new ElanusException(
            ErrorCode.INTERNAL, "the server answers something else than a backup");
      }
      Head head = head(in);
      receiver.head(head);
      for (int i = 0; i < head.files(); i++) {
        expect(in, FILE);
        String key = in.readUTF();
        long bytes = in.readLong();
        String digest = HexFormat.of().formatHex(exactly(in, 32));
        receiver.file(new FileHead(key, bytes, digest, in.readByte() == 1), in);
      }
      expect(in, END);
    } catch (EOFException e) {
      throw new ElanusException(
          ErrorCode.INTERNAL, "the server broke off in the middle; run the backup again", e);
    }
  }

  private static Head head(DataInputStream in) throws IOException {
    long timestamp = in.readLong();
    List<Cut.Entry> entries = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      String key = in.readUTF();
      entries.add(new Cut.Entry(key, exactly(in, in.readInt())));
    }
    return new Head(timestamp, entries, in.readLong(), in.readInt());
  }

  private static byte[] exactly(DataInputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }

  private static void expect(DataInputStream in, int kind) throws IOException {
    int found = in.readByte();
    if (found == ERROR) {
      ErrorCode code = ErrorCode.valueOf(in.readUTF().toUpperCase(Locale.ROOT));
      throw new ElanusException(code, in.readUTF());
    }
    if (found != kind) {
      throw new ElanusException(ErrorCode.INTERNAL, "the stream of the backup is garbled");
    }
  }
}
