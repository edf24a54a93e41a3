package io.elanus.e2e.campaign;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a row of the campaign looks like: all its fields follow from key and value, so that a row
 * read back shows whether it is whole.
 */
final class Rows {
  static final int DIM = 8;

  private Rows() {}

  static String collection(String name, String vectorIndex) {
    return """
    {"collectionName":"%s","schema":{"autoId":false,"enableDynamicField":false,"fields":[
     {"fieldName":"id","dataType":"Int64","isPrimary":true},
     {"fieldName":"owner","dataType":"Int64"},
     {"fieldName":"value","dataType":"Int64"},
     {"fieldName":"grp","dataType":"Int64"},
     {"fieldName":"text","dataType":"VarChar","elementTypeParams":{"max_length":"200"}},
     {"fieldName":"v","dataType":"FloatVector","elementTypeParams":{"dim":"8"}}]},
     "indexParams":[%s,
      {"fieldName":"grp","indexName":"grp","indexType":"INVERTED"},
      {"fieldName":"text","indexName":"text","indexType":"TRIE"}]}"""
        .formatted(name, vectorIndex);
  }

  static String index(String type, String params) {
    return "{\"fieldName\":\"v\",\"indexName\":\"v\",\"metricType\":\"L2\",\"indexType\":\"%s\",\"params\":%s}"
        .formatted(type, params);
  }

  static void append(StringBuilder to, Owner owner, long key, long value) {
    to.append("{\"id\":").append(key).append(",\"owner\":").append(owner.id);
    to.append(",\"value\":").append(value).append(",\"grp\":").append(value % Owner.GROUPS);
    to.append(",\"text\":\"").append(text(value)).append("\",\"v\":").append(vector(value));
    to.append('}');
  }

  static String text(long value) {
    return "value " + value + " " + "x".repeat((int) (value % 40));
  }

  /** Sixty-fourths are exact in any float. */
  static String vector(long value) {
    StringBuilder out = new StringBuilder("[");
    for (int i = 0; i < DIM; i++) {
      out.append(i > 0 ? "," : "").append(component(value, i));
    }
    return out.append(']').toString();
  }

  private static double component(long value, int i) {
    return ((value * 31 + i * 17L) * 2_654_435_761L >>> 7) % 512 / 64.0;
  }

  /** Values by key as a query found them; a row that is not whole is an error. */
  static Map<Long, Long> query(Wire wire, String collection, String filter, boolean vectors)
      throws IOException {
    Wire.Reply reply =
        wire.post(
            "entities/query",
            """
            {"collectionName":"%s","filter":"%s","outputFields":["owner","value","grp","text"%s],"limit":16384,"consistencyLevel":"Strong"}"""
                .formatted(collection, filter, vectors ? ",\"v\"" : ""));
    if (!reply.ok()) {
      throw new Refused("query of " + collection, reply);
    }
    Map<Long, Long> found = new HashMap<>();
    for (Object row : (List<?>) reply.body().get("data")) {
      Map<?, ?> fields = (Map<?, ?>) row;
      long key = Json.number(fields.get("id"));
      long value = Json.number(fields.get("value"));
      boolean whole =
          text(value).equals(fields.get("text"))
              && Json.number(fields.get("grp")) == value % Owner.GROUPS
              && (!vectors || sameVector(value, (List<?>) fields.get("v")));
      if (!whole) {
        throw new Violation("row %d of %s is not whole: %s".formatted(key, collection, fields));
      }
      if (found.put(key, value) != null) {
        throw new Violation("key %d is twice in an answer of %s".formatted(key, collection));
      }
    }
    return found;
  }

  private static boolean sameVector(long value, List<?> found) {
    for (int i = 0; i < DIM; i++) {
      if (((Number) found.get(i)).doubleValue() != component(value, i)) {
        return false;
      }
    }
    return true;
  }

  static long count(Wire wire, String collection, String filter) throws IOException {
    Wire.Reply reply =
        wire.post(
            "entities/query",
            "{\"collectionName\":\"%s\",\"filter\":\"%s\",\"outputFields\":[\"count(*)\"],\"consistencyLevel\":\"Strong\"}"
                .formatted(collection, filter));
    if (!reply.ok()) {
      throw new Refused("count of " + collection, reply);
    }
    return Json.number(
        ((Map<?, ?>) ((List<?>) reply.body().get("data")).getFirst()).get("count(*)"));
  }

  /** The server said no. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1;
    final transient Wire.Reply reply;

    Refused(String what, Wire.Reply reply) {
      super(what + " was refused: " + reply.code() + " " + reply.message());
      this.reply = reply;
    }
  }

  /** The server's answer contradicts the ledger. */
  static final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    Violation(String message) {
      super(message);
    }
  }
}
