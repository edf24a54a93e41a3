package io.elanus.server.wire.rest.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.milvus.grpc.KeyValuePair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code searchParams} to the protocol's pairs. Users write them flat or under {@code params};
 * everything that only an index understands ends up in the one JSON {@code params}.
 */
public final class SearchParameters {
  private static final String PARAMS = "params";

  /** REST's spelling to the protocol's. */
  private static final Map<String, String> SPELLINGS =
      Map.of(
          "metricType", "metric_type",
          "roundDecimal", "round_decimal",
          "ignoreGrowing", "ignore_growing",
          "rangeFilter", "range_filter");

  /** Keys that are no index's. */
  private static final Set<String> OUTSIDE =
      Set.of("metric_type", "round_decimal", "ignore_growing", "hints");

  private SearchParameters() {}

  /** Empty of the limit, offset and field, which stand beside the parameters in REST. */
  public static List<KeyValuePair> of(ObjectNode searchParams) {
    ObjectNode inside = Json.NODES.objectNode();
    List<KeyValuePair> pairs = new ArrayList<>();
    for (var member : searchParams.properties()) {
      String name = SPELLINGS.getOrDefault(member.getKey(), member.getKey());
      JsonNode value = member.getValue();
      if (name.equals(PARAMS)) {
        if (!(value instanceof ObjectNode params)) {
          throw Body.wrongType("searchParams.params", "an object", value);
        }
        params.properties().forEach(param -> put(inside, param.getKey(), param.getValue()));
      } else if (OUTSIDE.contains(name)) {
        pairs.add(KeyValues.of(name, KeyValues.text(value)));
      } else {
        put(inside, name, value);
      }
    }
    if (pairs.stream().noneMatch(pair -> pair.getKey().equals("round_decimal"))) {
      pairs.add(KeyValues.of("round_decimal", -1));
    }
    pairs.add(KeyValues.of(PARAMS, inside.toString()));
    return pairs;
  }

  private static void put(ObjectNode inside, String name, JsonNode value) {
    String spelled = SPELLINGS.getOrDefault(name, name);
    JsonNode before = inside.get(spelled);
    if (before != null && !before.equals(value)) {
      throw RestException.malformed(
          "searchParams gives \"" + name + "\" twice, as " + before + " and as " + value);
    }
    inside.set(spelled, value);
  }
}
