package io.elanus.server.wire.calls;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.server.reply.Statuses;
import io.elanus.server.validate.KeyValues;
import io.milvus.grpc.AllocTimestampRequest;
import io.milvus.grpc.AllocTimestampResponse;
import io.milvus.grpc.CheckHealthRequest;
import io.milvus.grpc.CheckHealthResponse;
import io.milvus.grpc.ComponentInfo;
import io.milvus.grpc.ComponentStates;
import io.milvus.grpc.ConnectRequest;
import io.milvus.grpc.ConnectResponse;
import io.milvus.grpc.GetComponentStatesRequest;
import io.milvus.grpc.GetMetricsRequest;
import io.milvus.grpc.GetMetricsResponse;
import io.milvus.grpc.GetVersionRequest;
import io.milvus.grpc.GetVersionResponse;
import io.milvus.grpc.ServerInfo;
import io.milvus.grpc.StateCode;
import java.time.Instant;
import java.time.InstantSource;

/** The server itself: connect, version, health, timestamps. */
public final class SystemCalls {
  /**
   * The version of Milvus whose clients and behaviour this server means to be compatible with. A
   * plain number, since clients parse it to decide what they may ask for.
   */
  public static final String COMPATIBLE_VERSION = "2.6.6";

  /** This process, where the protocol wants nodes numbered. */
  static final long NODE_ID = 1;

  private static final String ROLE = "standalone";
  private static final String SYSTEM_INFO = "system_info";

  private final Database database;
  private final Instant started;

  public SystemCalls(Database database, InstantSource clock) {
    this.database = database;
    this.started = clock.instant();
  }

  /** The identifier is a timestamp: unique across restarts and never zero, which clients need. */
  public ConnectResponse connect(Call call, ConnectRequest request) {
    return ConnectResponse.newBuilder()
        .setStatus(Statuses.SUCCESS)
        .setIdentifier(database.allocateTimestamp())
        .setServerInfo(
            ServerInfo.newBuilder()
                .setBuildTags(COMPATIBLE_VERSION)
                .setDeployMode("STANDALONE")
                .putReserved("server", "elanus"))
        .build();
  }

  public GetVersionResponse getVersion(Call call, GetVersionRequest request) {
    return GetVersionResponse.newBuilder()
        .setStatus(Statuses.SUCCESS)
        .setVersion(COMPATIBLE_VERSION)
        .build();
  }

  /** Healthy means that the catalog answers. */
  public CheckHealthResponse checkHealth(Call call, CheckHealthRequest request) {
    CheckHealthResponse.Builder answer =
        CheckHealthResponse.newBuilder().setStatus(Statuses.SUCCESS);
    try {
      database.databases().list(call.caller());
      return answer.setIsHealthy(true).build();
    } catch (ElanusException e) {
      return answer.setIsHealthy(false).addReasons(e.getMessage()).build();
    }
  }

  public AllocTimestampResponse allocTimestamp(Call call, AllocTimestampRequest request) {
    return AllocTimestampResponse.newBuilder()
        .setStatus(Statuses.SUCCESS)
        .setTimestamp(database.allocateTimestamp())
        .build();
  }

  /** What consoles ask of a cluster's nodes; here there is one. */
  public GetMetricsResponse getMetrics(Call call, GetMetricsRequest request) {
    String type = KeyValues.member("the metrics request", request.getRequest(), "metric_type");
    if (!type.equals(SYSTEM_INFO)) {
      throw new ElanusException(
          ErrorCode.UNSUPPORTED,
          "metric type '%s' is not offered; ask for %s, or scrape the metrics of the admin port"
              .formatted(type, SYSTEM_INFO));
    }
    return GetMetricsResponse.newBuilder()
        .setStatus(Statuses.SUCCESS)
        .setResponse(systemInfo().toString())
        .setComponentName(ROLE)
        .build();
  }

  public ComponentStates getComponentStates(Call call, GetComponentStatesRequest request) {
    ComponentInfo self =
        ComponentInfo.newBuilder()
            .setNodeID(NODE_ID)
            .setRole(ROLE)
            .setStateCode(StateCode.Healthy)
            .build();
    return ComponentStates.newBuilder()
        .setStatus(Statuses.SUCCESS)
        .setState(self)
        .addSubcomponentStates(self)
        .build();
  }

  private ObjectNode systemInfo() {
    Runtime runtime = Runtime.getRuntime();
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ObjectNode node = answer.putArray("nodes_info").addObject();
    node.put("identifier", NODE_ID);
    node.putArray("connected");
    ObjectNode infos = node.putObject("infos");
    infos.put("has_error", false).put("error_reason", "").put("name", ROLE + NODE_ID);
    infos
        .putObject("hardware_infos")
        .put("cpu_core_count", runtime.availableProcessors())
        .put("memory", runtime.maxMemory())
        .put("memory_usage", runtime.totalMemory() - runtime.freeMemory());
    infos
        .putObject("system_info")
        .put("system_version", COMPATIBLE_VERSION)
        .put("deploy_mode", "STANDALONE");
    infos.put("created_time", started.toString()).put("type", ROLE).put("id", NODE_ID);
    return answer;
  }
}
