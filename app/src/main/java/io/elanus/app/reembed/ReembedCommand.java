package io.elanus.app.reembed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.app.backup.Bar;
import io.elanus.app.backup.ServerOptions;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.eval.JudgedSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code elanus reembed}. */
@Command(
    name = "reembed",
    description = {
      "Give a collection vectors of another model, while it goes on being asked and written:",
      "a second one is filled beside it, compared with it, and takes its names when you say so.",
      "The server does the work: this command may be ended and started again."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class ReembedCommand implements Callable<Integer> {
  private static final long LOOK_MILLIS = 300;
  private static final Duration AWAY_MAX = Duration.ofMinutes(2);

  @Parameters(paramLabel = "COLLECTION", arity = "0..1", description = "Name or alias.")
  private @Nullable String collection;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "The model, by its name under rag.embedders.")
  private @Nullable String model;

  @Option(
      names = "--keep-hours",
      paramLabel = "HOURS",
      description = "Drop the old vectors so long after a switch (default: when you finish it).")
  private int keepHours;

  @Option(
      names = "--texts-per-second",
      paramLabel = "N",
      description = "Most texts handed to the model (default: the server's setting).")
  private @Nullable Integer textsPerSecond;

  @Option(names = "--detach", description = "Begin, and do not wait for it.")
  private boolean detach;

  @Mixin private ServerOptions server;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    if (collection == null || model == null) {
      throw ServerOptions.bad("say what: elanus reembed COLLECTION --model NAME");
    }
    try (ReembedClient client = new ReembedClient(server)) {
      ObjectNode request = ReembedClient.JSON.createObjectNode();
      request.put("collection", collection).put("model", model).put("keep_hours", keepHours);
      if (textsPerSecond != null) {
        request.put("texts_per_second", textsPerSecond);
      }
      JsonNode one = client.begin(request);
      String id = one.path("id").asText();
      one.path("notes").forEach(note -> out().println("Note: " + note.asText()));
      if (!detach) {
        one = awaited(client, one);
      }
      out().println(line(one));
      if (one.path("state").asText().equals("ready")) {
        out()
            .printf(
                "Compare: elanus reembed report %s --data DIR; take it: elanus reembed switch %s%n",
                id, id);
      }
      out().flush();
      return one.path("state").asText().equals("failed") ? 1 : 0;
    }
  }

  /** Until it is not running any more; a server that is away is waited for. */
  private JsonNode awaited(ReembedClient client, JsonNode begun) throws InterruptedException {
    JsonNode one = begun;
    long done = 0;
    long away = 0;
    String waiting = "";
    String id = one.path("id").asText();
    while (one.path("state").asText().equals("running")
        && one.path("rows").path("total").asLong() == 0) {
      Thread.sleep(LOOK_MILLIS);
      one = client.shown(id);
    }
    try (Bar bar = Bar.of("Re-embed", one.path("rows").path("total").asLong(), "chunks", 1)) {
      while (one.path("state").asText().equals("running")) {
        Thread.sleep(LOOK_MILLIS);
        try {
          one = client.shown(id);
          away = 0;
        } catch (ElanusException e) {
          away += LOOK_MILLIS;
          if (e.code() != ErrorCode.NOT_READY || away > AWAY_MAX.toMillis()) {
            throw e;
          }
        }
        long now = one.path("rows").path("done").asLong();
        bar.advance(Math.max(0, now - done));
        done = Math.max(done, now);
        String why = one.path("waiting").asText("");
        if (!why.isEmpty() && !why.equals(waiting)) {
          spec.commandLine().getErr().println("The server waits: " + why);
          spec.commandLine().getErr().flush();
        }
        waiting = why;
      }
    }
    return one;
  }

  private static String line(JsonNode one) {
    String said = one.path("message").asText(one.path("waiting").asText(""));
    return "%s  %-11s %s: %s -> %s, %d of %d chunks%s"
        .formatted(
            one.path("id").asText(),
            one.path("state").asText(),
            one.path("collection").asText(),
            one.path("from").path("model").asText(),
            one.path("to").path("model").asText(),
            one.path("rows").path("done").asLong(),
            one.path("rows").path("total").asLong(),
            said.isEmpty() ? "" : "; " + said);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  @Command(name = "list", description = "Those there are, newest first.")
  int list(@Mixin ServerOptions at) throws InterruptedException {
    try (ReembedClient client = new ReembedClient(at)) {
      client.list().forEach(one -> out().println(line(one)));
    }
    out().flush();
    return 0;
  }

  @Command(
      name = "report",
      description = "How much alike both collections answer, and how well where somebody judged.")
  int report(
      @Parameters(paramLabel = "ID|COLLECTION") String which,
      @Option(
              names = "--data",
              paramLabel = "DIR",
              description = "First ask both a judged set, in BEIR's or Cranfield's layout.")
          @Nullable Path data,
      @Option(
              names = "--questions",
              paramLabel = "FILE",
              description = "First ask both these questions, one a line.")
          @Nullable Path questions,
      @Option(names = "--feedback", description = "First ask both what /v1/feedback judged.")
          boolean feedback,
      @Option(
              names = "--mode",
              defaultValue = "hybrid",
              description = "hybrid or dense (default: ${DEFAULT-VALUE}).")
          String mode,
      @Option(names = "--json", description = "For programs.") boolean json,
      @Mixin ServerOptions at)
      throws InterruptedException, IOException {
    try (ReembedClient client = new ReembedClient(at)) {
      String id = client.find(which).path("id").asText();
      if (data != null) {
        JudgedSet set = JudgedSet.read(data);
        client.ask(id, body(data.toString(), mode, set.questions(), set.gains()));
      }
      if (questions != null) {
        Map<String, String> all = new LinkedHashMap<>();
        Files.readAllLines(questions).stream()
            .filter(line -> !line.isBlank())
            .forEach(line -> all.put(Integer.toString(all.size() + 1), line));
        client.ask(id, body(questions.toString(), mode, all, Map.of()));
      }
      if (feedback) {
        client.ask(id, thumbs(client.feedback(), mode));
      }
      JsonNode report = client.report(id);
      out().print(json ? report.toPrettyString() + "\n" : ReportText.of(report));
    }
    out().flush();
    return 0;
  }

  private static ObjectNode thumbs(JsonNode feedback, String mode) {
    Map<String, String> all = new LinkedHashMap<>();
    Map<String, Map<String, Integer>> gains = new HashMap<>();
    for (JsonNode one : feedback) {
      String question = one.path("query").asText();
      all.put(question, question);
      gains
          .computeIfAbsent(question, q -> new HashMap<>())
          .put(one.path("source_id").asText(), one.path("thumbs").asText().equals("up") ? 1 : 0);
    }
    if (all.isEmpty()) {
      throw ServerOptions.bad("nobody judged anything by /v1/feedback yet, under this name");
    }
    return body("/v1/feedback", mode, all, gains);
  }

  private static ObjectNode body(
      String name,
      String mode,
      Map<String, String> questions,
      Map<String, Map<String, Integer>> gains) {
    ObjectNode body = ReembedClient.JSON.createObjectNode().put("name", name).put("mode", mode);
    ArrayNode all = body.putArray("questions");
    questions.forEach(
        (id, text) -> {
          ObjectNode one = all.addObject().put("id", id).put("query", text);
          ObjectNode relevant = one.putObject("relevant");
          gains.getOrDefault(id, Map.of()).forEach(relevant::put);
        });
    return body;
  }

  @Command(
      name = "switch",
      description = "From here on the collection's names mean the new vectors.")
  int switchOver(@Parameters(paramLabel = "ID|COLLECTION") String which, @Mixin ServerOptions at)
      throws InterruptedException {
    return change(which, "switch", at);
  }

  @Command(
      name = "rollback",
      description = "The names mean the old vectors again; nothing that was written is lost.")
  int rollBack(@Parameters(paramLabel = "ID|COLLECTION") String which, @Mixin ServerOptions at)
      throws InterruptedException {
    return change(which, "rollback", at);
  }

  @Command(name = "finish", description = "After a switch: drop the old vectors.")
  int finish(@Parameters(paramLabel = "ID|COLLECTION") String which, @Mixin ServerOptions at)
      throws InterruptedException {
    return change(which, "finish", at);
  }

  @Command(name = "cancel", description = "Drop the new vectors; the old ones are in use.")
  int cancel(@Parameters(paramLabel = "ID|COLLECTION") String which, @Mixin ServerOptions at)
      throws InterruptedException {
    try (ReembedClient client = new ReembedClient(at)) {
      out().println(line(client.cancel(client.find(which).path("id").asText())));
    }
    out().flush();
    return 0;
  }

  private int change(String which, String what, ServerOptions at) throws InterruptedException {
    try (ReembedClient client = new ReembedClient(at)) {
      out().println(line(client.change(client.find(which).path("id").asText(), what)));
    }
    out().flush();
    return 0;
  }
}
