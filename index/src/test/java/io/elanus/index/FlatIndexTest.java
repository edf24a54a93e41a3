package io.elanus.index;

import io.elanus.model.query.SearchParams;
import java.util.Map;

class FlatIndexTest extends VectorIndexContract {
  @Override
  protected VectorIndexFormat format() {
    return VectorIndexes.format("FLAT");
  }

  @Override
  protected Map<String, String> buildParams() {
    return Map.of();
  }

  @Override
  protected SearchParams searchParams() {
    return new SearchParams(Map.of());
  }

  @Override
  protected double recallFloor() {
    return 1.0;
  }
}
