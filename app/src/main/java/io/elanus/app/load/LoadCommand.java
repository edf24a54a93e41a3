package io.elanus.app.load;

import static io.elanus.app.backup.ServerOptions.bad;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.app.backup.ServerOptions;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code elanus load}. */
@Command(
    name = "load",
    description = {
      "Ask a running server questions, many at a time, and tell how many it answers and how long",
      "they wait: the whole path from HTTP through embedding and search to passages or answers.",
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true)
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class LoadCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CLIENTS_MAX = 10_000;

  @Mixin private ServerOptions server;

  @Option(
      names = "--questions",
      required = true,
      paramLabel = "FILE",
      description = "One question a line; - for standard input.")
  private String file;

  @Option(names = "--collection", description = "Whose documents are asked.")
  private String collection = "documents";

  @Option(
      names = "--mix",
      description =
          "Shares of what is asked: search (a question that no cache knows, by a number put behind"
              + " it), cached (one of the first 32, asked before), answer (/v1/answer, fresh).")
  private String mix = "search";

  @Option(names = "--clients", description = "Requests at a time, at most.")
  private int clients = 8;

  @Option(
      names = "--rate",
      description =
          "Requests a second that are due, answered or not; latency counts from when a request was"
              + " due. 0: each client asks when it was answered.")
  private double rate;

  @Option(names = "--seconds", description = "How long is measured.")
  private int seconds = 30;

  @Option(names = "--warm-up-seconds", description = "How long it is asked before that.")
  private int warmUpSeconds = 3;

  @Option(names = "--timeout-seconds", description = "After which a request has failed.")
  private int timeoutSeconds = 30;

  @Option(
      names = "--with",
      paramLabel = "JSON",
      description = "Put into every body, as {\"top_k\": 5, \"rerank\": true}.")
  private String with = "{}";

  @Option(names = "--json", paramLabel = "FILE", description = "Everything, for programs.")
  private @Nullable Path json;

  @Option(names = "--quiet", description = "No progress.")
  private boolean quiet;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    check();
    List<Kind> round = Kind.round(mix);
    List<String> questions = questions();
    try (LoadClient client =
        new LoadClient(
            server,
            questions,
            settings(),
            Duration.ofSeconds(timeoutSeconds),
            // Other runs asked other numbers.
            Instant.now().toEpochMilli() * 1_000)) {
      if (round.contains(Kind.CACHED)) {
        remember(client);
      }
      if (warmUpSeconds > 0) {
        new LoadRun(client::ask, round, clients, rate, TimeUnit.SECONDS.toNanos(warmUpSeconds))
            .run();
      }
      LoadRun run =
          new LoadRun(client::ask, round, clients, rate, TimeUnit.SECONDS.toNanos(seconds));
      double took = measured(run);
      report(run, round, took);
      return List.of(Kind.values()).stream().anyMatch(kind -> run.of(kind).answers() > 0) ? 0 : 1;
    }
  }

  private void check() {
    if (clients < 1 || clients > CLIENTS_MAX) {
      throw bad("--clients must be from 1 to %d, got %d".formatted(CLIENTS_MAX, clients));
    }
    if (seconds < 1 || timeoutSeconds < 1 || warmUpSeconds < 0) {
      throw bad("--seconds and --timeout-seconds must be at least 1, --warm-up-seconds 0");
    }
    if (!(rate >= 0) || rate > 1e6) {
      throw bad("--rate must be from 0 to 1000000, got " + rate);
    }
  }

  private List<String> questions() throws IOException {
    List<String> lines;
    try (BufferedReader reader =
        file.equals("-")
            ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
            : Files.newBufferedReader(Path.of(file))) {
      lines = reader.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    } catch (java.nio.file.NoSuchFileException e) {
      throw bad("there is no file " + file);
    }
    if (lines.isEmpty()) {
      throw bad(file + " has no question; it must have one a line");
    }
    return lines;
  }

  private ObjectNode settings() {
    try {
      if (JSON.readTree(with) instanceof ObjectNode object) {
        return object.put("collection", collection);
      }
    } catch (JsonProcessingException e) {
      throw bad("--with must be a JSON object: " + e.getOriginalMessage());
    }
    throw bad("--with must be a JSON object, got " + with);
  }

  /** Fails at once where the server cannot be asked at all. */
  private static void remember(LoadClient client) throws InterruptedException {
    for (int i = 0; i < client.remembered(); i++) {
      LoadClient.Outcome outcome = client.ask(Kind.CACHED, i);
      if (outcome.failure().isPresent()) {
        throw new ElanusException(
            ErrorCode.NOT_READY, "the server does not answer: " + outcome.failure().get());
      }
    }
  }

  private double measured(LoadRun run) throws InterruptedException {
    if (quiet) {
      return run.run();
    }
    try (ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor()) {
      long[] last = {0, 0};
      ticks.scheduleAtFixedRate(() -> progress(run, last), 1, 1, TimeUnit.SECONDS);
      try {
        return run.run();
      } finally {
        ticks.shutdownNow();
        spec.commandLine().getErr().println();
      }
    }
  }

  private void progress(LoadRun run, long[] last) {
    long done = run.done();
    long failed = List.of(Kind.values()).stream().mapToLong(kind -> run.of(kind).failures()).sum();
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        Locale.ROOT,
        "\r%3d of %d s  %6d a second  %d errors  ",
        ++last[1],
        seconds,
        done - last[0],
        failed);
    err.flush();
    last[0] = done;
  }

  private void report(LoadRun run, List<Kind> round, double took) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%d clients, %s, %.1f s; latency in ms since a request %s%n%n",
        clients,
        rate > 0 ? "%.1f requests due a second".formatted(rate) : "closed loop",
        took,
        rate > 0 ? "was due" : "was sent");
    out.printf(
        "%-8s %10s %8s %8s %8s %8s %8s %8s %8s%n",
        "", "answers", "per s", "p50", "p95", "p99", "max", "cached", "errors");
    ObjectNode all = JSON.createObjectNode();
    all.put("clients", clients).put("rate", rate).put("seconds", took).put("mix", mix);
    for (Kind kind : Kind.values()) {
      if (!round.contains(kind)) {
        continue;
      }
      Tally tally = run.of(kind);
      ObjectNode each = tally.json(took);
      all.set(kind.word(), each);
      out.printf(
          Locale.ROOT,
          "%-8s %10d %8.1f %8.2f %8.2f %8.2f %8.2f %8d %8d%n",
          kind.word(),
          tally.answers(),
          tally.answers() / took,
          tally.waitedMillis(0.5),
          tally.waitedMillis(0.95),
          tally.waitedMillis(0.99),
          tally.waitedMillis(1),
          each.path("cached").asLong(),
          tally.failures());
    }
    for (Kind kind : Kind.values()) {
      run.of(kind)
          .failuresByReason()
          .forEach(
              (why, count) -> out.printf("%n%s: %d times %s%n", kind.word(), count.sum(), why));
    }
    out.flush();
    if (json != null) {
      Files.writeString(json, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all));
    }
  }
}
