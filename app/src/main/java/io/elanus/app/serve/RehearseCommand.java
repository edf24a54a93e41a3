package io.elanus.app.serve;

import io.elanus.store.object.LocalFolders;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * {@code elanus rehearse}: a short life of a server in a folder of its own, so that the JVM can
 * record what a start needs (its ahead-of-time cache). Run by the launcher after a build.
 */
@Command(name = "rehearse", hidden = true, description = "Record the JVM's start-up cache.")
public final class RehearseCommand implements Callable<Integer> {
  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("elanus-rehearsal");
    Settings settings =
        Settings.DEFAULT
            .with("data", folder.resolve("data").toString())
            .with("port", "0")
            .with("admin-port", "0");
    try (Process process = Process.start(settings);
        HttpClient http = HttpClient.newHttpClient()) {
      String base = "http://127.0.0.1:" + process.port() + "/v2/vectordb/";
      post(http, base + "collections/create", "{\"collectionName\":\"a\",\"dimension\":4}");
      post(
          http,
          base + "entities/insert",
          "{\"collectionName\":\"a\",\"data\":[{\"id\":1,\"vector\":[1,2,3,4],\"k\":5}]}");
      post(
          http,
          base + "entities/search",
          "{\"collectionName\":\"a\",\"data\":[[1,2,3,4]],\"filter\":\"k > 1\",\"limit\":3}");
      post(http, base + "collections/drop", "{\"collectionName\":\"a\"}");
      get(http, "http://127.0.0.1:" + process.adminPort() + "/metrics");
    } finally {
      LocalFolders.remove(folder);
    }
    return 0;
  }

  private static void post(HttpClient http, String url, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static void get(HttpClient http, String url) throws IOException, InterruptedException {
    http.send(
        HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
  }
}
