package io.elanus.index;

import io.elanus.model.query.SearchParams;
import java.util.Map;

class DiskIndexTest extends VectorIndexContract {
  @Override
  protected VectorIndexFormat format() {
    return VectorIndexes.format("DISKANN");
  }

  @Override
  protected Map<String, String> buildParams() {
    return Map.of("max_degree", "32");
  }

  @Override
  protected SearchParams searchParams() {
    return new SearchParams(Map.of("search_list", "100", "beamwidth", "4"));
  }

  @Override
  protected double recallFloor() {
    return 0.95;
  }
}
