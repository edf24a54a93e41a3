package io.elanus.server.wire.rest.catalog;

import io.elanus.server.wire.calls.JobCalls;
import io.elanus.server.wire.rest.json.Json;
import io.elanus.server.wire.rest.json.RestException;
import io.elanus.server.wire.rest.route.Answer;
import io.elanus.server.wire.rest.route.RestRequest;
import io.elanus.server.wire.rest.route.Route;
import io.milvus.grpc.FlushRequest;
import io.milvus.grpc.GetCompactionStateRequest;
import io.milvus.grpc.ManualCompactionRequest;
import java.util.List;

/** {@code /collections/}: flush and compaction. */
final class JobRoutes {
  private final JobCalls jobs;

  JobRoutes(JobCalls jobs) {
    this.jobs = jobs;
  }

  List<Route> routes() {
    return List.of(
        new Route("/collections/compact", "ManualCompaction", this::compact),
        new Route("/collections/get_compaction_state", "GetCompactionState", this::compaction),
        new Route("/collections/flush", "Flush", this::flush));
  }

  private Answer compact(RestRequest request) {
    var message =
        ManualCompactionRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(request.collection())
            .setMajorCompaction(request.body().flag("isClustering", false))
            .build();
    long id = jobs.manualCompaction(request.call(), message).getCompactionID();
    return Answer.of(Json.NODES.objectNode().put("compactionID", id));
  }

  private Answer compaction(RestRequest request) {
    var body = request.body();
    String member = body.has("jobID") ? "jobID" : "compactionID";
    if (!body.has(member)) {
      throw RestException.missing(List.of("jobID"));
    }
    long id = body.integer(member, 0);
    var message = GetCompactionStateRequest.newBuilder().setCompactionID(id).build();
    var answer = jobs.getCompactionState(request.call(), message);
    return Answer.of(
        Json.NODES
            .objectNode()
            .put("compactionID", id)
            .put("state", answer.getState().name())
            .put("executingPlanNumber", answer.getExecutingPlanNo())
            .put("timeoutPlanNumber", answer.getTimeoutPlanNo())
            .put("completedPlanNumber", answer.getCompletedPlanNo())
            .put("failedPlanNumber", answer.getFailedPlanNo()));
  }

  private Answer flush(RestRequest request) {
    var message =
        FlushRequest.newBuilder()
            .setDbName(request.database())
            .addCollectionNames(request.collection())
            .build();
    jobs.flush(request.call(), message);
    return Answer.EMPTY;
  }
}
