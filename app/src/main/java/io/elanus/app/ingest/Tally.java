package io.elanus.app.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What became of the documents, over all jobs. */
final class Tally {
  private static final int SHOWN = 50;

  private final List<String> errors = new ArrayList<>();
  private long failures;
  private long ingested;
  private long unchanged;
  private long embedded;
  private long kept;
  private long deleted;
  private String note = "";

  /** A job that is over. */
  void add(JsonNode job) {
    JsonNode documents = job.path("documents");
    ingested += documents.path("ingested").asLong();
    unchanged += documents.path("unchanged").asLong();
    failures += documents.path("failed").asLong() + documents.path("canceled").asLong();
    embedded += job.path("chunks").path("embedded").asLong();
    kept += job.path("chunks").path("kept").asLong();
    deleted += job.path("chunks").path("deleted").asLong();
    job.path("errors").forEach(error -> errors.add(error.path("message").asText()));
    job.path("notes").forEach(each -> note = each.asText());
  }

  void fail(String sentence) {
    failures++;
    errors.add(sentence);
  }

  long failures() {
    return failures;
  }

  void print(double seconds, PrintWriter out, PrintWriter err) {
    if (!note.isEmpty()) {
      out.println("Note: " + note + ".");
    }
    out.printf(
        Locale.ROOT,
        "%d documents ingested, %d unchanged, %d failed; %d chunks embedded, %d kept, %d deleted; %.1f s%n",
        ingested,
        unchanged,
        failures,
        embedded,
        kept,
        deleted,
        seconds);
    out.flush();
    errors.stream().limit(SHOWN).forEach(err::println);
    if (errors.size() > SHOWN) {
      err.printf("… and %d more%n", errors.size() - SHOWN);
    }
    err.flush();
  }
}
