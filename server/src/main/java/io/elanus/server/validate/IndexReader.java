package io.elanus.server.validate;

import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.milvus.grpc.CreateIndexRequest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads requests for indexes, whose parameters come flat or as one JSON object. */
public final class IndexReader {
  private static final String AUTOMATIC = "AUTOINDEX";

  /** Settings that change how an index is kept, not what it holds. */
  private static final Set<String> PROPERTIES =
      Set.of("mmap.enabled", "indexoffsetcache.enabled", "warmup");

  private static final Set<String> NAMED = Set.of("index_type", "metric_type", "dim");

  private IndexReader() {}

  /**
   * @param field the field to index
   */
  public static IndexSpec read(CreateIndexRequest request, Field field) {
    KeyValues values = KeyValues.flattened(request.getExtraParamsList());
    Map<String, String> params = new LinkedHashMap<>();
    Map<String, String> properties = new LinkedHashMap<>();
    values
        .without(NAMED)
        .forEach((key, value) -> (PROPERTIES.contains(key) ? properties : params).put(key, value));
    return new IndexSpec(
        field.name(),
        request.getIndexName(),
        values.text("index_type").orElse(AUTOMATIC).toUpperCase(Locale.ROOT),
        metric(values, field),
        params,
        properties);
  }

  private static @Nullable Metric metric(KeyValues values, Field field) {
    if (!field.type().isVector()) {
      return null;
    }
    // Where none is named, the field's first is taken by who knows its schema.
    return values
        .text("metric_type")
        .map(
            name ->
                Metric.parse(name)
                    .orElseThrow(
                        () ->
                            Problems.argument(
                                "metric type %s is not offered for field %s of type %s; use one of %s",
                                name, field.name(), field.type(), Metric.of(field.type()))))
        .orElse(null);
  }
}
