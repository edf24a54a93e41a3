package io.elanus.server.wire.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.server.admin.CallMetrics;
import io.elanus.server.wire.calls.Call;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.milvus.grpc.InsertRequest;
import io.milvus.grpc.MutationResult;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeteredCallTest {
  private static final Call CALL = Call.of(new Caller("", "default", Map.of(), Instant.MAX));

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final CallMetrics metrics = new CallMetrics(registry);

  @Test
  void successesCountTheirVectors() {
    MutationResult result = MutationResult.newBuilder().setInsertCnt(3).build();
    var call =
        new MeteredCall<InsertRequest, MutationResult>("Insert", (c, request) -> result, metrics);
    assertThat(call.answer(CALL, InsertRequest.getDefaultInstance())).isSameAs(result);
    assertThat(registry.get("milvus_proxy_insert_vectors_count").gauge().value()).isEqualTo(3);
    assertThat(requests("success")).isEqualTo(1);
  }

  @Test
  void failuresPassThroughAndAreCounted() {
    ElanusException failure = new ElanusException(ErrorCode.BUSY, "slow down");
    var call =
        new MeteredCall<InsertRequest, MutationResult>(
            "Insert",
            (c, request) -> {
              throw failure;
            },
            metrics);
    assertThatThrownBy(() -> call.answer(CALL, InsertRequest.getDefaultInstance()))
        .isSameAs(failure);
    assertThat(requests("fail")).isEqualTo(1);
    assertThat(registry.get("elanus_call").tags("status", "busy").timer().count()).isEqualTo(1);
  }

  private double requests(String status) {
    return registry
        .get("milvus_proxy_req_count")
        .tags("function_name", "Insert", "status", status)
        .gauge()
        .value();
  }
}
