package io.elanus.server.wire.calls;

import io.elanus.model.Database;
import io.milvus.grpc.BoolResponse;
import io.milvus.grpc.CreatePartitionRequest;
import io.milvus.grpc.DropPartitionRequest;
import io.milvus.grpc.HasPartitionRequest;
import io.milvus.grpc.ShowPartitionsRequest;
import io.milvus.grpc.ShowPartitionsResponse;
import io.milvus.grpc.Status;

/** Partitions of a collection. */
public final class PartitionCalls {
  private final Database database;

  public PartitionCalls(Database database) {
    this.database = database;
  }

  public Status createPartition(Call call, CreatePartitionRequest request) {
    throw new UnsupportedOperationException("createPartition" + database);
  }

  public Status dropPartition(Call call, DropPartitionRequest request) {
    throw new UnsupportedOperationException("dropPartition" + database);
  }

  public BoolResponse hasPartition(Call call, HasPartitionRequest request) {
    throw new UnsupportedOperationException("hasPartition" + database);
  }

  public ShowPartitionsResponse showPartitions(Call call, ShowPartitionsRequest request) {
    throw new UnsupportedOperationException("showPartitions" + database);
  }
}
