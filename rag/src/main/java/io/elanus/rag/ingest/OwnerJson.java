package io.elanus.rag.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.Caller;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * On whose behalf a job runs: as the guard said when it was handed in, with all the time it needs.
 */
final class OwnerJson {
  private OwnerJson() {}

  static ObjectNode write(Caller owner) {
    ObjectNode json = IngestJson.object();
    json.put("principal", owner.principal());
    json.put("database", owner.database());
    ObjectNode attributes = json.putObject("attributes");
    owner.attributes().forEach(attributes::put);
    return json;
  }

  static Caller read(JsonNode json) {
    Map<String, String> attributes = new HashMap<>();
    json.path("attributes")
        .properties()
        .forEach(entry -> attributes.put(entry.getKey(), entry.getValue().asText()));
    return new Caller(
        json.path("principal").asText(), json.path("database").asText(), attributes, Instant.MAX);
  }

  static Caller patient(Caller caller) {
    return new Caller(caller.principal(), caller.database(), caller.attributes(), Instant.MAX);
  }

  static boolean same(Caller a, Caller b) {
    return a.principal().equals(b.principal())
        && a.database().equals(b.database())
        && a.attributes().equals(b.attributes());
  }
}
