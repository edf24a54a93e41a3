package io.elanus.model.schema;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request for an index.
 *
 * @param field the field's name
 * @param name the index's name; never empty once it has passed {@code Indexes.create}
 * @param type upper-case index type, HNSW or INVERTED say
 * @param metric null for scalar indexes
 * @param params build parameters by lower-case or Milvus name: M, efConstruction, nlist …
 * @param properties settings that do not change the index's content: mmap.enabled …
 */
public record IndexSpec(
    String field,
    String name,
    String type,
    @Nullable Metric metric,
    Map<String, String> params,
    Map<String, String> properties) {
  public IndexSpec {
    params = Map.copyOf(params);
    properties = Map.copyOf(properties);
  }
}
