package io.elanus.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import io.elanus.store.format.Crc;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.object.ObjectStore;
import io.elanus.testkit.damage.Edits;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A damaged segment file is refused as DATA_CORRUPT when it is opened, verified or read, or answers
 * something. The manifest's checksum of the footer is made right again, so that its tables are
 * reached; bit 0 of an input's first byte keeps it as it was.
 */
class ArrowFileFuzzTest {
  private static final Field KEY =
      Field.named("id", DataType.INT64).id(100).primaryKey(true).build();
  private static final Field TEXT =
      Field.named("s", DataType.VARCHAR).id(101).nullable(true).maxLength(10).build();
  private static final Field LIST =
      Field.named("a", DataType.ARRAY).id(102).elementType(DataType.INT64).maxCapacity(4).build();
  private static final Field VECTOR =
      Field.named("v", DataType.FLOAT_VECTOR).id(103).dim(4).build();
  private static final Field SPARSE =
      Field.named("p", DataType.SPARSE_FLOAT_VECTOR).id(104).build();
  private static final Schema SCHEMA =
      new Schema("c", "", List.of(KEY, TEXT, LIST, VECTOR, SPARSE), false, 0);
  private static final int ROWS = 3;
  private static final String DATA = "data.arrow";
  private static final int TAIL_BYTES = 10;

  private static final byte[] GOOD = written();
  private static final int FOOTER_CHECKSUM = footerChecksum(GOOD);

  private static byte[] written() {
    Column seven = new Column.Longs(DataType.INT64, new long[] {7}, null);
    Map<String, Column> columns = new LinkedHashMap<>();
    columns.put("id", new Column.Longs(DataType.INT64, new long[] {1, 2, 3}, null));
    columns.put("s", new Column.Strings(new String[] {"one", null, "three"}));
    columns.put("a", new Column.Arrays(DataType.INT64, new Column[] {seven, seven, seven}));
    columns.put("v", new Column.FloatVectors(4, new float[4 * ROWS]));
    columns.put(
        "p",
        new Column.SparseVectors(
            new int[] {0, 1, 2, 3}, new int[] {4, 9, 2}, new float[] {1, 2, 3}));
    GrowingSegment growing = new GrowingSegment(1, 1, 1, SCHEMA);
    growing.append(SCHEMA, new RowBatch(ROWS, columns), 5, 100);
    MemoryObjects objects = new MemoryObjects();
    try (ObjectStore.Writer out = objects.create(DATA)) {
      SealedSegment.write(
          SCHEMA, new RowSource(List.of(growing.frozen()), new long[] {0, 1, 2}), out);
      out.commit();
    }
    growing.lifetime().retire();
    return objects.read(DATA);
  }

  /** The checksum of what the tail says is the footer, or 0. */
  private static int footerChecksum(byte[] file) {
    if (file.length < 2 * TAIL_BYTES) {
      return 0;
    }
    MemorySegment bytes = MemorySegment.ofArray(file);
    int length = bytes.get(FileHeader.INT, file.length - TAIL_BYTES);
    boolean inside = length >= 0 && length <= file.length - TAIL_BYTES;
    return inside ? Crc.of(bytes.asSlice(file.length - TAIL_BYTES - length, length)) : 0;
  }

  @FuzzTest
  void segment(byte[] input) {
    boolean kept = input.length > 0 && (input[0] & 1) == 1;
    byte[] bad =
        Edits.apply(GOOD, Arrays.copyOfRange(input, Math.min(1, input.length), input.length));
    SegmentFacts facts =
        new SegmentFacts(
            1,
            1,
            ROWS,
            5,
            5,
            DATA,
            kept ? FOOTER_CHECKSUM : footerChecksum(bad),
            bad.length,
            "",
            0,
            List.of(),
            null);
    MemoryObjects objects = new MemoryObjects();
    objects.put(DATA, bad);
    SealedSegment segment;
    try {
      segment = SealedSegment.open(facts, SCHEMA, objects);
    } catch (ElanusException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT);
      return;
    }
    try {
      segment.verify();
      segment.visibleAt(5);
      int[] all = {0, 1, 2};
      for (Field field : SCHEMA.fields()) {
        segment.column(field).gather(all);
      }
      segment.vectors(VECTOR);
      segment.vectors(SPARSE);
      segment.rowsOf(2L);
    } catch (ElanusException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT);
    } finally {
      segment.lifetime().retire();
    }
  }
}
