package io.elanus.app.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.app.backup.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code elanus ingest}. */
@Command(
    name = "ingest",
    description = {
      "Hand files and folders to a running server, which cuts them into chunks and embeds them.",
      "Files that are there as they are cost nothing, so a run that was interrupted is run again.",
      "Exits with 0, or 1 where a file could not be ingested."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class IngestCommand implements Callable<Integer> {
  private static final int BATCH_DOCUMENTS = 64;
  private static final long BATCH_BYTES = 8 << 20;
  private static final long DOCUMENT_BYTES_MAX = 40 << 20;

  /** Jobs that are not over, before more is sent. */
  private static final int JOBS_OPEN = 6;

  private static final long LOOK_MILLIS = 200;

  @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files and folders.")
  private List<Path> paths;

  @Mixin private ServerOptions server;

  @Option(names = "--collection", description = "Collection (default: the server's, documents).")
  private @Nullable String collection;

  @Option(names = "--chunker", description = "heading (default), sentence, semantic or fixed.")
  private @Nullable String chunker;

  @Option(
      names = "--tokens",
      description = "Most tokens of a chunk (default: 500, or as much as the model reads).")
  private @Nullable Integer tokens;

  @Option(names = "--overlap", description = "Tokens that chunks share (default: a tenth).")
  private @Nullable Integer overlap;

  @Option(
      names = "--tags",
      paramLabel = "TAG",
      split = ",",
      description = "Tags of all documents, parted by commas.")
  private List<String> tags = List.of();

  @Option(
      names = "--metadata",
      paramLabel = "JSON",
      description = "Metadata of all documents, a JSON object.")
  private @Nullable String metadata;

  @Option(
      names = "--include",
      paramLabel = "GLOB",
      description = "Of folders, only files like this; repeatable (default: documents and texts).")
  private List<String> include = List.of();

  @Option(
      names = "--exclude",
      paramLabel = "GLOB",
      description = "Of folders, no files like this; repeatable.")
  private List<String> exclude = List.of();

  @Option(
      names = "--prefix",
      description = "Put before the ids of sources, which are a folder's name and the path below.")
  private String prefix = "";

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long a server that does not answer is tried (default: ${DEFAULT-VALUE}).")
  private int patienceSeconds;

  @Spec private CommandSpec spec;

  private final Tally tally = new Tally();

  /** Open jobs and how many of their documents were done when last looked at. */
  private final Map<String, Long> open = new HashMap<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    TreeMap<String, Path> files = SourceFiles.of(paths, include, exclude, prefix);
    if (files.isEmpty()) {
      throw ServerOptions.bad("no files to ingest there; --include '*' takes all");
    }
    long begun = System.nanoTime();
    try (IngestClient client = new IngestClient(server, Duration.ofSeconds(patienceSeconds));
        Steps steps = new Steps(files.size(), spec.commandLine().getErr())) {
      Deque<Map.Entry<String, Path>> left = new ArrayDeque<>(files.entrySet());
      while (!left.isEmpty()) {
        send(client, batch(left, steps), steps);
        while (open.size() >= JOBS_OPEN) {
          look(client, steps);
        }
      }
      while (!open.isEmpty()) {
        look(client, steps);
      }
    }
    tally.print(
        (System.nanoTime() - begun) / 1e9,
        spec.commandLine().getOut(),
        spec.commandLine().getErr());
    return tally.failures() == 0 ? 0 : 1;
  }

  private List<ObjectNode> batch(Deque<Map.Entry<String, Path>> left, Steps steps) {
    List<ObjectNode> batch = new ArrayList<>();
    long bytes = 0;
    while (!left.isEmpty() && batch.size() < BATCH_DOCUMENTS) {
      Map.Entry<String, Path> next = left.peek();
      try {
        long size = Files.size(next.getValue());
        if (size > DOCUMENT_BYTES_MAX) {
          throw new IOException(
              "it has %d bytes, and %d is the most; split it".formatted(size, DOCUMENT_BYTES_MAX));
        }
        if (!batch.isEmpty() && bytes + size > BATCH_BYTES) {
          break;
        }
        bytes += size;
        batch.add(document(next.getKey(), next.getValue()));
      } catch (IOException e) {
        tally.fail("the file %s could not be read: %s".formatted(next.getValue(), e.getMessage()));
        steps.advance(1);
      }
      left.remove();
    }
    return batch;
  }

  private ObjectNode document(String id, Path file) throws IOException {
    ObjectNode document = IngestClient.object();
    document.put("source_id", id);
    document.put("name", String.valueOf(file.getFileName()));
    document.put("content_base64", Base64.getEncoder().encodeToString(Files.readAllBytes(file)));
    document.put("timestamp", Files.getLastModifiedTime(file).toMillis());
    ArrayNode all = document.putArray("tags");
    tags.forEach(all::add);
    if (metadata != null) {
      document.set("metadata", IngestClient.read(metadata));
    }
    return document;
  }

  private void send(IngestClient client, List<ObjectNode> batch, Steps steps)
      throws InterruptedException {
    if (batch.isEmpty()) {
      return;
    }
    ObjectNode request = IngestClient.object();
    if (collection != null) {
      request.put("collection", collection);
    }
    if (chunker != null) {
      request.put("chunker", chunker);
    }
    if (tokens != null) {
      request.put("tokens", tokens);
    }
    if (overlap != null) {
      request.put("overlap", overlap);
    }
    ArrayNode documents = request.putArray("documents");
    batch.forEach(documents::add);
    IngestClient.Answer answer = client.submit(request);
    if (answer.isGood()) {
      open.put(answer.body().path("id").asText(), 0L);
      note(answer.body(), steps);
    } else if (batch.size() > 1 && !isOfAll(answer)) {
      // One of them is refused; the others are taken.
      for (ObjectNode one : batch) {
        send(client, List.of(one), steps);
      }
    } else if (isOfAll(answer)) {
      throw ServerOptions.bad(answer.sentence());
    } else {
      tally.fail(answer.sentence());
      steps.advance(1);
    }
  }

  /** Whether all that is sent would be refused like this. */
  private static boolean isOfAll(IngestClient.Answer answer) {
    return answer.status() == 401
        || answer.status() == 404
        || answer.status() >= 500
        || answer.sentence().contains("collection");
  }

  private void look(IngestClient client, Steps steps) throws InterruptedException {
    Thread.sleep(LOOK_MILLIS);
    for (String id : List.copyOf(open.keySet())) {
      IngestClient.Answer answer = client.job(id);
      if (answer.isGood()) {
        note(answer.body(), steps);
      } else {
        tally.fail("the server forgot the job %s: %s".formatted(id, answer.sentence()));
        open.remove(id);
      }
    }
  }

  private void note(JsonNode job, Steps steps) {
    String id = job.path("id").asText();
    long done = job.path("documents").path("done").asLong();
    steps.advance(done - open.getOrDefault(id, 0L));
    steps.waiting(job.path("waiting").asText(""));
    open.put(id, done);
    if (job.has("finished")) {
      tally.add(job);
      open.remove(id);
    }
  }
}
