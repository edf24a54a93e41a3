package io.elanus.server.wire.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.elanus.model.Caller;
import io.elanus.model.Cut;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.server.Mount;
import io.elanus.server.guard.Credentials;
import io.elanus.server.guard.Guard;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /elanus/backup}: a state of collections as {@link CutFrames}. The body is JSON:
 * {@code database} (absent for all), {@code collections} (absent for all of it), {@code known}: the
 * SHA-256 of files that need not be sent. The state is held as long as the connection; one at a
 * time.
 */
public final class BackupMount implements Mount {
  private static final Logger LOG = LoggerFactory.getLogger(BackupMount.class);
  private static final int PIECE_BYTES = 1 << 18;

  private final Source source;
  private final Guard guard;
  private final Executor executor;
  private final Semaphore running = new Semaphore(1);

  /** Gives one state, as {@link io.elanus.model.Jobs#cut} does. */
  @FunctionalInterface
  public interface Source {
    Cut cut(Caller caller, String database, List<String> collections);
  }

  /**
   * @param executor where a call may block for as long as it takes
   */
  public BackupMount(Source source, Guard guard, Executor executor) {
    this.source = source;
    this.guard = guard;
    this.executor = executor;
  }

  @Override
  public void on(ServerBuilder server) {
    server
        .route()
        .post(CutFrames.PATH)
        .requestTimeoutMillis(0)
        .build((context, request) -> serve(context, request));
  }

  private HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    HttpResponseWriter response = HttpResponse.streaming();
    request
        .aggregate()
        .thenAcceptAsync(whole -> answer(whole, response), executor)
        .exceptionally(
            error -> {
              refuse(response, sentenceOf(error));
              return null;
            });
    return response;
  }

  private static ElanusException sentenceOf(Throwable error) {
    Throwable cause = error;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof ElanusException e) {
      return e;
    }
    if (cause instanceof RejectedExecutionException) {
      return new ElanusException(ErrorCode.BUSY, "the server has too many calls waiting");
    }
    LOG.error("a backup failed by a bug", error);
    return new ElanusException(
        ErrorCode.INTERNAL, "the server failed by a mistake of its own; its log has the details");
  }

  /** What was asked for. */
  private record Asked(String database, List<String> collections, Set<String> known) {}

  private void answer(AggregatedHttpRequest whole, HttpResponseWriter response) {
    String principal;
    Asked asked;
    try {
      principal = guard.authenticate(Credentials.ofHttp(whole.headers().get("authorization")));
      asked = asked(whole);
    } catch (ElanusException e) {
      refuse(response, e);
      return;
    }
    if (!running.tryAcquire()) {
      refuse(response, new ElanusException(ErrorCode.BUSY, "another backup is running"));
      return;
    }
    Caller caller =
        new Caller(
            principal,
            asked.database.isEmpty() ? Caller.SYSTEM.database() : asked.database,
            Map.of(),
            Instant.MAX);
    try (Cut cut = source.cut(caller, asked.database, asked.collections)) {
      response.write(ResponseHeaders.of(HttpStatus.OK, "content-type", MediaType.OCTET_STREAM));
      stream(cut, asked.known, response);
    } catch (ElanusException e) {
      refuse(response, e);
    } catch (IOException e) {
      LOG.info("a backup was not taken to its end: {}", e.getMessage());
      response.abort();
    } finally {
      running.release();
    }
  }

  private static Asked asked(AggregatedHttpRequest whole) {
    try {
      JsonNode body = new ObjectMapper().readTree(whole.contentUtf8());
      if (!body.isObject()) {
        throw new ElanusException(ErrorCode.INVALID_ARGUMENT, "the body must be a JSON object");
      }
      return new Asked(
          body.path("database").asText(""),
          texts(body.path("collections")),
          new HashSet<>(texts(body.path("known"))));
    } catch (IOException e) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT, "the body is not JSON: " + e.getMessage(), e);
    }
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** Before the stream began with a status and JSON; afterwards the stream itself is cut off. */
  private static void refuse(HttpResponseWriter response, ElanusException e) {
    HttpStatus status =
        switch (e.code()) {
          case NOT_AUTHENTICATED -> HttpStatus.UNAUTHORIZED;
          case NOT_PERMITTED -> HttpStatus.FORBIDDEN;
          case BUSY, NOT_READY -> HttpStatus.SERVICE_UNAVAILABLE;
          case INTERNAL, DATA_CORRUPT, LOG_FAILED, DISK_LIMIT -> HttpStatus.INTERNAL_SERVER_ERROR;
          default -> HttpStatus.BAD_REQUEST;
        };
    String json =
        new ObjectMapper()
            .createObjectNode()
            .put("code", e.code().name())
            .put("message", e.getMessage())
            .toString();
    if (response.tryWrite(ResponseHeaders.of(status, "content-type", MediaType.JSON_UTF_8))) {
      response.write(HttpData.of(StandardCharsets.UTF_8, json));
    }
    response.close();
  }

  private static void stream(Cut cut, Set<String> known, HttpResponseWriter response)
      throws IOException {
    try (DataOutputStream out = new DataOutputStream(new Pieces(response))) {
      List<Cut.Part> parts = cut.parts();
      long bytes = parts.stream().mapToLong(Cut.Part::bytes).sum();
      CutFrames.writeHead(
          out, new CutFrames.Head(cut.timestamp(), cut.entries(), bytes, parts.size()));
      try {
        for (Cut.Part part : parts) {
          send(part, known, out);
        }
        out.writeByte(CutFrames.END);
      } catch (ElanusException e) {
        CutFrames.writeError(out, e.code(), e.getMessage());
      }
    }
  }

  private static void send(Cut.Part part, Set<String> known, DataOutputStream out)
      throws IOException {
    part.verify();
    MemorySegment content = part.content();
    MessageDigest digest = sha256();
    for (long at = 0; at < content.byteSize(); at += PIECE_BYTES) {
      digest.update(piece(content, at));
    }
    String hex = HexFormat.of().formatHex(digest.digest());
    boolean sent = !known.contains(hex);
    CutFrames.writeFile(out, new CutFrames.FileHead(part.key(), content.byteSize(), hex, sent));
    for (long at = 0; sent && at < content.byteSize(); at += PIECE_BYTES) {
      out.write(piece(content, at));
    }
  }

  private static byte[] piece(MemorySegment content, long at) {
    long length = Math.min(PIECE_BYTES, content.byteSize() - at);
    return content.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Hands pieces to the connection and waits until it took them: as fast as the client reads. */
  private static final class Pieces extends OutputStream {
    private final HttpResponseWriter response;
    private final byte[] buffer = new byte[PIECE_BYTES];
    private int size;

    Pieces(HttpResponseWriter response) {
      this.response = response;
    }

    @Override
    public void write(int b) throws IOException {
      if (size == buffer.length) {
        flush();
      }
      buffer[size++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      int at = 0;
      while (at < length) {
        if (size == buffer.length) {
          flush();
        }
        int n = Math.min(buffer.length - size, length - at);
        System.arraycopy(bytes, from + at, buffer, size, n);
        size += n;
        at += n;
      }
    }

    @Override
    public void flush() throws IOException {
      if (size == 0) {
        return;
      }
      try {
        if (!response.tryWrite(HttpData.copyOf(buffer, 0, size))) {
          throw new IOException("the client went away");
        }
        size = 0;
        response.whenConsumed().join();
      } catch (CompletionException e) {
        throw new IOException("the client went away", e);
      }
    }

    @Override
    public void close() throws IOException {
      flush();
      response.close();
    }
  }
}
