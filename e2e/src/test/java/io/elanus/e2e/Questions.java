package io.elanus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.elanus.e2e.campaign.Checkout;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Ten questions over a real corpus, with the document that answers each: it has to be the first
 * hit. The corpora and their questions are in {@code e2e/src/test/questions}; {@code beyond} holds
 * paraphrases that the model in the box is known to miss, which are counted and not held.
 */
final class Questions {
  private static final int RIGHT_MIN = 9;

  private Questions() {}

  /** The launcher with these arguments, to its good end. */
  static void run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Checkout.folder().resolve("elanus").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("ELANUS_BUILT", "1");
    PythonEnvironment.run(builder);
  }

  static void check(ServerProcess server, String set, String collection)
      throws IOException, InterruptedException {
    Path file = Checkout.folder().resolve("e2e/src/test/questions/" + set + ".json");
    JsonNode sets = new ObjectMapper().readTree(Files.readString(file));
    assertThat(sets.path("questions")).hasSize(10);
    List<String> wrong = wrong(server, collection, sets.path("questions"));
    List<String> beyond = wrong(server, collection, sets.path("beyond"));
    System.out.printf("%s: %d of 10; wrong: %s%n", set, 10 - wrong.size(), wrong);
    System.out.printf("beyond: wrong are %d of %d%n", beyond.size(), sets.path("beyond").size());
    assertThat(10 - wrong.size()).as(wrong.toString()).isGreaterThanOrEqualTo(RIGHT_MIN);
  }

  private static List<String> wrong(ServerProcess server, String collection, JsonNode questions)
      throws IOException, InterruptedException {
    List<String> wrong = new ArrayList<>();
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (JsonNode question : questions) {
        String first = first(http, server, collection, question.path("question").asText());
        List<String> right = new ArrayList<>();
        question.path("documents").forEach(name -> right.add(name.asText()));
        if (!right.contains(first)) {
          wrong.add(question.path("question").asText() + " → " + first);
        }
      }
    }
    return wrong;
  }

  /** The file's name of the best hit. */
  private static String first(
      HttpClient http, ServerProcess server, String collection, String question)
      throws IOException, InterruptedException {
    String body =
        new ObjectMapper()
            .createObjectNode()
            .put("collection", collection)
            .put("query", question)
            .put("top_k", 1)
            .toString();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.uri() + "/v1/search"))
            .POST(BodyPublishers.ofString(body))
            .build();
    String reply = http.send(request, BodyHandlers.ofString()).body();
    String source = new ObjectMapper().readTree(reply).at("/hits/0/source_id").asText();
    return source.substring(source.lastIndexOf('/') + 1);
  }
}
