package io.elanus.server.wire.rest.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.milvus.grpc.KeyValuePair;
import java.util.ArrayList;
import java.util.List;

/** Objects of free parameters as the protocol's pairs of strings, and back. */
public final class KeyValues {
  private KeyValues() {}

  public static KeyValuePair of(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }

  public static KeyValuePair of(String key, long value) {
    return of(key, Long.toString(value));
  }

  /** Members in their order; containers are written as JSON, null members are left out. */
  public static List<KeyValuePair> of(ObjectNode object) {
    List<KeyValuePair> pairs = new ArrayList<>(object.size());
    for (var member : object.properties()) {
      if (!member.getValue().isNull()) {
        pairs.add(of(member.getKey(), text(member.getValue())));
      }
    }
    return pairs;
  }

  /** A scalar as users would write it, a container as JSON. */
  public static String text(JsonNode node) {
    return node.isContainerNode() ? node.toString() : node.asText();
  }

  public static String value(List<KeyValuePair> pairs, String key) {
    for (KeyValuePair pair : pairs) {
      if (pair.getKey().equals(key)) {
        return pair.getValue();
      }
    }
    return "";
  }

  /** {@code [{"key":…,"value":…}]}. */
  public static JsonNode json(List<KeyValuePair> pairs) {
    var array = Json.NODES.arrayNode(pairs.size());
    for (KeyValuePair pair : pairs) {
      array.addObject().put("key", pair.getKey()).put("value", pair.getValue());
    }
    return array;
  }
}
