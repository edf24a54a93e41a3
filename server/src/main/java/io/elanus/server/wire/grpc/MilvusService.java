package io.elanus.server.wire.grpc;

import com.google.protobuf.Message;
import io.elanus.server.admin.CallMetrics;
import io.elanus.server.wire.calls.MilvusCalls;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.milvus.grpc.MilvusServiceGrpc;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Milvus's service: every method of it is bound, to a call or to the answer that it is not offered.
 */
public final class MilvusService implements BindableService {
  private final CallReader reader;
  private final CallMetrics metrics;
  private final CallThreads threads;
  private final int responseBytesMax;
  private final Map<String, ServerMethodDefinition<?, ?>> offered = new LinkedHashMap<>();

  /** Uncounted. */
  public MilvusService(
      MilvusCalls calls, Executor executor, InstantSource clock, int responseBytesMax) {
    this(calls, executor, clock, responseBytesMax, CallMetrics.none());
  }

  /**
   * @param executor runs the calls that block or take long
   * @param responseBytesMax longest answer; a longer one becomes an error
   */
  public MilvusService(
      MilvusCalls calls,
      Executor executor,
      InstantSource clock,
      int responseBytesMax,
      CallMetrics metrics) {
    this.metrics = metrics;
    this.reader = new CallReader(clock);
    this.threads = new CallThreads(executor);
    this.responseBytesMax = responseBytesMax;
    bindSchema(calls);
    bindIndexes(calls);
    bindRows(calls);
    bindSystem(calls);
  }

  /** Full names of the methods that are offered. */
  public Set<String> offered() {
    return Set.copyOf(offered.keySet());
  }

  @Override
  public ServerServiceDefinition bindService() {
    ServerServiceDefinition.Builder service =
        ServerServiceDefinition.builder(MilvusServiceGrpc.getServiceDescriptor());
    for (MethodDescriptor<?, ?> method : MilvusServiceGrpc.getServiceDescriptor().getMethods()) {
      ServerMethodDefinition<?, ?> definition = offered.get(method.getFullMethodName());
      if (definition == null) {
        service.addMethod(notOffered(method));
      } else {
        service.addMethod(definition);
      }
    }
    return service.build();
  }

  private static <Q, R> ServerMethodDefinition<Q, R> notOffered(MethodDescriptor<Q, R> method) {
    return ServerMethodDefinition.create(method, NotOffered.handler(method));
  }

  private <Q extends Message, R extends Message> void bind(
      MethodDescriptor<Q, R> method, UnaryCall<Q, R> uncounted) {
    String name = String.valueOf(method.getBareMethodName());
    UnaryCall<Q, R> call = new MeteredCall<>(name, uncounted, metrics);
    offered.put(
        method.getFullMethodName(),
        ServerMethodDefinition.create(
            method, new UnaryHandler<>(method, call, reader, threads, responseBytesMax)));
  }

  private void bindSchema(MilvusCalls calls) {
    var collections = calls.collections();
    bind(MilvusServiceGrpc.getCreateCollectionMethod(), collections::createCollection);
    bind(MilvusServiceGrpc.getDropCollectionMethod(), collections::dropCollection);
    bind(MilvusServiceGrpc.getHasCollectionMethod(), collections::hasCollection);
    bind(MilvusServiceGrpc.getDescribeCollectionMethod(), collections::describeCollection);
    bind(
        MilvusServiceGrpc.getBatchDescribeCollectionMethod(), collections::batchDescribeCollection);
    bind(MilvusServiceGrpc.getShowCollectionsMethod(), collections::showCollections);
    bind(MilvusServiceGrpc.getAlterCollectionMethod(), collections::alterCollection);
    bind(MilvusServiceGrpc.getAlterCollectionFieldMethod(), collections::alterCollectionField);
    bind(MilvusServiceGrpc.getAddCollectionFieldMethod(), collections::addCollectionField);
    bind(MilvusServiceGrpc.getRenameCollectionMethod(), collections::renameCollection);
    bind(MilvusServiceGrpc.getTruncateCollectionMethod(), collections::truncateCollection);
    var partitions = calls.partitions();
    bind(MilvusServiceGrpc.getCreatePartitionMethod(), partitions::createPartition);
    bind(MilvusServiceGrpc.getDropPartitionMethod(), partitions::dropPartition);
    bind(MilvusServiceGrpc.getHasPartitionMethod(), partitions::hasPartition);
    bind(MilvusServiceGrpc.getShowPartitionsMethod(), partitions::showPartitions);
    var aliases = calls.aliases();
    bind(MilvusServiceGrpc.getCreateAliasMethod(), aliases::createAlias);
    bind(MilvusServiceGrpc.getDropAliasMethod(), aliases::dropAlias);
    bind(MilvusServiceGrpc.getAlterAliasMethod(), aliases::alterAlias);
    bind(MilvusServiceGrpc.getDescribeAliasMethod(), aliases::describeAlias);
    bind(MilvusServiceGrpc.getListAliasesMethod(), aliases::listAliases);
    var databases = calls.databases();
    bind(MilvusServiceGrpc.getCreateDatabaseMethod(), databases::createDatabase);
    bind(MilvusServiceGrpc.getDropDatabaseMethod(), databases::dropDatabase);
    bind(MilvusServiceGrpc.getListDatabasesMethod(), databases::listDatabases);
    bind(MilvusServiceGrpc.getDescribeDatabaseMethod(), databases::describeDatabase);
    bind(MilvusServiceGrpc.getAlterDatabaseMethod(), databases::alterDatabase);
  }

