package io.elanus.testkit.oracle;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.PartitionInfo;
import io.elanus.model.query.Consistency;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One collection: what is known of it, and its rows in the order they were written. */
final class OracleTable {
  final long id;
  final long createdTimestamp;
  final int shardCount;

  /** 0 without a partition key. */
  final int keyPartitions;

  final Map<String, Partition> partitions = new LinkedHashMap<>();

  /** By field. */
  final Map<String, Index> indexes = new LinkedHashMap<>();

  List<Row> rows = new ArrayList<>();
  long databaseId;
  Schema schema;
  Consistency.Level consistency;
  Map<String, String> properties;
  long updatedTimestamp;
  long flushedTimestamp;

  /** Counts changes of anything but rows. */
  long definition = 1;

  /** Counts changes of rows. */
  long operation;

  boolean deletedSinceCompaction;

  OracleTable(long id, long databaseId, Schema schema, Consistency.Level consistency, Shape shape) {
    this.id = id;
    this.databaseId = databaseId;
    this.schema = schema;
    this.consistency = consistency;
    this.properties = new HashMap<>(shape.properties());
    this.shardCount = shape.shardCount();
    this.keyPartitions = shape.keyPartitions();
    this.createdTimestamp = shape.timestamp();
    this.updatedTimestamp = shape.timestamp();
  }

  /** What a collection is created with besides its schema. */
  record Shape(Map<String, String> properties, int shardCount, int keyPartitions, long timestamp) {}

  /** A partition. */
  static final class Partition {
    final long id;
    final String name;
    final long createdTimestamp;
    boolean loaded;

    Partition(long id, String name, long createdTimestamp, boolean loaded) {
      this.id = id;
      this.name = name;
      this.createdTimestamp = createdTimestamp;
      this.loaded = loaded;
    }
  }

  record Index(long id, IndexSpec spec) {}

  /**
   * A row.
   *
   * @param values of every stored field, null for null; grows when a field is added
   */
  record Row(
      Object key, Map<String, @Nullable Object> values, Partition partition, long timestamp) {}

  String name() {
    return schema.name();
  }

  boolean loaded() {
    return partitions.values().stream().anyMatch(p -> p.loaded);
  }

  Partition partition(String name) {
    Partition partition = partitions.get(name.isEmpty() ? PartitionInfo.DEFAULT : name);
    if (partition == null) {
      throw new ElanusException(
          ErrorCode.PARTITION_NOT_FOUND, "there is no partition named " + name);
    }
    return partition;
  }

  /** Those named, or all. */
  List<Partition> named(List<String> names) {
    return names.isEmpty()
        ? List.copyOf(partitions.values())
        : names.stream().map(this::partition).toList();
  }

  Metric metric(String field) {
    Index index = indexes.get(field);
    Metric metric = index == null ? null : index.spec().metric();
    return metric == null ? schema.metrics(schema.field(field).orElseThrow()).getFirst() : metric;
  }

  /** By index or field name; all for the empty one. */
  List<Index> indexesNamed(String name) {
    return indexes.values().stream()
        .filter(
            i -> name.isEmpty() || i.spec().name().equals(name) || i.spec().field().equals(name))
        .toList();
  }

  long rowCount(Partition partition) {
    return rows.stream().filter(r -> r.partition() == partition).count();
  }
}
