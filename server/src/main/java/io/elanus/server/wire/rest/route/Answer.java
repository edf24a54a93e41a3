package io.elanus.server.wire.rest.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.server.wire.rest.json.Json;
import java.util.List;

/**
 * What a handler answers: {@code data}, and what stands beside it.
 *
 * @param beside further members of the answer's object
 * @param vectorCount vectors written or searched for, to be counted
 */
public record Answer(Json.Writing data, ObjectNode beside, long vectorCount) {
  public static final Answer EMPTY = of(Json.NODES.objectNode());

  public static Answer of(JsonNode data) {
    return streamed(out -> out.writeTree(data));
  }

  public static Answer streamed(Json.Writing data) {
    return new Answer(data, Json.NODES.objectNode(), 0);
  }

  public static Answer names(List<String> names) {
    var array = Json.NODES.arrayNode(names.size());
    names.forEach(array::add);
    return of(array);
  }

  public static Answer has(boolean has) {
    return of(Json.NODES.objectNode().put("has", has));
  }

  public Answer counting(long vectors) {
    return new Answer(data, beside, vectors);
  }

  /**
   * {@code {"code":0,"data":…}}.
   *
   * @throws io.elanus.model.error.ElanusException TOO_LARGE beyond that many bytes
   */
  public byte[] bytes(int bytesMax) {
    return Json.write(
        bytesMax,
        out -> {
          out.writeStartObject();
          out.writeNumberField("code", 0);
          for (var member : beside.properties()) {
            out.writeFieldName(member.getKey());
            out.writeTree(member.getValue());
          }
          out.writeFieldName("data");
          data.to(out);
          out.writeEndObject();
        });
  }
}
