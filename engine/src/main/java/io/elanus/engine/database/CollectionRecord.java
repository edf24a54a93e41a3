package io.elanus.engine.database;

import io.elanus.model.query.Consistency;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Schema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A collection as the catalog keeps it. Immutable; every change makes a new one.
 *
 * @param keyPartitions over how many partitions a partition key spreads, 0 without one
 */
record CollectionRecord(
    long id,
    long databaseId,
    Schema schema,
    Consistency.Level consistency,
    Map<String, String> properties,
    int shardCount,
    int keyPartitions,
    long createdTimestamp,
    long updatedTimestamp,
    List<PartitionRecord> partitions,
    List<IndexRecord> indexes) {

  /** A partition, and whether it is loaded. */
  record PartitionRecord(long id, String name, long createdTimestamp, boolean loaded) {}

  /** An index definition. */
  record IndexRecord(long id, IndexSpec spec) {}

  CollectionRecord {
    properties = Map.copyOf(properties);
    partitions = List.copyOf(partitions);
    indexes = List.copyOf(indexes);
  }

  String name() {
    return schema.name();
  }

  Optional<PartitionRecord> partition(String name) {
    return partitions.stream().filter(p -> p.name().equals(name)).findFirst();
  }

  Set<Long> partitionIds() {
    return partitions.stream().map(PartitionRecord::id).collect(Collectors.toUnmodifiableSet());
  }

  Optional<IndexRecord> indexOn(String field) {
    return indexes.stream().filter(i -> i.spec().field().equals(field)).findFirst();
  }

  boolean loaded() {
    return partitions.stream().anyMatch(PartitionRecord::loaded);
  }

  CollectionRecord withSchema(Schema newer, long timestamp) {
    return new CollectionRecord(
        id,
        databaseId,
        newer,
        consistency,
        properties,
        shardCount,
        keyPartitions,
        createdTimestamp,
        timestamp,
        partitions,
        indexes);
  }

  CollectionRecord withDatabase(long newDatabase, Schema renamed, long timestamp) {
    return new CollectionRecord(
        id,
        newDatabase,
        renamed,
        consistency,
        properties,
        shardCount,
        keyPartitions,
        createdTimestamp,
        timestamp,
        partitions,
        indexes);
  }

  CollectionRecord withProperties(
      Map<String, String> newer, Consistency.Level level, long timestamp) {
    return new CollectionRecord(
        id,
        databaseId,
        schema,
        level,
        newer,
        shardCount,
        keyPartitions,
        createdTimestamp,
        timestamp,
        partitions,
        indexes);
  }

  CollectionRecord withPartitions(List<PartitionRecord> newer) {
    return new CollectionRecord(
        id,
        databaseId,
        schema,
        consistency,
        properties,
        shardCount,
        keyPartitions,
        createdTimestamp,
        updatedTimestamp,
        newer,
        indexes);
  }

  CollectionRecord withIndexes(List<IndexRecord> newer) {
    return new CollectionRecord(
        id,
        databaseId,
        schema,
        consistency,
        properties,
        shardCount,
        keyPartitions,
        createdTimestamp,
        updatedTimestamp,
        partitions,
        newer);
  }
}
