package io.elanus.engine.segment;

import com.google.flatbuffers.FlatBufferBuilder;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import io.elanus.store.format.Crc;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.RecordBatch;

/**
 * Writes a segment's rows as one Arrow IPC file (random access format, version 5) with one record
 * batch, every buffer at a multiple of 64 bytes, so that the file can be mapped and read in place —
 * by this program and by every other that reads Arrow.
 *
 * <pre>
 * "ARROW1" 00 00
 * schema message       ffffffff, length, flatbuffer, padding
 * record batch message ffffffff, length, flatbuffer, padding; then the buffers
 * end of stream        ffffffff 00000000
 * footer               flatbuffer; its metadata holds a CRC-32C of each buffer ("elanus.crc"), and
 *                      length and CRC-32C of the batch's flatbuffer ("elanus.batch")
 * footer length (4), "ARROW1"
 * </pre>
 */
final class ArrowWriter {
  static final String MAGIC = "ARROW1";
  static final String CHECKSUMS = "elanus.crc";
  static final String BATCH_CHECKSUM = "elanus.batch";
  private static final int ALIGN = 64;

  private final ObjectStore.Writer out;

  private ArrowWriter(ObjectStore.Writer out) {
    this.out = out;
  }

  /** Writes all of it and answers the footer's checksum; the caller commits. */
  static int write(Schema schema, RowSource source, ObjectStore.Writer out) {
    return new ArrowWriter(out).write(schema, source);
  }

  private int write(Schema schema, RowSource source) {
    out.write(MemorySegment.ofArray((MAGIC + "\0\0").getBytes(StandardCharsets.US_ASCII)));
    message(schemaMessage(schema));
    List<ArrowColumn.Node> nodes = new ArrayList<>();
    List<ArrowColumn.Buffer> buffers = new ArrayList<>();
    for (Field field : schema.storedFields()) {
      ArrowColumn column = new ArrowColumn(field, source);
      nodes.addAll(column.nodes());
      buffers.addAll(column.buffers());
    }
    nodes.add(new ArrowColumn.Node(source.size(), 0));
    buffers.add(new ArrowColumn.Buffer(0, sink -> {}));
    buffers.add(timestamps(source));

    long batchAt = out.position();
    ByteBuffer batch = batchMessage(source.size(), nodes, buffers);
    int batchLength = batch.remaining();
    String batchChecksum = Integer.toHexString(Crc.of(MemorySegment.ofBuffer(batch)));
    int metadataLength = message(batch);
    long bodyAt = out.position();
    List<String> checksums = new ArrayList<>();
    for (ArrowColumn.Buffer buffer : buffers) {
      checksums.add(write(buffer));
    }
    long bodyLength = out.position() - bodyAt;
    MemorySegment end = MemorySegment.ofArray(new byte[8]);
    end.set(FileHeader.INT, 0, -1);
    out.write(end);

    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(CHECKSUMS, String.join(",", checksums));
    metadata.put(BATCH_CHECKSUM, batchLength + "," + batchChecksum);
    byte[] footer = footer(schema, batchAt, metadataLength, bodyLength, metadata);
    out.write(MemorySegment.ofArray(footer));
    MemorySegment tail = MemorySegment.ofArray(new byte[4 + MAGIC.length()]);
    tail.set(FileHeader.INT, 0, footer.length);
    MemorySegment.copy(
        MemorySegment.ofArray(MAGIC.getBytes(StandardCharsets.US_ASCII)),
        0,
        tail,
        4,
        MAGIC.length());
    out.write(tail);
    return Crc.of(MemorySegment.ofArray(footer));
  }

  private static ArrowColumn.Buffer timestamps(RowSource source) {
    return new ArrowColumn.Buffer(
        8L * source.size(),
        sink -> {
          MemorySegment piece = MemorySegment.ofArray(new byte[8 * 4096]);
          for (int first = 0; first < source.size(); first += 4096) {
            int n = Math.min(4096, source.size() - first);
            for (int i = 0; i < n; i++) {
              piece.set(FileHeader.LONG, 8L * i, source.timestamp(first + i));
            }
            sink.write(piece.asSlice(0, 8L * n));
          }
        });
  }

