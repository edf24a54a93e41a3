package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.Metric;
import io.elanus.testkit.fixture.Clustered;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QuantGraphIndexTest extends VectorIndexContract {
  @Override
  protected VectorIndexFormat format() {
    return VectorIndexes.format("QG");
  }

  @Override
  protected Map<String, String> buildParams() {
    return Map.of("efConstruction", "100");
  }

  @Override
  protected SearchParams searchParams() {
    return new SearchParams(Map.of("ef", "128"));
  }

  @Override
  protected double recallFloor() {
    return 0.95;
  }

  /** As nodes, twins would fill each other's lists, and a small search would stay among them. */
  @Test
  void walksOnFromAGroupOfTwins() {
    Clustered data = twins(300, 60);
    VectorIndex index = open(data, Metric.L2);
    SearchParams params = new SearchParams(Map.of("ef", "16"));
    int right = 0;
    for (int q = 0; q < 300; q++) {
      int row = index.search(query(data.query(q), K, null, data.rows(), params)).rows()[0];
      right += data.clusters()[row] == q ? 1 : 0;
    }
    assertThat(right).isGreaterThanOrEqualTo(285);
  }
}
