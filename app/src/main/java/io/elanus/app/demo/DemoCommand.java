package io.elanus.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.elanus.app.backup.Bar;
import io.elanus.app.serve.EmbeddedServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code elanus demo}: questions answered from the documentation of Kafka and Lucene. */
@Command(
    name = "demo",
    description = "Ingest real documentation and answer questions from it, all in this process.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class DemoCommand implements Callable<Integer> {
  private static final int PAGES_MAX = 500;
  private static final int BATCH = 20;
  private static final List<String> QUESTIONS =
      List.of(
          "How do I commit offsets manually in a consumer?",
          "What does acks=all mean for a producer?",
          "How does HNSW search work in Lucene?",
          "How can a producer send messages in a transaction?",
          "How are deleted documents removed from an index?");

  @Option(
      names = "--uri",
      description = "Server (default: ${DEFAULT-VALUE}); started if absent.",
      defaultValue = "http://127.0.0.1:19530")
  private URI uri;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "Data folder of a server started here (default: ./data).")
  private Path data;

  @Option(
      names = "--admin-port",
      defaultValue = "9091",
      description = "Admin port of a server started here (default: 9091).")
  private int adminPort;

  @Option(names = "--question", description = "One more question.")
  private @Nullable String question;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Path home = Path.of(System.getProperty("elanus.home", "."));
    List<JavadocJars.Page> pages = JavadocJars.read(home.resolve("app/target/demo"), PAGES_MAX);
    if (listening()) {
      talk(pages);
      return 0;
    }
    try (EmbeddedServer server = EmbeddedServer.start(data, port(), adminPort)) {
      out().printf("No server at %s: one runs here on %s until the end.%n", uri, data);
      talk(pages);
    }
    return 0;
  }

  private void talk(List<JavadocJars.Page> pages) throws Exception {
    try (DemoClient client = new DemoClient(uri)) {
      ingest(client, pages);
      List<String> questions = new ArrayList<>(QUESTIONS);
      if (question != null) {
        questions.add(question);
      }
      for (String asked : questions) {
        answer(client.answer(asked), asked);
      }
    }
  }

  private void ingest(DemoClient client, List<JavadocJars.Page> pages) throws Exception {
    long begun = System.nanoTime();
    long ingested = 0;
    long chunks = 0;
    try (Bar bar = Bar.of("Ingesting", pages.size(), "documents", 1)) {
      for (int from = 0; from < pages.size(); from += BATCH) {
        int to = Math.min(pages.size(), from + BATCH);
        JsonNode job = client.ingest(pages.subList(from, to));
        ingested += job.at("/documents/ingested").asLong();
        chunks += job.at("/chunks/embedded").asLong();
        bar.advance(to - from);
        if (!Bar.isSeen() && from % (BATCH * 5) == 0) {
          spec.commandLine().getErr().printf("%d of %d documents%n", to, pages.size());
        }
      }
    }
    out()
        .printf(
            "%d documents: %d ingested, %d there already; %d chunks embedded in %.1f s%n",
            pages.size(),
            ingested,
            pages.size() - ingested,
            chunks,
            (System.nanoTime() - begun) / 1e9);
  }

  private void answer(JsonNode answer, String asked) {
    JsonNode timings = answer.path("timings");
    out()
        .printf(
            "%n%s  (found in %.1f ms, answered in %.1f ms)%n",
            asked, timings.path("retrieval_ms").asDouble(), timings.path("total_ms").asDouble());
    answer.path("answer").asText().lines().forEach(line -> out().printf("  %s%n", line));
    for (JsonNode citation : answer.path("citations")) {
      out()
          .printf(
              "  [%d] %s (%s)%n",
              citation.path("number").asInt(),
              citation.path("heading").asText(),
              citation.path("source_id").asText());
    }
    answer.path("degraded").forEach(sentence -> out().printf("  Note: %s%n", sentence.asText()));
    out().flush();
  }

  private boolean listening() throws IOException {
    try (Socket socket = new Socket(uri.getHost(), port())) {
      return socket.isConnected();
    } catch (ConnectException e) {
      if (!InetAddress.getByName(uri.getHost()).isLoopbackAddress()) {
        throw new IOException("nothing listens at " + uri + "; start a server there", e);
      }
      return false;
    }
  }

  private int port() {
    return uri.getPort() < 0 ? 19530 : uri.getPort();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
