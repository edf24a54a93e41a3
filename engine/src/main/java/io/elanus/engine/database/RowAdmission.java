package io.elanus.engine.database;

import io.elanus.index.text.FieldTexts;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.Columns;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.rows.RowGate;
import io.elanus.model.rows.VectorGate;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Metric;
import io.elanus.store.time.Timestamps;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Brings rows through the gate: keys settled, every field complete and checked. */
final class RowAdmission {
  private static final String ALLOW_INSERT = "allow_insert_auto_id";

  private RowAdmission() {}

  static RowBatch forInsert(CollectionRecord record, RowBatch rows, Timestamps timestamps) {
    Field key = record.schema().primaryKey();
    boolean sent = rows.column(key.name()).isPresent();
    boolean allowed = Boolean.parseBoolean(record.properties().getOrDefault(ALLOW_INSERT, "false"));
    if (key.autoId() && sent && !allowed) {
      throw new ElanusException(
          ErrorCode.INVALID_ROWS,
          "field %s is an auto id: leave it out of the rows".formatted(key.name()));
    }
    Column keys = key.autoId() && !sent ? fresh(key, rows.size(), timestamps) : sent(key, rows);
    return admit(record, rows, keys);
  }

  /** Rows to store, the last of each key, and the keys whose older rows they replace. */
  record Upsert(RowBatch rows, Column replaced) {}

  static Upsert forUpsert(CollectionRecord record, RowBatch rows, Timestamps timestamps) {
    Field key = record.schema().primaryKey();
    RowBatch admitted = admit(record, rows, sent(key, rows));
    Map<Object, Integer> last = new LinkedHashMap<>();
    Column keys = admitted.require(key.name());
    for (int row = 0; row < keys.size(); row++) {
      Object value = java.util.Objects.requireNonNull(keys.get(row));
      last.remove(value);
      last.put(value, row);
    }
    if (last.size() < keys.size()) {
      admitted = admitted.select(last.values().stream().mapToInt(Integer::intValue).toArray());
    }
    Column replaced = admitted.require(key.name());
    if (key.autoId()) {
      admitted = admitted.with(key.name(), fresh(key, admitted.size(), timestamps));
    }
    return new Upsert(admitted, replaced);
  }

  private static RowBatch admit(CollectionRecord record, RowBatch rows, Column keys) {
    RowBatch admitted = RowGate.admit(record.schema(), rows, keys);
    for (Field field : record.schema().vectorFields()) {
      boolean cosine =
          record
              .indexOn(field.name())
              .map(index -> index.spec().metric() == Metric.COSINE)
              .orElse(false);
      if (cosine && admitted.require(field.name()) instanceof Column.Vectors vectors) {
        VectorGate.checkDirections(field, vectors);
      }
    }
    return FieldTexts.complete(record.schema(), admitted);
  }

  private static Column sent(Field key, RowBatch rows) {
    return rows.column(key.name())
        .orElseThrow(
            () ->
                new ElanusException(
                    ErrorCode.INVALID_ROWS,
                    "the primary key %s is required and was not sent".formatted(key.name())));
  }

  /** Timestamps are unique and grow, and so do the keys made of them. */
  private static Column fresh(Field key, int count, Timestamps timestamps) {
    List<Object> keys = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long next = timestamps.next();
      keys.add(key.type() == DataType.INT64 ? (Object) next : Long.toString(next));
    }
    return Columns.keys(key.type(), keys);
  }
}