  @SuppressWarnings("deprecation") // Old clients still wait for their indexes by two of these.
  private void bindIndexes(MilvusCalls calls) {
    var indexes = calls.indexes();
    bind(MilvusServiceGrpc.getCreateIndexMethod(), indexes::createIndex);
    bind(MilvusServiceGrpc.getAlterIndexMethod(), indexes::alterIndex);
    bind(MilvusServiceGrpc.getDescribeIndexMethod(), indexes::describeIndex);
    bind(MilvusServiceGrpc.getDropIndexMethod(), indexes::dropIndex);
    bind(MilvusServiceGrpc.getGetIndexStatisticsMethod(), indexes::getIndexStatistics);
    bind(MilvusServiceGrpc.getGetIndexStateMethod(), indexes::getIndexState);
    bind(MilvusServiceGrpc.getGetIndexBuildProgressMethod(), indexes::getIndexBuildProgress);
    var loads = calls.loads();
    bind(MilvusServiceGrpc.getLoadCollectionMethod(), loads::loadCollection);
    bind(MilvusServiceGrpc.getReleaseCollectionMethod(), loads::releaseCollection);
    bind(MilvusServiceGrpc.getLoadPartitionsMethod(), loads::loadPartitions);
    bind(MilvusServiceGrpc.getReleasePartitionsMethod(), loads::releasePartitions);
    bind(MilvusServiceGrpc.getGetLoadingProgressMethod(), loads::getLoadingProgress);
    bind(MilvusServiceGrpc.getGetLoadStateMethod(), loads::getLoadState);
    bind(MilvusServiceGrpc.getGetReplicasMethod(), loads::getReplicas);
  }

  private void bindRows(MilvusCalls calls) {
    bind(MilvusServiceGrpc.getInsertMethod(), calls.rows()::insert);
    bind(MilvusServiceGrpc.getUpsertMethod(), calls.rows()::upsert);
    bind(MilvusServiceGrpc.getDeleteMethod(), calls.rows()::delete);
    bind(MilvusServiceGrpc.getSearchMethod(), calls.searches()::search);
    bind(MilvusServiceGrpc.getHybridSearchMethod(), calls.searches()::hybridSearch);
    bind(MilvusServiceGrpc.getQueryMethod(), calls.queries()::query);
    bind(MilvusServiceGrpc.getRunAnalyzerMethod(), calls.texts()::runAnalyzer);
  }

  private void bindSystem(MilvusCalls calls) {
    var jobs = calls.jobs();
    bind(MilvusServiceGrpc.getFlushMethod(), jobs::flush);
    bind(MilvusServiceGrpc.getGetFlushStateMethod(), jobs::getFlushState);
    bind(MilvusServiceGrpc.getFlushAllMethod(), jobs::flushAll);
    bind(MilvusServiceGrpc.getGetFlushAllStateMethod(), jobs::getFlushAllState);
    bind(MilvusServiceGrpc.getManualCompactionMethod(), jobs::manualCompaction);
    bind(MilvusServiceGrpc.getGetCompactionStateMethod(), jobs::getCompactionState);
    bind(
        MilvusServiceGrpc.getGetCompactionStateWithPlansMethod(),
        jobs::getCompactionStateWithPlans);
    var statistics = calls.statistics();
    bind(MilvusServiceGrpc.getGetCollectionStatisticsMethod(), statistics::getCollectionStatistics);
    bind(MilvusServiceGrpc.getGetPartitionStatisticsMethod(), statistics::getPartitionStatistics);
    bind(
        MilvusServiceGrpc.getGetPersistentSegmentInfoMethod(),
        statistics::getPersistentSegmentInfo);
    bind(MilvusServiceGrpc.getGetQuerySegmentInfoMethod(), statistics::getQuerySegmentInfo);
    var system = calls.system();
    bind(MilvusServiceGrpc.getConnectMethod(), system::connect);
    bind(MilvusServiceGrpc.getGetVersionMethod(), system::getVersion);
    bind(MilvusServiceGrpc.getCheckHealthMethod(), system::checkHealth);
    bind(MilvusServiceGrpc.getAllocTimestampMethod(), system::allocTimestamp);
    bind(MilvusServiceGrpc.getGetMetricsMethod(), system::getMetrics);
    bind(MilvusServiceGrpc.getGetComponentStatesMethod(), system::getComponentStates);
  }
}
