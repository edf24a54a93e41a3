package io.elanus.model.query;

/**
 * Rows to delete: all that match the filter, which must not be empty.
 *
 * @param partition a partition's name, or empty for all
 */
public record DeleteRequest(
    String collection, String partition, Filter filter, Consistency consistency) {}
