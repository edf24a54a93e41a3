package io.elanus.server.wire.grpc;

import com.google.protobuf.Message;
import io.elanus.model.error.ElanusException;
import io.elanus.server.admin.CallMetrics;
import io.elanus.server.wire.calls.Call;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.SearchResults;

/**
 * Counts and times a call.
 *
 * @param method the RPC's name
 */
record MeteredCall<Q extends Message, R extends Message>(
    String method, UnaryCall<Q, R> call, CallMetrics metrics) implements UnaryCall<Q, R> {
  @Override
  public R answer(Call caller, Q request) {
    long start = System.nanoTime();
    String status = CallMetrics.FAILED;
    long vectorCount = 0;
    try {
      R response = call.answer(caller, request);
      status = CallMetrics.SUCCEEDED;
      vectorCount = vectorCount(response);
      return response;
    } catch (ElanusException e) {
      status = CallMetrics.status(e.code());
      throw e;
    } finally {
      metrics.record(method, status, System.nanoTime() - start, vectorCount);
    }
  }

  private static long vectorCount(Message response) {
    return switch (response) {
      case MutationResult written -> written.getInsertCnt() + written.getUpsertCnt();
      case SearchResults found -> found.getResults().getNumQueries();
      default -> 0;
    };
  }
}
