package io.elanus.rag.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.elanus.rag.eval.JudgedSet.Document;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * BEIR's layout: {@code corpus.jsonl} with {@code _id}, {@code title}, {@code text} (may be
 * absent), {@code queries.jsonl} with {@code _id}, {@code text}, and {@code qrels/test.tsv} with
 * question, document and gain under a line of headings; or {@code qrels.txt} as trec_eval reads it:
 * question, anything, document, gain.
 */
final class BeirFiles {
  static final String QUESTIONS = "queries.jsonl";
  private static final ObjectMapper JSON = new ObjectMapper();

  private BeirFiles() {}

  static JudgedSet read(Path folder) {
    List<Document> documents = new ArrayList<>();
    Path corpus = folder.resolve("corpus.jsonl");
    if (Files.exists(corpus)) {
      objects(
          corpus,
          one ->
              documents.add(
                  new Document(
                      one.path("_id").asText(),
                      one.path("title").asText(""),
                      one.path("text").asText(""))));
    }
    Map<String, String> questions = new LinkedHashMap<>();
    objects(
        folder.resolve(QUESTIONS),
        one -> questions.put(one.path("_id").asText(), one.path("text").asText("")));
    Path tabbed = folder.resolve("qrels/test.tsv");
    return new JudgedSet(
        documents,
        questions,
        Files.exists(tabbed) ? tabbed(tabbed) : trec(folder.resolve("qrels.txt")));
  }

  private static Map<String, Map<String, Integer>> tabbed(Path file) {
    Map<String, Map<String, Integer>> gains = new HashMap<>();
    lines(
        file,
        line -> {
          String[] parts = line.split("\t");
          boolean heading = gains.isEmpty() && parts.length == 3 && !number(parts[2]);
          if (!heading) {
            put(gains, file, line, parts, 3, 1);
          }
        });
    return gains;
  }

  private static Map<String, Map<String, Integer>> trec(Path file) {
    Map<String, Map<String, Integer>> gains = new HashMap<>();
    lines(file, line -> put(gains, file, line, line.strip().split("\\s+"), 4, 2));
    return gains;
  }

  private static void put(
      Map<String, Map<String, Integer>> gains,
      Path file,
      String line,
      String[] parts,
      int count,
      int document) {
    if (parts.length != count || !number(parts[count - 1])) {
      throw JudgedSet.bad("the line \"%s\" of %s is no judgment".formatted(line, file));
    }
    gains
        .computeIfAbsent(parts[0], q -> new HashMap<>())
        .put(parts[document], Integer.parseInt(parts[count - 1].strip()));
  }

  private static boolean number(String text) {
    return text.strip().matches("-?\\d{1,6}");
  }

  private static void objects(Path file, Consumer<JsonNode> reader) {
    lines(
        file,
        line -> {
          JsonNode one;
          try {
            one = JSON.readTree(line);
          } catch (IOException e) {
            throw CranfieldFiles.unreadable(file, "a line is no JSON");
          }
          if (one.path("_id").asText("").isEmpty()) {
            throw CranfieldFiles.unreadable(file, "a line has no _id");
          }
          reader.accept(one);
        });
  }

  private static void lines(Path file, Consumer<String> reader) {
    try (BufferedReader in = Files.newBufferedReader(file)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (!line.isBlank()) {
          reader.accept(line);
        }
      }
    } catch (IOException e) {
      throw CranfieldFiles.unreadable(file, e.toString());
    }
  }
}
