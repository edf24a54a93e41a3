package io.elanus.testkit.oracle;

import io.elanus.model.Caller;
import io.elanus.model.Partitions;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.PartitionInfo;
import io.elanus.model.schema.Limits;
import io.elanus.model.schema.Names;
import io.elanus.testkit.oracle.OracleTable.Partition;
import java.util.List;

/** Partitions of a collection. */
record OraclePartitions(OracleState state) implements Partitions {
  @Override
  public void create(Caller caller, String collection, String name) {
    Names.check("partition", name, ErrorCode.INVALID_NAME);
    OracleTable table = state.table(caller, collection);
    refuseKeyed(table);
    if (table.partitions.containsKey(name)) {
      return;
    }
    if (table.partitions.size() >= Limits.PARTITIONS_MAX) {
      throw new ElanusException(
          ErrorCode.PARTITION_LIMIT, "there are as many partitions as there can be");
    }
    boolean loaded = table.partitions.values().stream().allMatch(p -> p.loaded);
    table.definition++;
    table.partitions.put(name, new Partition(state.id(), name, state.timestamp(), loaded));
  }

  @Override
  public void drop(Caller caller, String collection, String name) {
    OracleTable table = state.table(caller, collection);
    refuseKeyed(table);
    if (name.equals(PartitionInfo.DEFAULT)) {
      throw OracleState.invalid("the default partition cannot be dropped");
    }
    Partition partition = table.partitions.get(name);
    if (partition == null) {
      return;
    }
    if (partition.loaded) {
      throw OracleState.invalid("partition %s is loaded; release it first".formatted(name));
    }
    table.definition++;
    table.operation++;
    table.partitions.remove(name);
    table.rows.removeIf(row -> row.partition() == partition);
  }

  private static void refuseKeyed(OracleTable table) {
    if (table.keyPartitions > 0) {
      throw OracleState.invalid("the partitions of a partition key are not changed by hand");
    }
  }

  @Override
  public boolean exists(Caller caller, String collection, String name) {
    return state.table(caller, collection).partitions.containsKey(name);
  }

  @Override
  public List<PartitionInfo> list(Caller caller, String collection) {
    OracleTable table = state.table(caller, collection);
    return table.partitions.values().stream()
        .map(p -> new PartitionInfo(p.id, p.name, p.createdTimestamp, p.loaded, table.rowCount(p)))
        .toList();
  }
}
