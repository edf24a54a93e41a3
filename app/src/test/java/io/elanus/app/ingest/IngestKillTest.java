package io.elanus.app.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole server is killed while it ingests; the next one ends the job, and nothing is lost. */
class IngestKillTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DOCUMENTS = 60;
  private static final Pattern REST = Pattern.compile("REST +(http://\\S+?)/v2");

  @TempDir Path data;
  private final HttpClient http = HttpClient.newHttpClient();

  /** A server in a JVM of its own. */
  private record Running(Process process, String base) implements AutoCloseable {
    @Override
    public void close() {
      process.destroyForcibly();
      process.onExit().join();
    }
  }

  private Running start() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "io.elanus.app.Main",
                "serve",
                "--data",
                data.toString(),
                "--port",
                "0",
                "--admin-port",
                "0")
            .redirectErrorStream(true)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.append(line).append('\n');
      Matcher rest = REST.matcher(line);
      if (rest.find()) {
        Thread.ofVirtual().start(() -> out.lines().forEach(ignored -> {}));
        return new Running(process, rest.group(1));
      }
    }
    throw new AssertionError("the server did not start: " + said);
  }

  private JsonNode ask(Running server, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.base + path));
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
    try (Running server = start()) {
      JsonNode job = ask(server, "/v1/documents", documents());
      id = job.path("id").asText();
      while (job.path("documents").path("done").asInt() < 3) {
        job = ask(server, "/v1/jobs/" + id, "");
      }
      assertThat(job.path("documents").path("done").asInt())
          .as("killed in the middle")
          .isLessThan(DOCUMENTS);
    }
    try (Running server = start()) {
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
