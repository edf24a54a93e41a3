package io.elanus.index;

import io.elanus.model.query.SearchParams;
import java.util.Map;

class IvfHnswIndexTest extends VectorIndexContract {
  @Override
  protected VectorIndexFormat format() {
    return VectorIndexes.format("IVF_HNSW");
  }

  @Override
  protected Map<String, String> buildParams() {
    return Map.of("nlist", "128");
  }

  @Override
  protected SearchParams searchParams() {
    return new SearchParams(Map.of("nprobe", "32"));
  }

  @Override
  protected double recallFloor() {
    return 0.95;
  }
}
