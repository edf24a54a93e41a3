package io.elanus.rag.cache;

import io.elanus.model.info.CollectionVersion;
import io.elanus.rag.knowledge.Chunk;
import io.elanus.rag.retrieve.Found;
import io.elanus.rag.retrieve.Passage;
import io.elanus.rag.retrieve.Passage.Stage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Answers as bytes, for a cache that other processes share. Big endian; a text is its length in
 * bytes (int) and UTF-8; a list is its length (int) and its items.
 *
 * <pre>
 * int   mark     0x456C4B31
 * text  subject  what was asked, to be compared
 * text, long, long, long, long   name, id, definition, operation, found (milliseconds since 1970)
 * list  passages: chunk, double score, 4 stages, list before, list after
 * int   CRC-32C of everything before
 *
 * stage: byte 0, or byte 1, int rank, double score
 * chunk: texts id, source, text, title, heading, hash, metadata; ints index, start, end;
 *        long timestamp; list of texts tags
 * </pre>
 */
final class KeptCodec {
  private static final int MARK = 0x456C4B31;
  private static final int LIST_MAX = 10_000;

  private KeptCodec() {}

  static byte[] encode(Subject subject, Kept kept) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MARK);
      text(out, subject.digest());
      text(out, kept.version().name());
      out.writeLong(kept.version().id());
      out.writeLong(kept.version().definition());
      out.writeLong(kept.version().operation());
      out.writeLong(kept.foundMillis());
      out.writeInt(kept.found().passages().size());
      for (Passage passage : kept.found().passages()) {
        passage(out, passage);
      }
      out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory cannot be written", e);
    }
    return bytes.toByteArray();
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static void passage(DataOutputStream out, Passage passage) throws IOException {
    chunk(out, passage.chunk());
    out.writeDouble(passage.score());
    stage(out, passage.why().dense());
    stage(out, passage.why().text());
    stage(out, passage.why().fused());
    stage(out, passage.why().reranked());
    chunks(out, passage.before());
    chunks(out, passage.after());
  }

  private static void stage(DataOutputStream out, Stage stage) throws IOException {
    boolean there = stage.rank().isPresent() && stage.score().isPresent();
    out.writeBoolean(there);
    if (there) {
      out.writeInt(stage.rank().getAsInt());
      out.writeDouble(stage.score().getAsDouble());
    }
  }

  private static void chunks(DataOutputStream out, List<Chunk> chunks) throws IOException {
    out.writeInt(chunks.size());
    for (Chunk chunk : chunks) {
      chunk(out, chunk);
    }
  }

  private static void chunk(DataOutputStream out, Chunk chunk) throws IOException {
    text(out, chunk.id());
    text(out, chunk.sourceId());
    text(out, chunk.text());
    text(out, chunk.title());
    text(out, chunk.heading());
    text(out, chunk.documentHash());
    text(out, chunk.metadata());
    out.writeInt(chunk.index());
    out.writeInt(chunk.start());
    out.writeInt(chunk.end());
    out.writeLong(chunk.timestampMillis());
    out.writeInt(chunk.tags().size());
    for (String tag : chunk.tags()) {
      text(out, tag);
    }
  }

  /** Nothing where the bytes are not whole, or are the answer to another question. */
  static Optional<Kept> decode(Subject subject, byte[] bytes) {
    if (bytes.length < 2 * Integer.BYTES) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int end = bytes.length - Integer.BYTES;
    if (in.getInt(end) != checksum(bytes, end)) {
      return Optional.empty();
    }
    in.limit(end);
    try {
      if (in.getInt() != MARK || !text(in).equals(subject.digest())) {
        return Optional.empty();
      }
      CollectionVersion version =
          new CollectionVersion(text(in), in.getLong(), in.getLong(), in.getLong());
      long foundMillis = in.getLong();
      List<Passage> passages = new ArrayList<>();
      int count = size(in);
      for (int i = 0; i < count; i++) {
        passages.add(passage(in));
      }
      return Optional.of(new Kept(version, new Found(passages, List.of(), false), foundMillis));
    } catch (BufferUnderflowException | IllegalArgumentException | CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static int size(ByteBuffer in) {
    int size = in.getInt();
    if (size < 0 || size > LIST_MAX) {
      throw new IllegalArgumentException("no list has %d items".formatted(size));
    }
    return size;
  }

  private static String text(ByteBuffer in) throws CharacterCodingException {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer part = in.slice(in.position(), length);
    in.position(in.position() + length);
    return StandardCharsets.UTF_8.newDecoder().decode(part).toString();
  }

  private static Passage passage(ByteBuffer in) throws CharacterCodingException {
    Chunk chunk = chunk(in);
    double score = in.getDouble();
    Passage.Why why = new Passage.Why(stage(in), stage(in), stage(in), stage(in));
    return new Passage(chunk, score, why, chunks(in), chunks(in));
  }

  private static Stage stage(ByteBuffer in) {
    return in.get() == 0 ? Stage.ABSENT : Stage.of(in.getInt(), in.getDouble());
  }

  private static List<Chunk> chunks(ByteBuffer in) throws CharacterCodingException {
    List<Chunk> chunks = new ArrayList<>();
    int count = size(in);
    for (int i = 0; i < count; i++) {
      chunks.add(chunk(in));
    }
    return chunks;
  }

  private static Chunk chunk(ByteBuffer in) throws CharacterCodingException {
    String id = text(in);
    String source = text(in);
    String text = text(in);
    String title = text(in);
    String heading = text(in);
    String hash = text(in);
    String metadata = text(in);
    int index = in.getInt();
    int start = in.getInt();
    int end = in.getInt();
    long timestamp = in.getLong();
    List<String> tags = new ArrayList<>();
    int count = size(in);
    for (int i = 0; i < count; i++) {
      tags.add(text(in));
    }
    return new Chunk(
        id, source, index, text, title, heading, start, end, hash, tags, timestamp, metadata);
  }
}
