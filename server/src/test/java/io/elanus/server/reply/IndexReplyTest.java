package io.elanus.server.reply;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.info.IndexInfo;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.server.fixture.Requests;
import io.milvus.grpc.IndexDescription;
import io.milvus.grpc.IndexState;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Indexes are described flat and as JSON, since clients read either. */
class IndexReplyTest {
  @Test
  void paramsAreSaidTwice() {
    IndexSpec spec =
        new IndexSpec(
            "v",
            "by_v",
            "HNSW",
            Metric.L2,
            Map.of("M", "16", "ratio", "0.5", "refine_type", "FP16"),
            Map.of("mmap.enabled", "true"));
    IndexDescription described =
        IndexReply.describe(
            new IndexInfo(3, spec, IndexInfo.State.IN_PROGRESS, 10, 4, 6, Map.of(), ""));
    assertThat(described.getParamsList())
        .containsExactlyInAnyOrder(
            Requests.pair("index_type", "HNSW"),
            Requests.pair("metric_type", "L2"),
            Requests.pair("M", "16"),
            Requests.pair("ratio", "0.5"),
            Requests.pair("refine_type", "FP16"),
            Requests.pair("mmap.enabled", "true"),
            Requests.pair("params", "{\"M\":16,\"ratio\":0.5,\"refine_type\":\"FP16\"}"));
    assertThat(described.getState()).isEqualTo(IndexState.InProgress);
    assertThat(described.getPendingIndexRows()).isEqualTo(6);
  }

  @Test
  void whatAutoindexPickedIsSaid() {
    var layouts = Map.of("FLAT", 1_000L, "QG", 90_000L);
    var finished = IndexInfo.State.FINISHED;
    var spec = new IndexSpec("v", "by_v", "AUTOINDEX", Metric.L2, Map.of(), Map.of());
    var info = new IndexInfo(3, spec, finished, 92_000, 91_000, 0, layouts, "");
    assertThat(IndexReply.describe(info).getParamsList())
        .contains(Requests.pair("layout", "QG 90000 rows, FLAT 1000 rows"));
    var plain = new IndexSpec("v", "by_v", "QG", Metric.L2, Map.of(), Map.of());
    var other = new IndexInfo(3, plain, finished, 92_000, 91_000, 0, layouts, "");
    assertThat(IndexReply.describe(other).getParamsList())
        .noneMatch(pair -> pair.getKey().equals("layout"));
  }
}
