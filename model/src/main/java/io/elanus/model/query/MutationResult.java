package io.elanus.model.query;

import io.elanus.model.rows.Column;

/**
 * What a write did.
 *
 * @param ids primary keys in the order of the rows sent (inserted, upserted or deleted ones)
 * @param timestamp the hybrid timestamp at which the write is visible
 */
public record MutationResult(
    Column ids, long insertCount, long deleteCount, long upsertCount, long timestamp) {}
