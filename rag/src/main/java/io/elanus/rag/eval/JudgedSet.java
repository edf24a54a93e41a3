package io.elanus.rag.eval;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Questions whose answers somebody judged.
 *
 * @param documents to be searched; empty where the set names documents that are there already
 * @param questions text by id, in the set's order; only those with a relevant document
 * @param gains by question and document; larger is better, zero and below is not relevant
 */
public record JudgedSet(
    List<Document> documents,
    Map<String, String> questions,
    Map<String, Map<String, Integer>> gains) {
  /** One of the set's documents. */
  public record Document(String id, String title, String text) {}

  public JudgedSet {
    documents = List.copyOf(documents);
    Map<String, String> judged = new LinkedHashMap<>();
    for (Map.Entry<String, String> question : questions.entrySet()) {
      boolean found =
          gains.getOrDefault(question.getKey(), Map.of()).values().stream().anyMatch(g -> g > 0);
      if (found) {
        judged.put(question.getKey(), question.getValue());
      }
    }
    questions = judged;
    if (questions.isEmpty()) {
      throw bad("the set has no question with a relevant document");
    }
  }

  /** A folder in Cranfield's own layout or in BEIR's. */
  public static JudgedSet read(Path folder) {
    if (Files.exists(folder.resolve(CranfieldFiles.QUESTIONS))) {
      return CranfieldFiles.read(folder);
    }
    if (Files.exists(folder.resolve(BeirFiles.QUESTIONS))) {
      return BeirFiles.read(folder);
    }
    throw bad(
        "the folder %s has neither %s (BEIR's layout) nor %s (Cranfield's)"
            .formatted(folder, BeirFiles.QUESTIONS, CranfieldFiles.QUESTIONS));
  }

  static ElanusException bad(String sentence) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, sentence);
  }
}
