package io.elanus.app.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.server.wire.backup.CutFrames;
import io.elanus.store.backup.BackupWriter;
import io.elanus.store.backup.Backups;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Takes a state of collections from a running server into a place of backups. */
final class ServerCut implements CutFrames.Receiver {
  private static final int PIECE_BYTES = 1 << 18;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Backups backups;
  private final LongFunction<Bar> bars;
  private CutFrames.@Nullable Head head;
  private @Nullable BackupWriter writer;
  private @Nullable Bar bar;

  /**
   * @param bars makes a progress bar for so many bytes
   */
  private ServerCut(Backups backups, LongFunction<Bar> bars) {
    this.backups = backups;
    this.bars = bars;
  }

  static Backups.Made copy(
      ServerOptions server,
      String database,
      List<String> collections,
      Place place,
      LongFunction<Bar> bars)
      throws IOException, InterruptedException {
    Backups backups = place.backups();
    ServerCut cut = new ServerCut(backups, bars);
    try (HttpClient http = server.http()) {
      HttpResponse<InputStream> response =
          http.send(request(server, database, collections, backups), BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() != 200) {
          throw refusal(response.statusCode(), body);
        }
        CutFrames.read(body, cut);
      }
      place.stillMine();
      return cut.publish();
    } catch (ConnectException e) {
      throw new ElanusException(
          ErrorCode.NOT_READY,
          "no server answers at %s; start it, or name its folder with --data"
              .formatted(server.uri()),
          e);
    } finally {
      if (cut.bar != null) {
        cut.bar.close();
      }
    }
  }

  private static HttpRequest request(
      ServerOptions server, String database, List<String> collections, Backups backups) {
    ObjectNode body = JSON.createObjectNode();
    body.put("database", database);
    collections.forEach(body.putArray("collections")::add);
    backups.digests().forEach(body.putArray("known")::add);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri().resolve(CutFrames.PATH))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()));
    server.credentials().ifPresent(c -> request.header("Authorization", "Bearer " + c));
    return request.build();
  }

  private static ElanusException refusal(int status, InputStream body) throws IOException {
    String text = new String(body.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    String sentence = text.strip();
    try {
      JsonNode json = JSON.readTree(text);
      sentence = json.path("message").asText(sentence);
    } catch (IOException e) {
      // Not one of our servers; its own words will do.
      sentence = text.strip();
    }
    ErrorCode code = status == 401 ? ErrorCode.NOT_AUTHENTICATED : ErrorCode.INVALID_ARGUMENT;
    return new ElanusException(code, "the server answers %d: %s".formatted(status, sentence));
  }

  @Override
  public void head(CutFrames.Head newHead) {
    head = newHead;
    Bar newBar = bars.apply(newHead.bytes());
    bar = newBar;
    writer = backups.begin(newBar);
  }

  @Override
  public void file(CutFrames.FileHead file, InputStream content) throws IOException {
    BackupWriter to = java.util.Objects.requireNonNull(writer);
    boolean[] read = {false};
    to.add(
        file.key(),
        file.bytes(),
        file.digest(),
        sink -> {
          if (!file.sent()) {
            throw new ElanusException(
                ErrorCode.DATA_CORRUPT,
                "a file of an older backup has the wrong size (SHA-256 %s); run elanus backup verify"
                    .formatted(file.digest()));
          }
          read[0] = true;
          copy(content, file.bytes(), sink);
        });
    if (file.sent() && !read[0]) {
      // The same file twice in one state: it has arrived before.
      content.skipNBytes(file.bytes());
    }
  }

  private static void copy(InputStream content, long bytes, BackupWriter.Sink sink)
      throws IOException {
    byte[] piece = new byte[PIECE_BYTES];
    for (long left = bytes; left > 0; ) {
      int n = content.readNBytes(piece, 0, (int) Math.min(piece.length, left));
      if (n == 0) {
        throw new EOFException();
      }
      sink.write(MemorySegment.ofArray(piece).asSlice(0, n));
      left -= n;
    }
  }

  private Backups.Made publish() {
    CutFrames.Head at = java.util.Objects.requireNonNull(head);
    BackupWriter done = java.util.Objects.requireNonNull(writer);
    return new Backups.Made(done.publish(at.timestamp(), at.entries()), done.copied());
  }
}
