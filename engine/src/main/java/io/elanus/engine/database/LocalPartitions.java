package io.elanus.engine.database;

import io.elanus.engine.Shard;
import io.elanus.engine.database.CollectionRecord.PartitionRecord;
import io.elanus.engine.database.LocalDatabase.Names;
import io.elanus.model.Caller;
import io.elanus.model.Partitions;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.PartitionInfo;
import io.elanus.model.schema.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Partitions of a collection. */
record LocalPartitions(Names names) implements Partitions {
  static PartitionRecord require(CollectionRecord record, String name) {
    return record
        .partition(name)
        .orElseThrow(
            () ->
                new ElanusException(
                    ErrorCode.PARTITION_NOT_FOUND,
                    "partition not found[partition=%s]".formatted(name)));
  }

  @Override
  public void create(Caller caller, String collection, String name) {
    io.elanus.model.schema.Names.check("partition", name, ErrorCode.INVALID_NAME);
    names.lock().lock();
    try {
      CollectionRecord record = names.collection(caller, collection);
      refuseKeyed(record, "create");
      if (record.partition(name).isPresent()) {
        return;
      }
      if (record.partitions().size() >= Limits.PARTITIONS_MAX) {
        throw new ElanusException(
            ErrorCode.PARTITION_LIMIT,
            "partition number (%d) exceeds max configuration (%d)"
                .formatted(Limits.PARTITIONS_MAX + 1, Limits.PARTITIONS_MAX));
      }
      List<PartitionRecord> more = new ArrayList<>(record.partitions());
      boolean whole = record.partitions().stream().allMatch(PartitionRecord::loaded);
      more.add(
          new PartitionRecord(
              names.directory().allocateId(), name, names.timestamps().next(), whole));
      names.directory().put(record.withPartitions(more));
    } finally {
      names.lock().unlock();
    }
  }

  @Override
  public void drop(Caller caller, String collection, String name) {
    names.lock().lock();
    try {
      CollectionRecord record = names.collection(caller, collection);
      refuseKeyed(record, "drop");
      if (name.equals(PartitionInfo.DEFAULT)) {
        throw new ElanusException(
            ErrorCode.INVALID_ARGUMENT, "default partition cannot be deleted");
      }
      Optional<PartitionRecord> found = record.partition(name);
      if (found.isEmpty()) {
        return;
      }
      if (found.get().loaded()) {
        throw new ElanusException(
            ErrorCode.INVALID_ARGUMENT,
            "partition cannot be dropped, partition is loaded, please release it first: " + name);
      }
      List<PartitionRecord> fewer = new ArrayList<>(record.partitions());
      fewer.remove(found.get());
      names.directory().put(record.withPartitions(fewer));
      names.shards().of(record).dropPartition(found.get().id());
    } finally {
      names.lock().unlock();
    }
  }

  private static void refuseKeyed(CollectionRecord record, String what) {
    if (record.keyPartitions() > 0) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "disable %s partition if partition key mode is used".formatted(what));
    }
  }

  @Override
  public boolean exists(Caller caller, String collection, String name) {
    return names.collection(caller, collection).partition(name).isPresent();
  }

  @Override
  public List<PartitionInfo> list(Caller caller, String collection) {
    CollectionRecord record = names.collection(caller, collection);
    Shard shard = names.shards().of(record);
    List<PartitionInfo> all = new ArrayList<>();
    for (PartitionRecord p : record.partitions()) {
      long rows = shard.rowCount(id -> id == p.id());
      all.add(new PartitionInfo(p.id(), p.name(), p.createdTimestamp(), p.loaded(), rows));
    }
    return all;
  }
}
