package io.elanus.rag.drift;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.CRC32C;

/**
 * What is known of a collection, as bytes. Big endian.
 *
 * <pre>
 * int    mark  0x456C4431
 * text   model (2 bytes of length, modified UTF-8): name, version, dimension
 * four times, for the baseline of questions, the newest questions, the baseline of documents, and
 * documents as they were sampled last:
 *   long   vectors, double[256] the sum of their features
 * int    CRC-32C of everything before
 * </pre>
 */
final class DriftFile {
  private static final int MARK = 0x456C4431;
  private static final int CHECKSUM_BYTES = 4;

  private DriftFile() {}

  /** What a collection's vectors are compared by. */
  record Content(String model, Series questions, Mean baseline, Mean documents) {}

  static byte[] encode(Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MARK);
      out.writeUTF(content.model());
      Series.Snapshot questions = content.questions().snapshot();
      write(out, questions.baseline());
      write(out, questions.recent());
      write(out, content.baseline());
      write(out, content.documents());
      out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory cannot be written", e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, Mean mean) throws IOException {
    out.writeLong(mean.count());
    for (double x : mean.sum()) {
      out.writeDouble(x);
    }
  }

  /**
   * @throws ElanusException DATA_CORRUPT
   */
  static Content decode(byte[] bytes) {
    int end = bytes.length - CHECKSUM_BYTES;
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (end < 0 || in.readInt() != MARK) {
        throw new IOException("another kind of file");
      }
      Content content =
          new Content(in.readUTF(), new Series(mean(in), mean(in)), mean(in), mean(in));
      if (in.available() != CHECKSUM_BYTES || in.readInt() != checksum(bytes, end)) {
        throw new IOException("another checksum");
      }
      return content;
    } catch (IOException e) {
      throw new ElanusException(
          ErrorCode.DATA_CORRUPT, "the baseline of the drift watch cannot be read", e);
    }
  }

  private static Mean mean(DataInputStream in) throws IOException {
    long count = in.readLong();
    double[] sum = new double[Features.COUNT];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = in.readDouble();
    }
    return new Mean(sum, count);
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
