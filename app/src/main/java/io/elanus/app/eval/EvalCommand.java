package io.elanus.app.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.app.backup.ServerOptions;
import io.elanus.rag.eval.Comparison;
import io.elanus.rag.eval.Evaluation;
import io.elanus.rag.eval.JudgedSet;
import io.elanus.rag.eval.Measure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code elanus eval}. */
@Command(
    name = "eval",
    description = {
      "Ask a running server questions whose answers were judged, and tell how good its answers are;",
      "with --against, whether another setting is better."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class EvalCommand implements Callable<Integer> {
  private static final int SHOWN_CHARACTERS = 60;

  @ArgGroup(multiplicity = "1")
  private Source source;

  /** Where the questions come from. */
  static final class Source {
    @Option(
        names = "--data",
        paramLabel = "DIR",
        description =
            "Judged set: queries.jsonl with qrels/test.tsv or qrels.txt (BEIR's layout), or"
                + " Cranfield's own files.")
    @Nullable Path data;

    @Option(names = "--feedback", description = "What was sent to /v1/feedback.")
    boolean feedback;
  }

  @Mixin private ServerOptions server;

  @Option(names = "--collection", defaultValue = "documents", description = "Default: documents.")
  private String collection;

  @Option(
      names = "--ingest",
      description = "First ingest the set's documents into the collection (again is free).")
  private boolean ingest;

  @Option(
      names = "--with",
      paramLabel = "JSON",
      defaultValue = "{}",
      description = "Put into every search, as {\"mode\": \"dense\"}.")
  private String with;

  @Option(
      names = "--against",
      paramLabel = "JSON",
      description = "A second setting, compared with the first; may name another collection.")
  private @Nullable String against;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of the tests of significance (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--per-query", description = "One line per question.")
  private boolean perQuery;

  @Option(names = "--json", paramLabel = "FILE", description = "Everything, for programs.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (EvalClient client = new EvalClient(server)) {
      JudgedSet set = set(client);
      if (ingest) {
        client.ingest(set.documents(), collection);
      }
      ObjectNode first = settings(with);
      Evaluation a = Evaluation.of(set, client.rankings(set.questions(), first));
      out().printf("%d questions%n%n%-24s", set.questions().size(), "");
      Evaluation.MEASURES.forEach(measure -> out().printf("%14s", measure.name()));
      out().println();
      row("A " + with, a);
      Optional<Evaluation> b = Optional.empty();
      if (against != null) {
        Evaluation other = Evaluation.of(set, client.rankings(set.questions(), settings(against)));
        row("B " + against, other);
        b = Optional.of(other);
        compare(a, other);
      }
      if (perQuery) {
        each(set, a, b);
      }
      client.degraded().forEach(sentence -> out().println("degraded: " + sentence));
      if (json != null) {
        Files.writeString(json, json(set, a, b).toPrettyString() + "\n");
      }
      out().flush();
    }
    return 0;
  }

  private JudgedSet set(EvalClient client) throws InterruptedException {
    if (source.data != null) {
      return JudgedSet.read(source.data);
    }
    Map<String, String> questions = new LinkedHashMap<>();
    Map<String, Map<String, Integer>> gains = new HashMap<>();
    for (JsonNode one : client.feedback()) {
      String question = one.path("query").asText();
      questions.put(question, question);
      gains
          .computeIfAbsent(question, q -> new HashMap<>())
          .put(one.path("source_id").asText(), one.path("thumbs").asText().equals("up") ? 1 : 0);
    }
    return new JudgedSet(List.of(), questions, gains);
  }

  private ObjectNode settings(String text) {
    try {
      if (EvalClient.JSON.readTree(text) instanceof ObjectNode object) {
        ObjectNode settings = EvalClient.JSON.createObjectNode().put("collection", collection);
        return settings.setAll(object);
      }
    } catch (IOException e) {
      throw ServerOptions.bad("a setting must be a JSON object, got " + text);
    }
    throw ServerOptions.bad("a setting must be a JSON object, got " + text);
  }

  private void row(String name, Evaluation evaluation) {
    out().printf("%-24s", name.substring(0, Math.min(24, name.length())));
    for (Measure measure : Evaluation.MEASURES) {
      out().printf(Locale.ROOT, "%14.4f", evaluation.mean(measure));
    }
    out().println();
  }

  private void compare(Evaluation a, Evaluation b) {
    out().println();
    for (Measure measure : Evaluation.MEASURES) {
      Comparison seen = Comparison.of(a.values(measure), b.values(measure), seed);
      out()
          .printf(
              Locale.ROOT,
              "%-14s B - A = %+.4f, 95%% between %+.4f and %+.4f, p = %.4f; better on %d, worse on"
                  + " %d%n",
              measure.name(),
              seen.difference(),
              seen.low(),
              seen.high(),
              seen.probability(),
              seen.better(),
              seen.worse());
    }
  }

  private void each(JudgedSet set, Evaluation a, Optional<Evaluation> b) {
    Measure measure = Evaluation.MEASURES.getFirst();
    out().printf("%n%-12s %8s %8s  question%n", "id", measure.name(), b.isEmpty() ? "" : "B");
    List<String> ids = new ArrayList<>(set.questions().keySet());
    for (int i = 0; i < ids.size(); i++) {
      int place = i;
      String question = String.valueOf(set.questions().get(ids.get(i)));
      String other =
          b.map(e -> String.format(Locale.ROOT, "%8.4f", e.values(measure)[place])).orElse("");
      out()
          .printf(
              Locale.ROOT,
              "%-12s %8.4f %8s  %s%n",
              ids.get(i).substring(0, Math.min(12, ids.get(i).length())),
              a.values(measure)[i],
              other,
              question.substring(0, Math.min(SHOWN_CHARACTERS, question.length())));
    }
  }

  private ObjectNode json(JudgedSet set, Evaluation a, Optional<Evaluation> b) throws IOException {
    ObjectNode all = EvalClient.JSON.createObjectNode().put("questions", set.questions().size());
    all.set("a", one(set, settings(with), a));
    if (b.isPresent() && against != null) {
      all.set("b", one(set, settings(against), b.get()));
      ObjectNode differences = all.putObject("b_minus_a");
      for (Measure measure : Evaluation.MEASURES) {
        Comparison seen = Comparison.of(a.values(measure), b.get().values(measure), seed);
        differences
            .putObject(measure.name())
            .put("difference", seen.difference())
            .put("low", seen.low())
            .put("high", seen.high())
            .put("probability", seen.probability())
            .put("better", seen.better())
            .put("worse", seen.worse());
      }
    }
    return all;
  }

  private static ObjectNode one(JudgedSet set, ObjectNode settings, Evaluation evaluation) {
    ObjectNode node = EvalClient.JSON.createObjectNode();
    node.set("settings", settings);
    ObjectNode means = node.putObject("means");
    ObjectNode questions = node.putObject("per_question");
    int place = 0;
    for (String id : set.questions().keySet()) {
      ObjectNode values = questions.putObject(id);
      for (Measure measure : Evaluation.MEASURES) {
        values.put(measure.name(), evaluation.values(measure)[place]);
      }
      place++;
    }
    Evaluation.MEASURES.forEach(m -> means.put(m.name(), evaluation.mean(m)));
    return node;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
