package io.elanus.server.wire.calls;

import io.elanus.model.Database;
import io.milvus.grpc.AddCollectionFieldRequest;
import io.milvus.grpc.AlterCollectionFieldRequest;
import io.milvus.grpc.AlterCollectionRequest;
import io.milvus.grpc.BatchDescribeCollectionRequest;
import io.milvus.grpc.BatchDescribeCollectionResponse;
import io.milvus.grpc.BoolResponse;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.DropCollectionRequest;
import io.milvus.grpc.HasCollectionRequest;
import io.milvus.grpc.RenameCollectionRequest;
import io.milvus.grpc.ShowCollectionsRequest;
import io.milvus.grpc.ShowCollectionsResponse;
import io.milvus.grpc.Status;
import io.milvus.grpc.TruncateCollectionRequest;
import io.milvus.grpc.TruncateCollectionResponse;

/** Collections: create, describe, list, alter, drop. */
public final class CollectionCalls {
  private final Database database;

  public CollectionCalls(Database database) {
    this.database = database;
  }

  public Status createCollection(Call call, CreateCollectionRequest request) {
    throw new UnsupportedOperationException("createCollection" + database);
  }

  public Status dropCollection(Call call, DropCollectionRequest request) {
    throw new UnsupportedOperationException("dropCollection" + database);
  }

  public BoolResponse hasCollection(Call call, HasCollectionRequest request) {
    throw new UnsupportedOperationException("hasCollection" + database);
  }

  public DescribeCollectionResponse describeCollection(
      Call call, DescribeCollectionRequest request) {
    throw new UnsupportedOperationException("describeCollection" + database);
  }

  public BatchDescribeCollectionResponse batchDescribeCollection(
      Call call, BatchDescribeCollectionRequest request) {
    throw new UnsupportedOperationException("batchDescribeCollection" + database);
  }

  public ShowCollectionsResponse showCollections(Call call, ShowCollectionsRequest request) {
    throw new UnsupportedOperationException("showCollections" + database);
  }

  public Status alterCollection(Call call, AlterCollectionRequest request) {
    throw new UnsupportedOperationException("alterCollection" + database);
  }

  public Status alterCollectionField(Call call, AlterCollectionFieldRequest request) {
    throw new UnsupportedOperationException("alterCollectionField" + database);
  }

  public Status addCollectionField(Call call, AddCollectionFieldRequest request) {
    throw new UnsupportedOperationException("addCollectionField" + database);
  }

  public Status renameCollection(Call call, RenameCollectionRequest request) {
    throw new UnsupportedOperationException("renameCollection" + database);
  }

  public TruncateCollectionResponse truncateCollection(
      Call call, TruncateCollectionRequest request) {
    throw new UnsupportedOperationException("truncateCollection" + database);
  }
}
