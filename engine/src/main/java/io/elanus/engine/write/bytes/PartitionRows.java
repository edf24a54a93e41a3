package io.elanus.engine.write.bytes;

import io.elanus.model.rows.RowBatch;

/** Rows of one partition, complete and checked: every stored field has its column. */
public record PartitionRows(long partitionId, RowBatch rows) {}
