package io.elanus.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.app.backup.BackupCommand;
import io.elanus.app.backup.DoctorCommand;
import io.elanus.app.backup.RestoreCommand;
import io.elanus.app.fixture.Said;
import io.elanus.app.fixture.ServerJvm;
import io.elanus.bucket.BucketProcess;
import io.elanus.store.catalog.Catalog;
import io.elanus.store.catalog.SqliteCatalog;
import io.elanus.store.object.s3.S3Config;
import io.elanus.store.object.s3.S3Objects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Collections and documents into a bucket of a real S3 server, and back. */
class BucketBackupTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BUCKET = "backups";

  private static BucketProcess bucket;

  @TempDir Path folder;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeAll
  static void startBucket() throws IOException {
    bucket = BucketProcess.start(BUCKET);
  }

  @AfterAll
  static void stopBucket() {
    bucket.close();
  }

  private Path keys() throws IOException {
    Path keys = folder.resolve("keys");
    return Files.exists(keys)
        ? keys
        : Files.writeString(
            keys,
            "[default]%naws_access_key_id = %s%naws_secret_access_key = %s%n"
                .formatted(BucketProcess.ACCESS_KEY, BucketProcess.SECRET_KEY));
  }

  /** A command with how the bucket is reached. */
  private Said at(Object command, Object... arguments) throws IOException {
    List<Object> all = new ArrayList<>(List.of(arguments));
    all.addAll(
        List.of(
            "--endpoint",
            bucket.endpoint(),
            "--region",
            "us-east-1",
            "--credentials-file",
            keys()));
    return Said.by(command, all.toArray());
  }

  private S3Objects objects(String prefix) throws IOException {
    return S3Objects.open(
        S3Config.of("s3://" + BUCKET + "/" + prefix)
            .at(bucket.endpoint())
            .withPathStyle(true)
            .inRegion("us-east-1")
            .as(Optional.empty(), Optional.of(keys())),
        new Random(1),
        Thread::sleep);
  }

  private Settings settings(String data) {
    return Settings.DEFAULT
        .with("port", "0")
        .with("admin-port", "0")
        .with("data", folder.resolve(data).toString());
  }

  private HttpResponse<byte[]> ask(Process process, String method, String path, String body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + process.port() + path))
              .header("Content-Type", "application/json")
              .method(method, BodyPublishers.ofString(body))
              .build();
      return http.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private JsonNode json(Process process, String method, String path, String body) {
    HttpResponse<byte[]> response = ask(process, method, path, body);
    String text = new String(response.body(), StandardCharsets.UTF_8);
    assertThat(response.statusCode()).as(text).isLessThan(300);
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(int n, int version) {
    return "Document %d tells of subject %d, for the time number %d. ".formatted(n, n * 7, version)
        + "A few sentences are its own, such as this of %d.".formatted(n * 13 + version);
  }

  private JsonNode ingest(Process process, String collection, int from, int to, int version) {
    ObjectNode body = JSON.createObjectNode();
    body.put("collection", collection);
    ArrayNode documents = body.putArray("documents");
    for (int n = from; n < to; n++) {
      documents.addObject().put("source_id", "document-" + n).put("text", text(n, version));
    }
    return json(process, "POST", "/v1/documents?wait=true", body.toString());
  }

  private List<Path> documents(String data) throws IOException {
    Path all = folder.resolve(data).resolve("objects/rag/document");
    if (!Files.isDirectory(all)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(all)) {
      return files.filter(Files::isRegularFile).map(all::relativize).sorted().toList();
    }
  }

  @Test
  void collectionsAndDocumentsGoAndComeBackWhileMoreAreWritten() throws Exception {
    String place = "s3://" + BUCKET + "/flow";
    try (Process process = Process.start(settings("data"))) {
      ingest(process, "manual", 0, 12, 1);
      String server = "http://127.0.0.1:" + process.port();
      Said first = at(new BackupCommand(), "--to", place, "--server", server);
      assertThat(first.status()).as(first.err()).isZero();
      Said again = at(new BackupCommand(), "--to", place, "--server", server);
      assertThat(again.status()).as(again.err()).isZero();
      // All documents and the segment are there; a new manifest may be.
      assertThat(again.out()).containsPattern("; [0-3] of them new, ");
      AtomicBoolean done = new AtomicBoolean();
      List<Throwable> failures = new ArrayList<>();
      Thread writer =
          Thread.ofPlatform()
              .uncaughtExceptionHandler((thread, e) -> failures.add(e))
              .start(() -> keepWriting(process, done));
      for (int i = 0; i < 3; i++) {
        Said more = at(new BackupCommand(), "--to", place, "--server", server);
        assertThat(more.status()).as(more.err()).isZero();
      }
      done.set(true);
      writer.join();
      assertThat(failures).isEmpty();
    }
    List<String> ids =
        at(new BackupCommand(), "list", "--from", place)
            .out()
            .lines()
            .map(line -> line.split(" ", 2)[0])
            .toList();
    assertThat(ids).hasSize(5);
    Said verified = at(new BackupCommand(), "verify", "--from", place);
    assertThat(verified.status()).as("%s", verified).isZero();
    for (String id : List.of(ids.getFirst(), ids.get(2), ids.getLast())) {
      Said restored =
          at(new RestoreCommand(), "--from", place, "--backup", id, "--data", folder.resolve(id));
      assertThat(restored.status()).as(restored.err()).isZero();
      Said doctor = Said.by(new DoctorCommand(), "--data", folder.resolve(id));
      assertThat(doctor.status()).as(doctor.out()).isZero();
      assertThat(doctor.out()).containsPattern("1 collections and [1-9]\\d* documents examined");
      try (Process process = Process.start(settings(id))) {
        everyDocumentIsWhole(process, id.equals(ids.getFirst()) ? 12 : 1);
      }
    }
    Said deleted = at(new BackupCommand(), "delete", "--from", place, ids.getFirst());
    assertThat(deleted.status()).as(deleted.err()).isZero();
    assertThat(at(new BackupCommand(), "verify", "--from", place).status()).isZero();
    try (S3Objects left = objects("flow")) {
      assertThat(left.exists("LOCK")).isFalse();
    }
  }

  /** New documents, new versions, and deletions, all the time. */
  private void keepWriting(Process process, AtomicBoolean done) {
    for (int round = 2; !done.get(); round++) {
      ingest(process, "manual", round % 5, round % 5 + 4, round);
      JsonNode list = json(process, "GET", "/v1/documents?collection=manual", "");
      String id = list.path("documents").path(0).path("id").asText();
      int status =
          ask(process, "DELETE", "/v1/documents/" + id + "?collection=manual", "").statusCode();
      assertThat(status).isLessThan(300);
    }
  }

  private void everyDocumentIsWhole(Process process, int least) throws Exception {
    // What was waiting when the state was taken is ended first.
    for (JsonNode job : json(process, "GET", "/v1/jobs?limit=100", "").path("jobs")) {
      JsonNode over =
          json(process, "GET", "/v1/jobs/" + job.path("id").asText() + "?wait=true", "");
      assertThat(over.path("documents").path("failed").asInt()).as("%s", over).isZero();
    }
    JsonNode list =
        json(process, "GET", "/v1/documents?collection=manual&limit=1000", "").path("documents");
    assertThat(list.size()).isGreaterThanOrEqualTo(least);
    for (JsonNode one : list) {
      String path = "/v1/documents/" + one.path("id").asText();
      JsonNode shown = json(process, "GET", path + "?collection=manual&text=true", "");
      HttpResponse<byte[]> content = ask(process, "GET", path + "/content?collection=manual", "");
      assertThat(content.statusCode()).isEqualTo(200);
      assertThat(new String(content.body(), StandardCharsets.UTF_8))
          .isEqualTo(shown.path("text").asText());
      assertThat(
              HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content.body())))
          .as("the chunks are those of these bytes")
          .isEqualTo(one.path("hash").asText());
    }
    JsonNode hits =
        json(
                process,
                "POST",
                "/v1/search",
                "{\"collection\":\"manual\",\"query\":\"what does subject 49 tell\",\"top_k\":3}")
            .path("hits");
    assertThat(hits.isEmpty()).isFalse();
    for (JsonNode hit : hits) {
      boolean known = false;
      for (JsonNode one : list) {
        known |= one.path("source_id").equals(hit.path("source_id"));
      }
      assertThat(known).as("%s", hit).isTrue();
    }
  }

  @Test
  void aBackupThatIsKilledIsNoneAndTheNextOneGoesOn() throws Exception {
    Path data = folder.resolve("data");
    try (Process process = Process.start(settings("data"))) {
      ingest(process, "manual", 0, 2, 1);
    }
    // Many small files, so that it takes a while.
    String id = documents("data").getFirst().getName(0).toString();
    Path extra = Files.createDirectories(data.resolve("objects/rag/document/" + id + "/more"));
    for (int i = 0; i < 400; i++) {
      Files.writeString(extra.resolve("text-" + i), "number " + i);
    }
    String place = "s3://" + BUCKET + "/killed";
    try (S3Objects there = objects("killed")) {
      java.lang.Process backup =
          new ProcessBuilder(
                  ServerJvm.command(
                      "backup",
                      "--to",
                      place,
                      "--data",
                      data.toString(),
                      "--endpoint",
                      bucket.endpoint().toString(),
                      "--region",
                      "us-east-1",
                      "--credentials-file",
                      keys().toString()))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("said").toFile())
              .start();
      while (there.list("file/").size() < 20 && backup.isAlive()) {
        Thread.sleep(5);
      }
      backup.destroyForcibly();
      assertThat(backup.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(backup.exitValue())
          .as("killed in the middle: %s", Files.readString(folder.resolve("said")))
          .isEqualTo(137);
      int copied = there.list("file/").size();
      assertThat(copied).isBetween(20, 399);
      assertThat(there.exists("LOCK")).isTrue();
      assertThat(at(new BackupCommand(), "list", "--from", place).out()).isEmpty();
      Said next = at(new BackupCommand(), "--to", place, "--data", data);
      assertThat(next.status()).as(next.err()).isZero();
      Matcher copies = Pattern.compile("; (\\d+) of them new").matcher(next.out());
      assertThat(copies.find()).as(next.out()).isTrue();
      // What was on its way when it was killed may have arrived after it was counted.
      int all = there.list("file/").size();
      assertThat(Integer.parseInt(copies.group(1))).isBetween(all - copied - 1, all - copied);
      assertThat(there.exists("LOCK")).isFalse();
    }
    assertThat(at(new BackupCommand(), "verify", "--from", place).status()).isZero();
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    Path data = folder.resolve("data");
    Process.start(settings("data")).close();
    assertThat(at(new BackupCommand(), "--to", "s3://not-there/x", "--data", data).err())
        .contains("there is no bucket not-there at the object store at " + bucket.endpoint());
    assertThat(at(new BackupCommand(), "list", "--from", "s3://not-there/x").err())
        .contains("there is no bucket not-there");
    assertThat(at(new RestoreCommand(), "--from", "s3://" + BUCKET + "/none", "--data", "x").err())
        .contains("there are no backups in s3://" + BUCKET + "/none");
    assertThat(at(new BackupCommand(), "--to", folder.resolve("dir"), "--data", data).err())
        .contains("is a folder, for which --endpoint");
    assertThat(Said.by(new BackupCommand(), "--to", "gs://b/x", "--data", data).err())
        .contains("gs://b/x is neither a folder nor a bucket like s3://bucket/prefix");
    assertThat(
            Said.by(
                    new BackupCommand(),
                    "--to",
                    "s3://" + BUCKET + "/x",
                    "--endpoint",
                    bucket.endpoint(),
                    "--credentials-file",
                    folder.resolve("nothing"),
                    "--data",
                    data)
                .err())
        .contains("there are no credentials for s3://" + BUCKET + "/x")
        .doesNotContain(BucketProcess.SECRET_KEY);
  }

  @Test
  void documentsOfDroppedCollectionsGoAndNoOthers() throws Exception {
    Path catalogFile = folder.resolve("data").resolve(FolderDatabase.CATALOG);
    try (Process process = Process.start(settings("data"))) {
      ingest(process, "gone", 0, 3, 1);
      ingest(process, "kept", 0, 3, 1);
      int before = documents("data").size();
      json(process, "POST", "/v2/vectordb/collections/drop", "{\"collectionName\":\"gone\"}");
      ingest(process, "gone", 0, 2, 2);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      // Two documents of the new one of that name, three of the other.
      while (records() != 5 && System.nanoTime() < end) {
        Thread.sleep(10);
      }
      assertThat(records()).isEqualTo(5);
      assertThat(documents("data")).hasSizeLessThan(before);
      assertThat(json(process, "GET", "/v1/documents?collection=gone", "").path("documents"))
          .hasSize(2);
    }
    // As a process leaves it that dies between a drop and the removal of documents.
    Path all = folder.resolve("data/objects/rag/document");
    List<Path> live = documents("data");
    for (long id : List.of(7_777L, 8_888L)) {
      for (Path file : live.subList(0, 3)) {
        Path copy = all.resolve(Long.toString(id)).resolve(file.subpath(1, file.getNameCount()));
        Files.createDirectories(copy.getParent());
        Files.copy(all.resolve(file), copy);
      }
    }
    try (SqliteCatalog catalog = SqliteCatalog.open(catalogFile)) {
      byte[] id = ByteBuffer.allocate(8).putLong(7_777L).array();
      catalog.commit(List.of(), List.of(new Catalog.Change.Put("dropped/7777", id)));
    }
    Said doctor = Said.by(new DoctorCommand(), "--data", folder.resolve("data"));
    assertThat(doctor.out())
        .contains(
            "note    objects/rag/document/7777/: documents of a collection that was dropped",
            "warning objects/rag/document/8888/: the catalog does not know");
    Process.start(settings("data")).close();
    try (Process process = Process.start(settings("data"))) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (documents("data").stream().anyMatch(file -> file.startsWith("7777"))
          && System.nanoTime() < end) {
        Thread.sleep(10);
      }
      // Of what the catalog never knew nobody knows that it was dropped.
      assertThat(documents("data")).containsAll(live).hasSize(live.size() + 3);
      assertThat(json(process, "GET", "/v1/documents?collection=kept", "").path("documents"))
          .hasSize(3);
    }
  }

  private long records() throws IOException {
    return documents("data").stream().filter(file -> file.endsWith("record")).count();
  }
}
