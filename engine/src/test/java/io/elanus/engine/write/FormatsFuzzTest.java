package io.elanus.engine.write;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.elanus.engine.segment.SealedSegment;
import io.elanus.engine.segment.Segment;
import io.elanus.engine.segment.Snapshot;
import io.elanus.engine.write.bytes.ByteSink;
import io.elanus.engine.write.bytes.ColumnCodec;
import io.elanus.engine.write.bytes.LogRecord;
import io.elanus.engine.write.bytes.Manifest;
import io.elanus.engine.write.bytes.PartitionRows;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import io.elanus.store.format.Crc;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.MemoryObjects;
import io.elanus.testkit.damage.Edits;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;

/**
 * What a shard writes, read back damaged: DATA_CORRUPT or something readable, never another
 * exception, whatever a length claims. The first byte of an input says which and how; checksums are
 * made right again, since what they catch {@link DamageTest} shows.
 */
class FormatsFuzzTest {
  private static final byte[][] RECORDS = {
    bytes(new LogRecord.Insert(9, List.of(new PartitionRows(3, every())), null)),
    bytes(
        new LogRecord.Insert(
            9, List.of(ShardFixture.rows(1, new long[] {1, 2}, 4)), ShardFixture.keys(1, 2))),
    bytes(new LogRecord.Delete(9, ShardFixture.keys(5, 6, 7), Set.of(1L, 2L))),
    bytes(new LogRecord.DropPartition(9, 1)),
  };

  private static final Map<String, byte[]> OBJECTS = objects();
  private static final String MANIFEST =
      OBJECTS.keySet().stream().filter(key -> key.endsWith("manifest")).findFirst().orElseThrow();

  /** Columns of every type, with nulls where there can be some. */
  private static RowBatch every() {
    BitSet first = new BitSet();
    first.set(0);
    Map<String, Column> columns = new LinkedHashMap<>();
    columns.put("b", new Column.Bools(new boolean[] {true, false}, first));
    columns.put("i", new Column.Longs(DataType.INT32, new long[] {1, -1}, first));
    columns.put("f", new Column.Floats(new float[] {1, 2}, null));
    columns.put("d", new Column.Doubles(new double[] {1, 2}, null));
    columns.put("s", new Column.Strings(new String[] {null, "two"}));
    columns.put("j", new Column.Jsons(new byte[][] {null, "{}".getBytes(StandardCharsets.UTF_8)}));
    columns.put(
        "a",
        new Column.Arrays(
            DataType.INT64,
            new Column[] {null, new Column.Longs(DataType.INT64, new long[] {7}, null)}));
    columns.put("v", new Column.FloatVectors(2, new float[] {1, 2, 3, 4}));
    columns.put("w", new Column.ByteVectors(DataType.INT8_VECTOR, 2, new byte[] {1, 2, 3, 4}));
    columns.put(
        "p", new Column.SparseVectors(new int[] {0, 1, 2}, new int[] {4, 9}, new float[] {1, 2}));
    return new RowBatch(2, columns);
  }

  private static byte[] bytes(LogRecord record) {
    return LogRecord.encode(record).toArray();
  }

  private static Map<String, byte[]> objects() {
    ShardFixture shard = new ShardFixture();
    WritePath path = shard.open(Faults.none());
    path.insert(List.of(ShardFixture.rows(0, LongStream.range(0, 25).toArray(), 1)));
    path.flush();
    ShardFixture.delete(path, 1, 2);
    path.flush();
    path.close();
    Map<String, byte[]> objects = new LinkedHashMap<>();
    shard.objects.list("").forEach(key -> objects.put(key, shard.objects.read(key)));
    return objects;
  }

  private static int first(byte[] input) {
    return input.length == 0 ? 0 : Byte.toUnsignedInt(input[0]);
  }

  private static byte[] damaged(byte[] good, byte[] input) {
    return Edits.apply(good, Arrays.copyOfRange(input, Math.min(1, input.length), input.length));
  }

  private static void refusedOrRead(Runnable reading) {
    try {
      reading.run();
    } catch (ElanusException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT);
    }
  }

  @FuzzTest
  void logRecord(byte[] input) {
    byte[] bad = damaged(RECORDS[first(input) % RECORDS.length], input);
    refusedOrRead(() -> LogRecord.decode(MemorySegment.ofArray(bad)));
  }

  @FuzzTest
  void column(byte[] input) {
    refusedOrRead(() -> ColumnCodec.takeColumn(new ByteSink.Source(MemorySegment.ofArray(input))));
  }

  @FuzzTest
  void manifest(byte[] input) {
    byte[] bad = damaged(OBJECTS.get(MANIFEST), input);
    if (bad.length > FileHeader.BYTES) {
      MemorySegment file = MemorySegment.ofArray(bad);
      MemorySegment content = file.asSlice(FileHeader.BYTES);
      file.set(FileHeader.INT, FileHeader.OWN_OFFSET, (int) content.byteSize());
      file.set(FileHeader.INT, FileHeader.OWN_OFFSET + 4, Crc.of(content));
      sealHeader(file);
    }
    read(MANIFEST, bad, objects -> Manifest.load(objects, "c/"));
  }

  /** A shard over a damaged object of any kind: the same rows or DATA_CORRUPT. */
  @FuzzTest
  void shard(byte[] input) {
    List<String> keys = List.copyOf(OBJECTS.keySet());
    String key = keys.get(first(input) % keys.size());
    ShardFixture shard = new ShardFixture();
    OBJECTS.forEach(shard.objects::put);
    byte[] bad = damaged(OBJECTS.get(key), input);
    if (key.contains("deletes-") && bad.length > FileHeader.BYTES) {
      MemorySegment file = MemorySegment.ofArray(bad);
      MemorySegment entries = file.asSlice(FileHeader.BYTES);
      file.set(FileHeader.INT, FileHeader.OWN_OFFSET + 12, Crc.of(entries));
      sealHeader(file);
    }
    shard.objects.put(key, bad);
    shard.background = task -> {};
    refusedOrRead(
        () -> {
          WritePath path = shard.open(Faults.none());
          try (Snapshot snapshot = path.snapshot()) {
            for (Segment segment : snapshot.segments()) {
              if (segment instanceof SealedSegment sealed) {
                sealed.verify();
              }
            }
            ShardFixture.read(snapshot);
          } finally {
            path.close();
          }
        });
  }

  private static void read(String key, byte[] bad, Consumer<MemoryObjects> reading) {
    MemoryObjects objects = new MemoryObjects();
    objects.put(key, bad);
    refusedOrRead(() -> reading.accept(objects));
  }

  private static void sealHeader(MemorySegment file) {
    CRC32C crc = new CRC32C();
    Crc.update(crc, file.asSlice(0, 12));
    Crc.update(crc, file.asSlice(16, FileHeader.BYTES - 16));
    file.set(FileHeader.INT, 12, (int) crc.getValue());
  }
}
