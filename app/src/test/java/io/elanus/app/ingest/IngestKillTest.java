package io.elanus.app.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.app.fixture.ServerJvm;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole server is killed while it ingests; the next one ends the job, and nothing is lost. */
class IngestKillTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DOCUMENTS = 60;

  @TempDir Path data;
  private final HttpClient http = HttpClient.newHttpClient();

  private ServerJvm start() throws IOException {
    return ServerJvm.start(data, Map.of());
  }

  private JsonNode ask(ServerJvm server, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.base() + path));
    HttpResponse<String> response =
        http.send(
            (body.isEmpty()
                    ? request.GET()
                    : request.POST(HttpRequest.BodyPublishers.ofString(body)))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isLessThan(300);
    return JSON.readTree(response.body());
  }

  private static String text(int n) {
    return ("Document number %d is about subject %d. ".formatted(n, n * 7)
            + "It has a few sentences that are its own, such as this of %d. ".formatted(n * 13))
        .repeat(3);
  }

  private static String documents() {
    ObjectNode body = JSON.createObjectNode();
    ArrayNode documents = body.putArray("documents");
    for (int n = 0; n < DOCUMENTS; n++) {
      documents
          .addObject()
          .put("source_id", "document-" + n)
          .put("text", text(n))
          .put("timestamp", n);
    }
    return body.toString();
  }

  @Test
  void aJobGoesOnAfterAKill() throws Exception {
    String id;
    try (ServerJvm server = start()) {
      JsonNode job = ask(server, "/v1/documents", documents());
      id = job.path("id").asText();
      while (job.path("documents").path("done").asInt() < 3) {
        job = ask(server, "/v1/jobs/" + id, "");
      }
      assertThat(job.path("documents").path("done").asInt())
          .as("killed in the middle")
          .isLessThan(DOCUMENTS);
    }
    try (ServerJvm server = start()) {
      JsonNode job = ask(server, "/v1/jobs/" + id + "?wait=true", "");
      assertThat(job.path("state").asText()).isEqualTo("done");
      assertThat(job.path("documents").path("failed").asInt()).as("%s", job).isZero();
      JsonNode list = ask(server, "/v1/documents?limit=1000", "").path("documents");
      assertThat(list).hasSize(DOCUMENTS);
      for (JsonNode one : list) {
        int n = Integer.parseInt(one.path("source_id").asText().replace("document-", ""));
        JsonNode shown =
            ask(server, "/v1/documents/%s?text=true".formatted(one.path("id").asText()), "");
        assertThat(shown.path("text").asText()).isEqualTo(text(n).strip());
      }
      JsonNode again = ask(server, "/v1/documents?wait=true", documents());
      assertThat(again.path("documents").path("unchanged").asInt()).isEqualTo(DOCUMENTS);
      assertThat(again.path("chunks").path("embedded").asInt()).isZero();
    }
  }
}
