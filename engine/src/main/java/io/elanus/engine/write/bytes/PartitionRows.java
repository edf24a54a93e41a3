package io.elanus.engine.write.bytes;

import io.elanus.model.rows.Column;
import io.elanus.model.rows.Columns;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;

/** Rows of one partition, complete and checked: every stored field has its column. */
public record PartitionRows(long partitionId, RowBatch rows) {
  /** With a column for every stored field: a record older than a field lacks its column. */
  public RowBatch complete(Schema schema) {
    RowBatch complete = rows;
    for (Field field : schema.storedFields()) {
      if (complete.column(field.name()).isEmpty()) {
        Column column = Columns.constant(field, field.defaultValue(), complete.size());
        complete = complete.with(field.name(), column);
      }
    }
    return complete;
  }
}
