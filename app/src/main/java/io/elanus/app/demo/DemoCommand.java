package io.elanus.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.elanus.app.serve.EmbeddedServer;
import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.Embedder.Purpose;
import io.elanus.rag.embed.local.LocalConfig;
import io.elanus.rag.embed.local.LocalEmbedder;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.Console;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code elanus demo}: questions answered from the documentation of Kafka and Lucene. */
@Command(
    name = "demo",
    description = "Search real documentation by meaning, with a model in this process.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class DemoCommand implements Callable<Integer> {
  private static final int PASSAGES_MAX = 4000;
  private static final int BATCH = 16;
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
    List<Passage> passages = JavadocJars.read(home.resolve("app/target/demo"), PASSAGES_MAX);
    if (listening()) {
      talk(passages);
      return 0;
    }
    try (EmbeddedServer server = EmbeddedServer.start(data, port(), adminPort)) {
      out().printf("No server at %s: one runs here on %s until the end.%n", uri, data);
      talk(passages);
    }
    return 0;
  }

  private void talk(List<Passage> passages) throws Exception {
    int threads = Runtime.getRuntime().availableProcessors();
    try (ExecutorService executor = Executors.newFixedThreadPool(threads);
        Embedder embedder =
            new LocalEmbedder(LocalConfig.MINI_LM, executor, new CompositeMeterRegistry());
        DemoClient client = new DemoClient(uri)) {
      if (client.exists() && client.count() == passages.size()) {
        out().printf("%d passages are there already.%n", passages.size());
      } else {
        ingest(client, embedder, passages);
      }
      List<String> questions = new ArrayList<>(QUESTIONS);
      if (question != null) {
        questions.add(question);
      }
      for (String asked : questions) {
        answer(client, embedder, asked);
      }
    }
  }

  private void ingest(DemoClient client, Embedder embedder, List<Passage> passages)
      throws Exception {
    if (client.exists()) {
      client.drop();
    }
    client.create(embedder.model().dimension());
    long begun = System.nanoTime();
    Console console = System.console();
    boolean terminal = console != null && console.isTerminal();
    try (ProgressBar bar = terminal ? new ProgressBar("Embedding", passages.size()) : null) {
      for (int from = 0; from < passages.size(); from += BATCH) {
        List<Passage> batch = passages.subList(from, Math.min(passages.size(), from + BATCH));
        List<String> texts = batch.stream().map(p -> p.title() + ". " + p.text()).toList();
        client.insert(from, batch, embedder.embed(texts, Purpose.DOCUMENT));
        if (bar != null) {
          bar.stepBy(batch.size());
        } else if (from % (BATCH * 20) == 0) {
          spec.commandLine().getErr().printf("%d of %d passages%n", from, passages.size());
        }
      }
    }
    out()
        .printf(
            "%d passages embedded and inserted in %.1f s%n",
            passages.size(), (System.nanoTime() - begun) / 1e9);
  }

  private void answer(DemoClient client, Embedder embedder, String asked) throws Exception {
    long begun = System.nanoTime();
    float[] vector = embedder.embed(List.of(asked), Purpose.QUERY).getFirst();
    long embedded = System.nanoTime();
    JsonNode hits = client.search(vector, 3);
    long found = System.nanoTime();
    out()
        .printf(
            "%n%s  (embed %.1f ms, search %.1f ms)%n",
            asked, (embedded - begun) / 1e6, (found - embedded) / 1e6);
    for (JsonNode hit : hits) {
      String title = hit.path("title").asText();
      Passage passage = new Passage(title, hit.path("url").asText(), hit.path("text").asText());
      out()
          .printf(
              "  %.3f  %s%n         %s%n",
              hit.path("distance").asDouble(), title, passage.firstSentence());
    }
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
