package io.elanus.rag.eval;

import io.elanus.rag.eval.JudgedSet.Document;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Cranfield collection as it is handed around: {@code cran.all.1400}, {@code cran.qry}, {@code
 * cranqrel}. Questions are numbered by their place, not by what stands beside {@code .I}; grades go
 * from 1, the best, to 4, and become gains of 4 to 1; other codes are left out.
 */
final class CranfieldFiles {
  static final String QUESTIONS = "cran.qry";
  private static final int GRADE_MAX = 4;

  private CranfieldFiles() {}

  static JudgedSet read(Path folder) {
    List<Document> documents = new ArrayList<>();
    List<Map<Character, String>> entries = entries(lines(folder.resolve("cran.all.1400")));
    for (int i = 0; i < entries.size(); i++) {
      String title = entries.get(i).getOrDefault('T', "");
      String text = entries.get(i).getOrDefault('W', "");
      documents.add(new Document(Integer.toString(i + 1), title, text));
    }
    Map<String, String> questions = new LinkedHashMap<>();
    for (Map<Character, String> entry : entries(lines(folder.resolve(QUESTIONS)))) {
      questions.put(Integer.toString(questions.size() + 1), entry.getOrDefault('W', ""));
    }
    Map<String, Map<String, Integer>> gains = new HashMap<>();
    for (String line : lines(folder.resolve("cranqrel"))) {
      String[] parts = line.strip().split("\\s+");
      if (parts.length == 3 && parts[2].matches("[1-4]")) {
        int gain = GRADE_MAX + 1 - Integer.parseInt(parts[2]);
        gains.computeIfAbsent(parts[0], q -> new HashMap<>()).put(parts[1], gain);
      }
    }
    return new JudgedSet(documents, questions, gains);
  }

  private static List<Map<Character, String>> entries(List<String> lines) {
    List<Map<Character, String>> entries = new ArrayList<>();
    Map<Character, String> entry = new HashMap<>();
    char field = ' ';
    for (String line : lines) {
      if (line.startsWith(".I")) {
        entry = new HashMap<>();
        entries.add(entry);
        field = ' ';
      } else if (line.matches("\\.[A-Z]\\s*")) {
        field = line.charAt(1);
      } else if (!line.isBlank()) {
        entry.merge(field, line.strip(), (a, b) -> a + " " + b);
      }
    }
    return entries;
  }

  /** One byte is one character: some files hold a few that are no UTF-8. */
  static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw unreadable(file, e.getMessage());
    }
  }

  static RuntimeException unreadable(Path file, @Nullable String why) {
    return JudgedSet.bad("cannot read %s: %s".formatted(file, why));
  }
}
