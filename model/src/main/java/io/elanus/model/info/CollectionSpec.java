package io.elanus.model.info;

import io.elanus.model.query.Consistency;
import io.elanus.model.schema.Schema;
import java.util.Map;

/**
 * A request for a collection; field ids in the schema are ignored and assigned by the catalog.
 *
 * @param partitionCount partitions of a partition key, 0 for the default
 * @param shardCount as asked, 0 for the default; one process serves them as one
 */
public record CollectionSpec(
    Schema schema,
    Consistency.Level consistencyLevel,
    Map<String, String> properties,
    int partitionCount,
    int shardCount) {
  public CollectionSpec {
    properties = Map.copyOf(properties);
  }
}
