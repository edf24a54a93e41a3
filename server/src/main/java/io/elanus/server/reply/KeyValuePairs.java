package io.elanus.server.reply;

import io.milvus.grpc.KeyValuePair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes maps as the protocol's lists of pairs, in the order of their keys. */
public final class KeyValuePairs {
  private KeyValuePairs() {}

  public static List<KeyValuePair> of(Map<String, String> values) {
    List<KeyValuePair> pairs = new ArrayList<>(values.size());
    new TreeMap<>(values).forEach((key, value) -> pairs.add(of(key, value)));
    return pairs;
  }

  public static KeyValuePair of(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }
}
