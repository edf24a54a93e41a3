package io.elanus.index;

import io.elanus.model.query.SearchParams;
import java.util.Map;

class HnswSqIndexTest extends VectorIndexContract {
  @Override
  protected VectorIndexFormat format() {
    return VectorIndexes.format("HNSW_SQ");
  }

  @Override
  protected Map<String, String> buildParams() {
    return Map.of("M", "16", "efConstruction", "200");
  }

  @Override
  protected SearchParams searchParams() {
    return new SearchParams(Map.of("ef", "128"));
  }

  @Override
  protected double recallFloor() {
    return 0.95;
  }
}
