package io.elanus.rag.parse;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What parent and child say to each other over two pipes. Numbers are big-endian; a text is its
 * length in bytes (int) and UTF-8.
 *
 * <pre>
 * child, once     byte 'R'  byte confined (1: the system refuses it sockets and programs)
 * parent          byte 'Q'  text content type  text name
 *                 int characters max  int blocks max  int depth max  long time in milliseconds
 *                 int bytes  the document
 * child           byte 'D'  text title  text text
 *                 int blocks, of each: byte kind  byte level  int start  int end
 *           or    byte 'E'  text sentence
 * </pre>
 *
 * <p>The parent trusts none of what it reads: lengths are within the limits before memory is taken,
 * blocks ascend inside the text.
 */
public final class ChildFrames {
  private static final byte READY = 'R';
  private static final byte REQUEST = 'Q';
  private static final byte DOCUMENT = 'D';
  private static final byte FAILURE = 'E';
  private static final int HEAD_BYTES_MAX = 4_096;
  private static final int SENTENCE_BYTES_MAX = 16_384;
  private static final Block.Kind[] KINDS = Block.Kind.values();

  private ChildFrames() {}

  /** What the child is asked. */
  public record Asked(Source source, ParseLimits limits) {}

  /** The pipe carried what no honest child or parent sends. */
  public static final class BrokenPeer extends IOException {
    BrokenPeer(String message) {
      super(message);
    }
  }

  public static void writeReady(DataOutputStream out, boolean confined) throws IOException {
    out.writeByte(READY);
    out.writeBoolean(confined);
    out.flush();
  }

  /** Whether the child is confined by the system. */
  public static boolean readReady(DataInputStream in) throws IOException {
    expect(in, READY);
    return in.readBoolean();
  }

  public static void writeRequest(DataOutputStream out, Source source, ParseLimits limits)
      throws IOException {
    out.writeByte(REQUEST);
    writeText(out, source.contentType(), HEAD_BYTES_MAX);
    writeText(out, source.name(), HEAD_BYTES_MAX);
    out.writeInt(limits.textCharsMax());
    out.writeInt(limits.blocksMax());
    out.writeInt(limits.depthMax());
    out.writeLong(limits.time().toMillis());
    out.writeInt(source.content().length);
    out.write(source.content());
    out.flush();
  }

  public static Asked readRequest(DataInputStream in, int documentBytesMax) throws IOException {
    expect(in, REQUEST);
    String contentType = readText(in, HEAD_BYTES_MAX);
    String name = readText(in, HEAD_BYTES_MAX);
    int textCharsMax = bounded(in.readInt(), 1 << 28);
    int blocksMax = bounded(in.readInt(), 1 << 24);
    int depthMax = bounded(in.readInt(), 1 << 20);
    Duration time = Duration.ofMillis(in.readLong());
    byte[] content = readBytes(in, documentBytesMax);
    return new Asked(
        new Source(name, contentType, content),
        new ParseLimits(documentBytesMax, textCharsMax, blocksMax, depthMax, time));
  }

  public static void writeDocument(DataOutputStream out, Extracted document) throws IOException {
    out.writeByte(DOCUMENT);
    writeText(out, document.title(), Integer.MAX_VALUE);
    writeText(out, document.text(), Integer.MAX_VALUE);
    out.writeInt(document.blocks().size());
    for (Block block : document.blocks()) {
      out.writeByte(block.kind().ordinal());
      out.writeByte(block.level());
      out.writeInt(block.start());
      out.writeInt(block.end());
    }
    out.flush();
  }

  public static void writeFailure(DataOutputStream out, String sentence) throws IOException {
    out.writeByte(FAILURE);
    writeText(out, sentence, SENTENCE_BYTES_MAX);
    out.flush();
  }

  /** The document, or the child's refusal as an exception. */
  public static Extracted readReply(DataInputStream in, ParseLimits limits) throws IOException {
    byte kind = in.readByte();
    if (kind == FAILURE) {
      throw new ElanusException(ErrorCode.INVALID_ARGUMENT, readText(in, SENTENCE_BYTES_MAX));
    }
    if (kind != DOCUMENT) {
      throw new BrokenPeer("a reply of kind " + kind);
    }
    String title = readText(in, HEAD_BYTES_MAX);
    String text = readText(in, 4 * limits.textCharsMax());
    if (text.length() > limits.textCharsMax()) {
      throw new BrokenPeer("a text of %d characters".formatted(text.length()));
    }
    int count = bounded(in.readInt(), limits.blocksMax());
    List<Block> blocks = new ArrayList<>(Math.min(count, 1 << 16));
    int from = 0;
    for (int i = 0; i < count; i++) {
      Block block = readBlock(in, from, text.length());
      blocks.add(block);
      from = block.end();
    }
    return new Extracted(title, text, blocks);
  }

  private static Block readBlock(DataInputStream in, int from, int textChars) throws IOException {
    int kind = in.readUnsignedByte();
    int level = in.readUnsignedByte();
    int start = in.readInt();
    int end = in.readInt();
    boolean heading = kind == Block.Kind.HEADING.ordinal();
    if (kind >= KINDS.length
        || level > 6
        || heading != (level > 0)
        || start < from
        || end <= start
        || end > textChars) {
      throw new BrokenPeer("a block %d/%d from %d to %d".formatted(kind, level, start, end));
    }
    return new Block(KINDS[kind], level, start, end);
  }

  private static void expect(DataInputStream in, byte kind) throws IOException {
    byte got = in.readByte();
    if (got != kind) {
      throw new BrokenPeer("%d in place of %d".formatted(got, kind));
    }
  }

  private static int bounded(int value, int max) throws IOException {
    if (value < 0 || value > max) {
      throw new BrokenPeer("the number %d above %d".formatted(value, max));
    }
    return value;
  }

  private static void writeText(DataOutputStream out, String text, int bytesMax)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, bytesMax);
    out.writeInt(length);
    out.write(bytes, 0, length);
  }

  private static String readText(DataInputStream in, int bytesMax) throws IOException {
    return new String(readBytes(in, bytesMax), StandardCharsets.UTF_8);
  }

  private static byte[] readBytes(DataInputStream in, int bytesMax) throws IOException {
    int length = bounded(in.readInt(), bytesMax);
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new BrokenPeer("%d of %d bytes".formatted(bytes.length, length));
    }
    return bytes;
  }
}
