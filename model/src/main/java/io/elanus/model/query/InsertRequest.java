package io.elanus.model.query;

import io.elanus.model.rows.RowBatch;

/**
 * Rows to insert or upsert.
 *
 * @param partition a partition's name, or empty for the default one (or the partition key's)
 * @param schemaTimestamp the collection's update timestamp that the client knows, 0 for unknown; a
 *     stale one is refused with SCHEMA_STALE
 */
public record InsertRequest(
    String collection, String partition, RowBatch rows, long schemaTimestamp) {
  public InsertRequest(String collection, String partition, RowBatch rows) {
    this(collection, partition, rows, 0);
  }
}
