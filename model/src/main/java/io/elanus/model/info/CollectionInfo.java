package io.elanus.model.info;

import io.elanus.model.query.Consistency;
import io.elanus.model.schema.Schema;
import java.util.List;
import java.util.Map;

/**
 * A collection as the catalog knows it.
 *
 * @param partitionCount the partitions a partition key spreads over, or those that exist
 * @param createdTimestamp hybrid
 * @param updatedTimestamp hybrid; changes with the schema and the properties
 */
public record CollectionInfo(
    long id,
    String database,
    long databaseId,
    Schema schema,
    List<String> aliases,
    Consistency.Level consistencyLevel,
    Map<String, String> properties,
    int shardCount,
    int partitionCount,
    long createdTimestamp,
    long updatedTimestamp) {
  public CollectionInfo {
    aliases = List.copyOf(aliases);
    properties = Map.copyOf(properties);
  }

  public String name() {
    return schema.name();
  }
}
