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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Questions over a real corpus, each with the documents that answer it, in {@code
 * e2e/src/test/questions}. {@code questions} guard: their document has to be the first hit. {@code
 * blind} measure: they were written from the documents alone, by somebody who never saw a hit, and
 * stay as they are; where their documents stand is printed, with floors below what was found.
 * {@code beyond} holds paraphrases that the model in the box misses; they are counted only.
 */
final class Questions {
  private static final int RIGHT_MIN = 9;
  private static final int BLIND_FIRST_MIN = 15;
  private static final int BLIND_THIRD_MIN = 20;
  private static final int HITS = 30;

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
    List<Integer> places = places(server, collection, sets.path("blind"));
    long first = places.stream().filter(place -> place == 1).count();
    long third = places.stream().filter(place -> place <= 3).count();
    System.out.printf(
        "blind: first %d, among three documents %d of %d%n", first, third, places.size());
    assertThat(10 - wrong.size()).as(wrong.toString()).isGreaterThanOrEqualTo(RIGHT_MIN);
    assertThat(places).hasSize(24);
    assertThat(first).as(places.toString()).isGreaterThanOrEqualTo(BLIND_FIRST_MIN);
    assertThat(third).as(places.toString()).isGreaterThanOrEqualTo(BLIND_THIRD_MIN);
  }

  private static List<String> wrong(ServerProcess server, String collection, JsonNode questions)
      throws IOException, InterruptedException {
    List<Integer> places = places(server, collection, questions);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      if (places.get(i) != 1) {
        wrong.add(questions.get(i).path("question").asText());
      }
    }
    return wrong;
  }

  /** Of each question's first right document, among the documents of the hits, from 1. */
  private static List<Integer> places(ServerProcess server, String collection, JsonNode questions)
      throws IOException, InterruptedException {
    List<Integer> places = new ArrayList<>();
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (JsonNode question : questions) {
        List<String> found =
            documents(http, server, collection, question.path("question").asText());
        int place = Integer.MAX_VALUE;
        for (JsonNode right : question.path("documents")) {
          int at = found.indexOf(right.asText());
          place = at < 0 ? place : Math.min(place, at + 1);
        }
        places.add(place);
      }
    }
    return places;
  }

  /** The file names of the documents found, each once, the best first. */
  private static List<String> documents(
      HttpClient http, ServerProcess server, String collection, String question)
      throws IOException, InterruptedException {
    String body =
        new ObjectMapper()
            .createObjectNode()
            .put("collection", collection)
            .put("query", question)
            .put("top_k", HITS)
            .toString();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.uri() + "/v1/search"))
            .POST(BodyPublishers.ofString(body))
            .build();
    String reply = http.send(request, BodyHandlers.ofString()).body();
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode hit : new ObjectMapper().readTree(reply).path("hits")) {
      String source = hit.path("source_id").asText();
      names.add(source.substring(source.lastIndexOf('/') + 1));
    }
    return List.copyOf(names);
  }
}
