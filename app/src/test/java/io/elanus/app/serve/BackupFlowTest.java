package io.elanus.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.elanus.app.backup.BackupCommand;
import io.elanus.app.backup.DoctorCommand;
import io.elanus.app.backup.RestoreCommand;
import io.elanus.app.fixture.Said;
import io.elanus.store.format.FileHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does: back up a running server, restore, look, start again. */
class BackupFlowTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PASSWORD = "Elanus_1";

  @TempDir Path folder;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Settings settings(String data) {
    return Settings.DEFAULT
        .with("port", "0")
        .with("admin-port", "0")
        .with("data", folder.resolve(data).toString());
  }

  private JsonNode post(Process process, String path, String body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + process.port() + "/v2/vectordb" + path))
              .header("Content-Type", "application/json")
              .header("Authorization", "Bearer root:" + PASSWORD)
              .POST(BodyPublishers.ofString(body))
              .build();
      JsonNode answer = JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
      assertThat(answer.path("code").asInt()).as("%s", answer).isZero();
      return answer.path("data");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void fill(Process process, String name, int from, int to) {
    StringBuilder rows = new StringBuilder();
    for (int i = from; i < to; i++) {
      rows.append(rows.isEmpty() ? "" : ",")
          .append("{\"id\":%d,\"vector\":[%d,1,0,2],\"k\":%d}".formatted(i, i + 1, i % 7));
    }
    post(
        process,
        "/entities/insert",
        "{\"collectionName\":\"%s\",\"data\":[%s]}".formatted(name, rows));
  }

  private JsonNode all(Process process, String name) {
    return post(
        process,
        "/entities/query",
        "{\"collectionName\":\"%s\",\"filter\":\"id >= 0\",\"limit\":5000,\"outputFields\":[\"*\"]}"
            .formatted(name));
  }

  @Test
  void aRunningServerIsBackedUpAndRestored() throws IOException {
    Path password = Files.writeString(folder.resolve("password"), PASSWORD);
    Path wrong = Files.writeString(folder.resolve("wrong"), "wrong");
    Path to = folder.resolve("backups");
    JsonNode a;
    JsonNode b;
    Settings guarded = settings("data").with("root-password-file", password.toString());
    try (Process process = Process.start(guarded)) {
      String server = "http://127.0.0.1:" + process.port();
      post(process, "/collections/create", "{\"collectionName\":\"a\",\"dimension\":4}");
      post(process, "/collections/create", "{\"collectionName\":\"b\",\"dimension\":4}");
      fill(process, "a", 0, 2000);
      fill(process, "b", 0, 30);
      post(process, "/entities/delete", "{\"collectionName\":\"a\",\"filter\":\"id < 10\"}");
      a = all(process, "a");
      b = all(process, "b");

      assertThat(Said.by(new BackupCommand(), "--to", to, "--server", server).err())
          .contains("401", "missing authorization");
      assertThat(
              Said.by(new BackupCommand(), "--to", to, "--server", server, "--password-file", wrong)
                  .err())
          .contains("401");
      assertThat(
              Said.by(
                      new BackupCommand(),
                      "--to",
                      to,
                      "--server",
                      server,
                      "--password-file",
                      password,
                      "--collection",
                      "nothing")
                  .err())
          .contains("collection not found", "nothing");
      Said first =
          Said.by(new BackupCommand(), "--to", to, "--server", server, "--password-file", password);
      assertThat(first.status()).as(first.err()).isZero();
      fill(process, "a", 2000, 2001);
      Said second =
          Said.by(new BackupCommand(), "--to", to, "--server", server, "--password-file", password);
      assertThat(second.status()).isZero();
      // A segment of one row and two manifests at most; the large one was there.
      assertThat(second.out()).containsPattern("; [1-6] of them new, ");
      // The folder of a running server is nobody else's.
      assertThat(Said.by(new BackupCommand(), "--to", to, "--data", folder.resolve("data")).err())
          .contains("in use by");
      assertThat(Said.by(new DoctorCommand(), "--data", folder.resolve("data")).status())
          .isEqualTo(2);
    }
    restoresTheFirst(to, a, b);
  }

  private void restoresTheFirst(Path to, JsonNode a, JsonNode b) {
    List<String> ids =
        Said.by(new BackupCommand(), "list", "--from", to)
            .out()
            .lines()
            .map(line -> line.split(" ", 2)[0])
            .toList();
    assertThat(ids).hasSize(2);
    assertThat(Said.by(new BackupCommand(), "verify", "--from", to).status()).isZero();
    Path restored = folder.resolve("restored");
    Said done =
        Said.by(new RestoreCommand(), "--from", to, "--backup", ids.getFirst(), "--data", restored);
    assertThat(done.status()).as(done.err()).isZero();
    assertThat(Said.by(new RestoreCommand(), "--from", to, "--data", restored).err())
        .contains("is not empty");
    assertThat(Said.by(new DoctorCommand(), "--data", restored).status()).isZero();
    try (Process process = Process.start(settings("restored"))) {
      assertThat(all(process, "a")).isEqualTo(a);
      assertThat(all(process, "b")).isEqualTo(b);
      fill(process, "b", 30, 31);
      assertThat(all(process, "b")).hasSize(31);
    }
    assertThat(Said.by(new BackupCommand(), "delete", "--from", to, ids.getFirst()).status())
        .isZero();
    assertThat(Said.by(new BackupCommand(), "verify", "--from", to).status()).isZero();
  }

  @Test
  void anIdleFolderIsBackedUpAndWhatCannotBeIsSaid() throws IOException {
    Path data = folder.resolve("data");
    Path to = folder.resolve("backups");
    JsonNode rows;
    try (Process process = Process.start(settings("data"))) {
      post(process, "/collections/create", "{\"collectionName\":\"a\",\"dimension\":4}");
      fill(process, "a", 0, 50);
      rows = all(process, "a");
    }
    Said made = Said.by(new BackupCommand(), "--to", to, "--data", data);
    assertThat(made.status()).as(made.err()).isZero();
    assertThat(Said.by(new BackupCommand(), "--to", to).err()).contains("no server answers");
    assertThat(Said.by(new BackupCommand()).err()).contains("--to DIR");
    assertThat(Said.by(new BackupCommand(), "--to", data, "--data", data).err())
        .contains("is the data folder of a database");
    assertThat(Said.by(new BackupCommand(), "--to", to, "--data", folder.resolve("none")).err())
        .contains("is not a data folder");
    assertThat(Said.by(new BackupCommand(), "list", "--from", folder.resolve("none")).err())
        .contains("there is no folder");
    assertThat(
            Said.by(
                    new RestoreCommand(),
                    "--from",
                    to,
                    "--backup",
                    "x",
                    "--data",
                    folder.resolve("r"))
                .err())
        .contains("there is no backup x");

    // A restore that died: the folder opens nowhere, and the next restore begins anew.
    Path half = folder.resolve("half");
    RestoreMark.put(Files.createDirectories(half));
    Files.createDirectories(half.resolve("objects/collection/1"));
    Files.writeString(half.resolve("objects/collection/1/manifest"), "half");
    assertThat(catchMessage(() -> Process.start(settings("half")).close()))
        .contains("was not finished");
    assertThat(Said.by(new DoctorCommand(), "--data", half).status()).isEqualTo(1);
    assertThat(Said.by(new RestoreCommand(), "--from", to, "--data", half).status()).isZero();
    try (Process process = Process.start(settings("half"))) {
      assertThat(all(process, "a")).isEqualTo(rows);
    }
    // Without its manifest, a restored collection is refused, never empty.
    Path manifest =
        files(half).keySet().stream()
            .filter(p -> p.endsWith("manifest"))
            .findFirst()
            .map(half::resolve)
            .orElseThrow();
    Path whole = folder.resolve("whole");
    assertThat(Said.by(new RestoreCommand(), "--from", to, "--data", whole).status()).isZero();
    Files.delete(whole.resolve(half.relativize(manifest)));
    assertThat(Said.by(new DoctorCommand(), "--data", whole).status()).isEqualTo(1);
    try (Process process = Process.start(settings("whole"))) {
      assertThat(process.damaged()).hasSize(1);
    }
  }

  private static String catchMessage(Runnable task) {
    try {
      task.run();
      return "";
    } catch (RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Each damage is found, at a place, and looking changes neither bytes nor times. */
  @Test
  void theDoctorFindsEachDamageAndChangesNothing() throws IOException {
    Path data = folder.resolve("data");
    try (Process process = Process.start(settings("data"))) {
      post(process, "/collections/create", "{\"collectionName\":\"a\",\"dimension\":4}");
      fill(process, "a", 0, 1500);
      post(process, "/collections/flush", "{\"collectionName\":\"a\"}");
      post(process, "/entities/delete", "{\"collectionName\":\"a\",\"filter\":\"id < 10\"}");
      fill(process, "a", 1500, 1600);
      post(process, "/collections/flush", "{\"collectionName\":\"a\"}");
      fill(process, "a", 1600, 1610);
      awaitIndex(process);
    }
    assertThat(Said.by(new DoctorCommand(), "--data", data).out()).contains("all is well");
    List<String> kinds = new ArrayList<>();
    for (Path file : files(data).keySet()) {
      String name = file.toString();
      boolean emptyLog =
          name.endsWith(".log") && Files.size(data.resolve(file)) == FileHeader.BYTES;
      if (name.equals("LOCK") || emptyLog) {
        // An empty log file holds nothing that could be lost.
        continue;
      }
      kinds.add(name.replaceAll("[0-9a-f]*[0-9]", "N"));
      boolean index = name.contains("index-");
      damaged(
          data,
          file,
          index ? "warning" : "damage",
          whole -> flip(whole, name.equals("catalog.db") ? place(whole) : whole.length / 2));
      damaged(
          data,
          file,
          index ? "warning" : "damage",
          whole -> Arrays.copyOf(whole, whole.length / 3));
      if (!name.startsWith("catalog")) {
        boolean again = index || name.endsWith("manifest");
        damaged(data, file, again ? "warning" : "damage", null);
      }
    }
    assertThat(String.join(" ", kinds))
        .contains("catalog.db", "manifest", "data.arrow", "deletes-N", "index-N", ".log");
    Path stray = data.resolve("objects/collection/99/manifest");
    Files.createDirectories(stray.getParent());
    Files.writeString(stray, "x");
    Said unknown = Said.by(new DoctorCommand(), "--data", data, "--json");
    assertThat(unknown.status()).isEqualTo(1);
    assertThat(unknown.out()).contains("collection/99", "the catalog does not know");
    assertThat(Said.by(new DoctorCommand(), "--data", folder.resolve("none")).status())
        .isEqualTo(2);
  }

  private void awaitIndex(Process process) {
    JsonNode index;
    do {
      index =
          post(process, "/indexes/describe", "{\"collectionName\":\"a\",\"indexName\":\"vector\"}")
              .get(0);
    } while (index.path("pendingIndexRows").asInt() > 0);
  }

  private interface Change {
    byte[] of(byte[] whole);
  }

  /** Within the collection's record; SQLite's unused space may hold anything. */
  private static int place(byte[] catalog) {
    return new String(catalog, StandardCharsets.ISO_8859_1).indexOf("vector");
  }

  private static byte[] flip(byte[] whole, int at) {
    whole[at] ^= 0x10;
    return whole;
  }

  /** With no change, the file is taken away. */
  private static void damaged(
      Path data, Path file, String severity, @org.jspecify.annotations.Nullable Change change)
      throws IOException {
    Path damaged = data.resolve(file);
    Path away = data.resolveSibling("away");
    Files.move(damaged, away, StandardCopyOption.REPLACE_EXISTING);
    if (change != null) {
      Files.write(damaged, change.of(Files.readAllBytes(away)));
    }
    Map<Path, String> before = files(data);
    Said said = Said.by(new DoctorCommand(), "--data", data, "--json");
    assertThat(files(data)).isEqualTo(before);
    Files.move(away, damaged, StandardCopyOption.REPLACE_EXISTING);
    assertThat(said.status()).as("%s: %s", file, said).isEqualTo(1);
    JsonNode worst = JSON.readTree(said.out()).path("findings").get(0);
    assertThat(worst.path("severity").asText()).as("%s: %s", file, worst).isEqualTo(severity);
    assertThat(worst.path("remedy").asText()).isNotEmpty();
  }

  /** Size, content and time of change of every file. */
  private static Map<Path, String> files(Path data) throws IOException {
    Map<Path, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(data)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        found.put(
            data.relativize(file),
            Files.getLastModifiedTime(file) + " " + Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return found;
  }
}
