package io.elanus.engine.filter;

import io.elanus.engine.segment.ColumnView;
import io.elanus.engine.segment.Segment;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.scalar.ScalarIndex;
import io.elanus.index.scalar.ScalarIndexes;
import io.elanus.index.scalar.ScalarValues;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A batch of rows as a segment: all of them visible, no vectors, scalar indexes where asked for.
 */
public final class HeapSegment implements Segment {
  private final Schema schema;
  private final RowBatch rows;
  private final Map<String, ScalarIndex> indexes;

  private HeapSegment(Schema schema, RowBatch rows, Map<String, ScalarIndex> indexes) {
    this.schema = schema;
    this.rows = rows;
    this.indexes = indexes;
  }

  public static HeapSegment of(Schema schema, RowBatch rows) {
    return new HeapSegment(schema, rows, Map.of());
  }

  /** The same rows with an index of this type on each of these fields. */
  public HeapSegment indexed(String type, String... fields) {
    Map<String, ScalarIndex> built = new HashMap<>(indexes);
    MemoryObjects objects = new MemoryObjects();
    for (String name : fields) {
      ScalarIndexes.check(type, schema.field(name).orElseThrow());
      try (ObjectStore.Writer out = objects.create(name)) {
        ScalarIndexes.build(type, values(rows.require(name)), out);
        out.commit();
      }
      built.put(name, ScalarIndexes.open(objects.map(name, Arena.ofAuto()), rows.size()));
    }
    return new HeapSegment(schema, rows, built);
  }

  private static ScalarValues values(Column column) {
    return new ScalarValues() {
      @Override
      public int rowCount() {
        return column.size();
      }

      @Override
      public List<?> values(int row) {
        List<Object> values = new ArrayList<>();
        switch (column.get(row)) {
          case null -> {}
          case Column elements ->
              IntStream.range(0, elements.size()).forEach(i -> values.add(wide(elements.get(i))));
          case Object value -> values.add(wide(value));
        }
        return values;
      }
    };
  }

  private static Object wide(@Nullable Object value) {
    return value instanceof Float f
        ? (Object) f.doubleValue()
        : java.util.Objects.requireNonNull(value);
  }

  @Override
  public long id() {
    return 1;
  }

  @Override
  public long partitionId() {
    return 1;
  }

  @Override
  public boolean growing() {
    return false;
  }

  @Override
  public int rowCount() {
    return rows.size();
  }

  @Override
  public ColumnView column(Field field) {
    return new HeapColumn(rows.require(field.name()));
  }

  @Override
  public RowBitmap visibleAt(long timestamp) {
    return RowBitmap.full(rows.size());
  }

  @Override
  public List<VectorData> vectors(Field field) {
    throw new IllegalStateException("no vectors here");
  }

  @Override
  public @Nullable VectorIndex vectorIndex(Field field) {
    return null;
  }

  @Override
  public @Nullable ScalarIndex scalarIndex(Field field) {
    return indexes.get(field.name());
  }

  @Override
  public long insertTimestamp(int row) {
    return 0;
  }

  @Override
  public int[] rowsOf(Object primaryKey) {
    Column keys = rows.require(schema.primaryKey().name());
    return IntStream.range(0, rows.size())
        .filter(row -> primaryKey.equals(keys.get(row)))
        .toArray();
  }
}
