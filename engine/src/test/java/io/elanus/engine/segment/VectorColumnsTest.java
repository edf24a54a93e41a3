package io.elanus.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.index.VectorData;
import io.elanus.index.distance.Scorer;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.Columns;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Vectors of every dense type in growing blocks and in Arrow files. */
class VectorColumnsTest {
  /** More than a block of a growing column, and more than a piece of a file. */
  private static final int ROWS = 9_001;

  private static final List<DataType> TYPES =
      List.of(
          DataType.FLOAT_VECTOR,
          DataType.FLOAT16_VECTOR,
          DataType.BFLOAT16_VECTOR,
          DataType.INT8_VECTOR,
          DataType.BINARY_VECTOR);

  private static final Schema SCHEMA = schema();

  private static Schema schema() {
    List<Field> fields = new ArrayList<>();
    fields.add(Field.named("id", DataType.INT64).id(100).primaryKey(true).build());
    for (DataType type : TYPES) {
      // Rows whose bytes fill no whole words, where the type allows.
      int dim = type == DataType.BINARY_VECTOR ? 24 : 5;
      fields.add(Field.named(type.name(), type).id(101 + fields.size()).dim(dim).build());
    }
    return new Schema("c", "", fields, false, 0);
  }

  private static Column vectors(Field field, Random random) {
    if (field.type() == DataType.FLOAT_VECTOR) {
      float[] values = new float[ROWS * field.dim()];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextFloat();
      }
      return new Column.FloatVectors(field.dim(), values);
    }
    byte[] values = new byte[ROWS * field.type().vectorBytes(field.dim())];
    random.nextBytes(values);
    return new Column.ByteVectors(field.type(), field.dim(), values);
  }

  @Test
  void comeBackFromBlocksAndFilesAndLieAligned() {
    Random random = new Random(1);
    Map<String, Column> columns = new LinkedHashMap<>();
    columns.put("id", new Column.Longs(DataType.INT64, LongStream.range(0, ROWS).toArray(), null));
    SCHEMA.vectorFields().forEach(field -> columns.put(field.name(), vectors(field, random)));
    GrowingSegment growing = new GrowingSegment(1, 1, 1, SCHEMA);
    // In batches that end within blocks.
    RowBatch rows = new RowBatch(ROWS, columns);
    for (int from = 0; from < ROWS; from += 1_000) {
      int to = Math.min(ROWS, from + 1_000);
      growing.append(SCHEMA, rows.select(IntStream.range(from, to).toArray()), 1, 0);
    }
    int[] picked = random.ints(500, 0, ROWS).toArray();
    same(growing.frozen(), columns, picked);
    MemoryObjects objects = new MemoryObjects();
    RowSource source =
        new RowSource(List.of(growing.frozen()), LongStream.range(0, ROWS).toArray());
    int checksum;
    try (ObjectStore.Writer out = objects.create("data.arrow")) {
      checksum = SealedSegment.write(SCHEMA, source, out);
      out.commit();
    }
    SegmentFacts facts =
        new SegmentFacts(1, 1, ROWS, 1, 1, "data.arrow", checksum, 0, "", 0, List.of(), null);
    SealedSegment sealed = SealedSegment.open(facts, SCHEMA, objects);
    same(sealed, columns, picked);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment file = objects.map("data.arrow", arena);
      ArrowFile arrow = ArrowFile.open(file, checksum, 1);
      arrow.verify();
      for (Field field : SCHEMA.vectorFields()) {
        MemorySegment values = arrow.buffers(field.id()).get(2);
        assertThat((values.address() - file.address()) % 64).as(field.name()).isZero();
        assertThat(values.byteSize())
            .as(field.name())
            .isEqualTo((long) ROWS * field.type().vectorBytes(field.dim()));
      }
    }
  }

  @Test
  void lengthsOfLongVectorsAreKeptWhileTheyGrow() {
    Schema schema =
        new Schema(
            "c",
            "",
            List.of(
                Field.named("id", DataType.INT64).id(100).primaryKey(true).build(),
                Field.named("long", DataType.FLOAT16_VECTOR).id(101).dim(64).build(),
                Field.named("short", DataType.FLOAT_VECTOR).id(102).dim(63).build()),
            false,
            0);
    Random random = new Random(2);
    Map<String, Column> columns = new LinkedHashMap<>();
    columns.put("id", new Column.Longs(DataType.INT64, LongStream.range(0, ROWS).toArray(), null));
    schema.vectorFields().forEach(field -> columns.put(field.name(), vectors(field, random)));
    GrowingSegment growing = new GrowingSegment(1, 1, 1, schema);
    RowBatch rows = new RowBatch(ROWS, columns);
    for (int from = 0; from < ROWS; from += 1_000) {
      int to = Math.min(ROWS, from + 1_000);
      growing.append(schema, rows.select(IntStream.range(from, to).toArray()), 1, 0);
    }
    for (VectorData chunk : growing.frozen().vectors(schema.vectorFields().get(0))) {
      MemorySegment computed = Arena.ofAuto().allocate(4L * chunk.count());
      Scorer.inverseNorms(chunk, computed);
      MemorySegment kept = Objects.requireNonNull(chunk.inverseNorms());
      assertThat(kept.asSlice(0, computed.byteSize()).mismatch(computed)).isEqualTo(-1);
    }
    for (VectorData chunk : growing.frozen().vectors(schema.vectorFields().get(1))) {
      assertThat(chunk.inverseNorms()).isNull();
    }
  }

  private static void same(Segment segment, Map<String, Column> columns, int[] picked) {
    for (Field field : SCHEMA.vectorFields()) {
      Column wanted = columns.get(field.name()).select(picked);
      assertThat(Columns.same(segment.column(field).gather(picked), wanted))
          .as(field.name())
          .isTrue();
      int rows = 0;
      for (var chunk : segment.vectors(field)) {
        assertThat(chunk.type()).isEqualTo(field.type());
        rows += chunk.count();
      }
      assertThat(rows).isEqualTo(ROWS);
    }
  }
}