  private String write(ArrowColumn.Buffer buffer) {
    CRC32C crc = new CRC32C();
    long from = out.position();
    buffer
        .producer()
        .into(
            piece -> {
              Crc.update(crc, piece);
              out.write(piece);
            });
    if (out.position() - from != buffer.length()) {
      throw new IllegalStateException("a buffer is not as long as was said");
    }
    out.align(ALIGN);
    return Long.toHexString(crc.getValue());
  }

  /** Writes an encapsulated message, padded so that what follows starts aligned. */
  private int message(ByteBuffer flatbuffer) {
    int length = flatbuffer.remaining();
    long end = out.position() + 8 + length;
    int padding = (int) (-end & (ALIGN - 1));
    MemorySegment prefix = MemorySegment.ofArray(new byte[8]);
    prefix.set(FileHeader.INT, 0, -1);
    prefix.set(FileHeader.INT, 4, length + padding);
    out.write(prefix);
    out.write(MemorySegment.ofBuffer(flatbuffer));
    out.align(ALIGN);
    return 8 + length + padding;
  }

  private static ByteBuffer schemaMessage(Schema schema) {
    FlatBufferBuilder to = new FlatBufferBuilder(1024);
    int header = ArrowSchema.build(to, schema);
    to.finish(Message.createMessage(to, MetadataVersion.V5, MessageHeader.Schema, header, 0, 0));
    return to.dataBuffer();
  }

  private static ByteBuffer batchMessage(
      int rows, List<ArrowColumn.Node> nodes, List<ArrowColumn.Buffer> buffers) {
    FlatBufferBuilder to = new FlatBufferBuilder(1024);
    long at = 0;
    long[] offsets = new long[buffers.size()];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = at;
      at = (at + buffers.get(i).length() + ALIGN - 1) & -ALIGN;
    }
    RecordBatch.startBuffersVector(to, buffers.size());
    for (int i = offsets.length - 1; i >= 0; i--) {
      org.apache.arrow.flatbuf.Buffer.createBuffer(to, offsets[i], buffers.get(i).length());
    }
    int buffersAt = to.endVector();
    RecordBatch.startNodesVector(to, nodes.size());
    for (int i = nodes.size() - 1; i >= 0; i--) {
      FieldNode.createFieldNode(to, nodes.get(i).length(), nodes.get(i).nullCount());
    }
    int nodesAt = to.endVector();
    RecordBatch.startRecordBatch(to);
    RecordBatch.addLength(to, rows);
    RecordBatch.addNodes(to, nodesAt);
    RecordBatch.addBuffers(to, buffersAt);
    int header = RecordBatch.endRecordBatch(to);
    to.finish(
        Message.createMessage(to, MetadataVersion.V5, MessageHeader.RecordBatch, header, at, 0));
    return to.dataBuffer();
  }

  private static byte[] footer(
      Schema schema,
      long batchAt,
      int metadataLength,
      long bodyLength,
      Map<String, String> metadata) {
    FlatBufferBuilder to = new FlatBufferBuilder(1024);
    int schemaAt = ArrowSchema.build(to, schema);
    Footer.startRecordBatchesVector(to, 1);
    Block.createBlock(to, batchAt, metadataLength, bodyLength);
    int batches = to.endVector();
    Footer.startDictionariesVector(to, 0);
    int dictionaries = to.endVector();
    int metadataAt = ArrowSchema.metadata(to, metadata);
    Footer.startFooter(to);
    Footer.addVersion(to, MetadataVersion.V5);
    Footer.addSchema(to, schemaAt);
    Footer.addDictionaries(to, dictionaries);
    Footer.addRecordBatches(to, batches);
    Footer.addCustomMetadata(to, metadataAt);
    to.finish(Footer.endFooter(to));
    return to.sizedByteArray();
  }
}
