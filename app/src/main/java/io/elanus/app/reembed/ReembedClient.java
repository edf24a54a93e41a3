package io.elanus.app.reembed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.app.backup.ServerCalls;
import io.elanus.app.backup.ServerOptions;

/** The calls of re-embedding. */
final class ReembedClient implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final String ROOT = "/v1/reembeddings";

  private final ServerCalls calls;

  ReembedClient(ServerOptions server) {
    calls = new ServerCalls(server);
  }

  JsonNode begin(ObjectNode request) throws InterruptedException {
    return calls.call("POST", ROOT, request);
  }

  JsonNode list() throws InterruptedException {
    return calls.call("GET", ROOT, null).path("reembeddings");
  }

  /** By its id, or the newest one of the collection. */
  JsonNode find(String which) throws InterruptedException {
    for (JsonNode one : list()) {
      if (one.path("id").asText().equals(which) || one.path("collection").asText().equals(which)) {
        return one;
      }
    }
    throw ServerOptions.bad(
        "there is no re-embedding %s, nor one of a collection of that name; elanus reembed list shows them"
            .formatted(which));
  }

  JsonNode shown(String id) throws InterruptedException {
    return calls.call("GET", ROOT + "/" + id, null);
  }

  JsonNode report(String id) throws InterruptedException {
    return calls.call("GET", ROOT + "/" + id + "/report", null);
  }

  JsonNode ask(String id, ObjectNode questions) throws InterruptedException {
    return calls.call("POST", ROOT + "/" + id + "/questions", questions);
  }

  /**
   * @param what switch, rollback or finish
   */
  JsonNode change(String id, String what) throws InterruptedException {
    return calls.call("POST", ROOT + "/" + id + "/" + what, null);
  }

  JsonNode cancel(String id) throws InterruptedException {
    return calls.call("DELETE", ROOT + "/" + id, null);
  }

  JsonNode feedback() throws InterruptedException {
    return calls.feedback();
  }

  @Override
  public void close() {
    calls.close();
  }
}
