package io.elanus.index;

import io.elanus.model.query.SearchParams;
import java.util.Map;

class HnswPrqIndexTest extends VectorIndexContract {
  @Override
  protected VectorIndexFormat format() {
    return VectorIndexes.format("HNSW_PRQ");
  }

  @Override
  protected Map<String, String> buildParams() {
    return Map.of(
        "m",
        "4",
        "nrq",
        "2",
        "nbits",
        "6",
        "M",
        "16",
        "efConstruction",
        "200",
        "refine",
        "true",
        "refine_type",
        "SQ8");
  }

  @Override
  protected SearchParams searchParams() {
    return new SearchParams(Map.of("ef", "256"));
  }

  @Override
  protected double recallFloor() {
    return 0.9;
  }
}
