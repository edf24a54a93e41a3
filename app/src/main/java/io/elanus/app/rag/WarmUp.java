package io.elanus.app.rag;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.DatabaseInfo;
import io.elanus.rag.cache.Prefetch;
import io.elanus.rag.retrieve.Question;
import io.elanus.rag.retrieve.route.SearchRoutes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Questions that a new server asks itself, so that the first who ask do not wait. A line is {@code
 * {"principal": "alice", "search": {"query": "…"}}}: the search as {@code /v1/search} takes it,
 * asked under the policy of that principal.
 */
final class WarmUp {
  private static final int LINES_MAX = 10_000;

  private final Path file;
  private final List<Asked> questions;

  private record Asked(Caller caller, Question question) {}

  private WarmUp(Path file, List<Asked> questions) {
    this.file = file;
    this.questions = questions;
  }

  /**
   * @throws ElanusException INVALID_ARGUMENT that names the line
   */
  static WarmUp read(Path file, String collection, boolean reranker) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw bad("the file %s of questions to warm up with cannot be read".formatted(file));
    }
    if (lines.size() > LINES_MAX) {
      throw bad("%s has more than %d lines".formatted(file, LINES_MAX));
    }
    ObjectMapper json = new ObjectMapper();
    List<Asked> questions = new ArrayList<>();
    for (int line = 0; line < lines.size(); line++) {
      if (lines.get(line).isBlank()) {
        continue;
      }
      try {
        JsonNode one = json.readTree(lines.get(line));
        if (!(one.get("search") instanceof ObjectNode search)) {
          throw bad("there is no object named search");
        }
        questions.add(
            new Asked(
                new Caller(
                    one.path("principal").asText(""),
                    one.path("database").asText(DatabaseInfo.DEFAULT),
                    Map.of(),
                    Instant.MAX),
                SearchRoutes.question(search, collection, reranker)));
      } catch (IOException | ElanusException e) {
        throw bad("line %d of %s: %s".formatted(line + 1, file, e.getMessage()));
      }
    }
    return new WarmUp(file, questions);
  }

  /** Asks all, one after the other; answers a sentence about it. */
  String run(Prefetch prefetch) {
    int warm = 0;
    for (Asked asked : questions) {
      warm += prefetch.renew(asked.caller(), asked.question()) ? 1 : 0;
    }
    return "warmed up with %d of %d questions of %s".formatted(warm, questions.size(), file);
  }

  private static ElanusException bad(String sentence) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, sentence);
  }
}
