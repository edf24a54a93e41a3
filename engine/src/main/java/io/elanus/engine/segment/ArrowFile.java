package io.elanus.engine.segment;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.format.Crc;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Type;

/**
 * A mapped segment file. Opening reads the footer and the batch's metadata only, checks that every
 * buffer lies inside the file, and finds each field's buffers; data is not touched.
 */
final class ArrowFile {
  private static final String DAMAGED = "a segment's file is damaged or cut short";

  /** A list of structs of numbers is the deepest that is written. */
  private static final int DEPTH_MAX = 4;

  private static final int TAIL_BYTES = 4 + ArrowWriter.MAGIC.length();

  private final MemorySegment file;
  private final Map<Long, List<MemorySegment>> buffersByField = new HashMap<>();
  private final List<MemorySegment> buffers = new ArrayList<>();
  private final List<String> checksums = new ArrayList<>();
  private final Map<Long, Proof> proofs = new HashMap<>();
  private final long segmentId;
  private final int rows;

  private ArrowFile(MemorySegment file, int footerChecksum, long segmentId) {
    this.file = file;
    this.segmentId = segmentId;
    Footer footer = footer(footerChecksum);
    Block block = footer.recordBatches(0);
    if (block == null) {
      throw damaged();
    }
    checkBatch(footer, slice(block.offset() + 8, block.metaDataLength() - 8L));
    ByteBuffer metadata = slice(block.offset() + 8, block.metaDataLength() - 8L).asByteBuffer();
    Message message = Message.getRootAsMessage(metadata.order(ByteOrder.LITTLE_ENDIAN));
    if (message.headerType() != MessageHeader.RecordBatch) {
      throw damaged();
    }
    RecordBatch batch = (RecordBatch) message.header(new RecordBatch());
    if (batch == null) {
      throw damaged();
    }
    rows = Math.toIntExact(batch.length());
    long body = block.offset() + block.metaDataLength();
    for (int i = 0; i < batch.buffersLength(); i++) {
      Buffer buffer = batch.buffers(i);
      buffers.add(slice(body + buffer.offset(), buffer.length()));
    }
    readChecksums(footer);
    assign(footer);
  }

  /** DATA_CORRUPT where anything but the data itself is wrong. */
  static ArrowFile open(MemorySegment file, int footerChecksum, long segmentId) {
    try {
      return new ArrowFile(file, footerChecksum, segmentId);
    } catch (ElanusException e) {
      throw e;
    } catch (RuntimeException e) {
      // FlatBuffers trust their offsets: absent tables are null, texts and numbers anything.
      throw new ElanusException(ErrorCode.DATA_CORRUPT, DAMAGED, e);
    }
  }

  MemorySegment bytes() {
    return file;
  }

  int rows() {
    return rows;
  }

  /** The field's buffers in Arrow's order, or none where the file does not have the field. */
  List<MemorySegment> buffers(long fieldId) {
    return buffersByField.getOrDefault(fieldId, List.of());
  }

  /** Whether the field's buffers are as they were written. */
  Proof proof(long fieldId) {
    Proof proof = proofs.get(fieldId);
    if (proof == null) {
      throw new IllegalStateException("the file has no field " + fieldId);
    }
    return proof;
  }

  boolean has(long fieldId) {
    return proofs.containsKey(fieldId);
  }

  List<Proof> proofs() {
    return List.copyOf(proofs.values());
  }

  /** Reads everything and compares it with the checksums written along; DATA_CORRUPT. */
  void verify() {
    verify(0, buffers.size());
  }

  private void verify(int from, int to) {
    for (int i = from; i < to; i++) {
      String actual = Integer.toHexString(Crc.of(buffers.get(i)));
      if (i >= checksums.size() || !checksums.get(i).equals(actual)) {
        throw FileHeader.corrupt("a segment's data differs from its checksum");
      }
    }
  }

  private Footer footer(int checksum) {
    long size = file.byteSize();
    if (size < 2L * TAIL_BYTES) {
      throw damaged();
    }
    byte[] magic = file.asSlice(size - ArrowWriter.MAGIC.length()).toArray(ValueLayout.JAVA_BYTE);
    if (!ArrowWriter.MAGIC.equals(new String(magic, StandardCharsets.US_ASCII))) {
      throw damaged();
    }
    int length = file.get(FileHeader.INT, size - TAIL_BYTES);
    MemorySegment footer = slice(size - TAIL_BYTES - length, length);
    if (Crc.of(footer) != checksum) {
      throw damaged();
    }
    return Footer.getRootAsFooter(footer.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
  }

  /** Offsets that are wrong would read one column as another, in bounds and unnoticed. */
  private static void checkBatch(Footer footer, MemorySegment padded) {
    String[] expected = metadata(footer, ArrowWriter.BATCH_CHECKSUM).split(",", -1);
    MemorySegment batch = padded.asSlice(0, Long.parseLong(expected[0]));
    if (!expected[1].equals(Integer.toHexString(Crc.of(batch)))) {
      throw damaged();
    }
  }

  private static String metadata(Footer footer, String key) {
    for (int i = 0; i < footer.customMetadataLength(); i++) {
      KeyValue pair = footer.customMetadata(i);
      if (key.equals(pair.key())) {
        return pair.value();
      }
    }
    throw damaged();
  }

  private void assign(Footer footer) {
    int next = 0;
    for (int i = 0; i < footer.schema().fieldsLength(); i++) {
      Field field = footer.schema().fields(i);
      int n = bufferCount(field, DEPTH_MAX);
      List<MemorySegment> own = List.copyOf(buffers.subList(next, next + n));
      buffersByField.put(id(field), own);
      int from = next;
      proofs.put(
          id(field),
          new Proof(
              "the values of field %s in segment %d".formatted(field.name(), segmentId),
              own.stream().mapToLong(MemorySegment::byteSize).sum(),
              () -> verify(from, from + n)));
      next += n;
    }
  }

  private static int bufferCount(Field field, int depth) {
    if (depth == 0) {
      throw damaged();
    }
    int below = depth - 1;
    return switch (field.typeType()) {
      case Type.LargeUtf8 -> 3;
      case Type.List -> 2 + bufferCount(field.children(0), below);
      case Type.FixedSizeList -> 1 + bufferCount(field.children(0), below);
      case Type.Struct_ ->
          1 + bufferCount(field.children(0), below) + bufferCount(field.children(1), below);
      default -> 2;
    };
  }

  private static long id(Field field) {
    for (int i = 0; i < field.customMetadataLength(); i++) {
      KeyValue pair = field.customMetadata(i);
      if (ArrowSchema.FIELD_ID.equals(pair.key())) {
        return Long.parseLong(pair.value());
      }
    }
    throw damaged();
  }

  private void readChecksums(Footer footer) {
    checksums.addAll(List.of(metadata(footer, ArrowWriter.CHECKSUMS).split(",", -1)));
  }

  private MemorySegment slice(long offset, long length) {
    if (offset < 0 || length < 0 || length > file.byteSize() - offset) {
      throw damaged();
    }
    return file.asSlice(offset, length);
  }

  private static RuntimeException damaged() {
    return FileHeader.corrupt(DAMAGED);
  }
}
