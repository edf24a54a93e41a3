package io.elanus.rag.generate;

import io.elanus.rag.generate.ResponseBytes.Broken;
import io.elanus.rag.generate.ResponseBytes.Bytes;
import io.elanus.rag.generate.ResponseBytes.End;
import io.elanus.rag.generate.ResponseBytes.Piece;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, on one thread. Whatever the other side does, it ends by one of its
 * limits: the time to the first event, between two, of the whole; bytes of a line, an event, all.
 */
final class ChatAttempt {
  private static final int BYTES_MAX = 32 << 20;
  private static final int TEXT_CHARS_MAX = 2 << 20;
  private static final int REFUSAL_BYTES_MAX = 16 << 10;

  /** After the text's end, for the count of its tokens. */
  private static final long USAGE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final GeneratorConfig config;
  private final LongSupplier nanoTime;
  private final Generator.Sink sink;
  private final Cancellation cancellation;
  private final long deadline;

  private final StringBuilder text = new StringBuilder();
  private final EventParser events = new EventParser();
  private OptionalInt promptTokens = OptionalInt.empty();
  private OptionalInt textTokens = OptionalInt.empty();
  private @Nullable String finish;
  private boolean done;
  private boolean anyEvent;
  private long bytes;

  ChatAttempt(
      GeneratorConfig config,
      LongSupplier nanoTime,
      Generator.Sink sink,
      Cancellation cancellation,
      long deadline) {
    this.config = config;
    this.nanoTime = nanoTime;
    this.sink = sink;
    this.cancellation = cancellation;
    this.deadline = deadline;
  }

  /** Whether some of the text was handed on. */
  boolean hasText() {
    return !text.isEmpty();
  }

  Generation run(HttpClient http, HttpRequest request)
      throws GenerationFailed, InterruptedException {
    long firstBy = nanoTime.getAsLong() + config.timeouts().first().toNanos();
    CompletableFuture<HttpResponse<ResponseBytes>> sent =
        http.sendAsync(request, head -> new ResponseBytes());
    cancellation.onCancel(() -> sent.cancel(true));
    HttpResponse<ResponseBytes> response = response(sent, firstBy);
    try (ResponseBytes body = response.body()) {
      cancellation.onCancel(body::close);
      if (response.statusCode() != 200) {
        String said = slurp(body, REFUSAL_BYTES_MAX, firstBy, false);
        throw ChatWire.refusal(
            response.statusCode(), said, response.headers().firstValue("retry-after").orElse(null));
      }
      String type = response.headers().firstValue("content-type").orElse("");
      if (type.startsWith("application/json")) {
        take(ChatWire.whole(slurp(body, BYTES_MAX, firstBy, true)));
        done = true;
      } else {
        stream(body, firstBy);
      }
    }
    if (cancellation.isCanceled()) {
      throw GenerationFailed.canceled();
    }
    if (!done && finish == null) {
      throw GenerationFailed.down("stopped in the middle of the text");
    }
    return new Generation(text.toString(), "length".equals(finish), promptTokens, textTokens);
  }

  private HttpResponse<ResponseBytes> response(
      CompletableFuture<HttpResponse<ResponseBytes>> sent, long firstBy)
      throws GenerationFailed, InterruptedException {
    try {
      return sent.get(
          Math.max(0, Math.min(firstBy, deadline) - nanoTime.getAsLong()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      sent.cancel(true);
      throw late("did not begin to answer within ", config.timeouts().first());
    } catch (CancellationException e) {
      throw GenerationFailed.canceled();
    } catch (ExecutionException e) {
      if (cancellation.isCanceled()) {
        throw GenerationFailed.canceled();
      }
      throw e.getCause() instanceof HttpConnectTimeoutException
          ? GenerationFailed.slow("cannot be reached within " + words(config.timeouts().connect()))
          : GenerationFailed.down("cannot be reached, or closed the connection");
    } catch (InterruptedException e) {
      sent.cancel(true);
      throw e;
    }
  }

  private void stream(ResponseBytes body, long firstBy)
      throws GenerationFailed, InterruptedException {
    long by = firstBy;
    while (!done) {
      Piece piece = body.next(Math.min(by, deadline) - nanoTime.getAsLong());
      switch (piece) {
        case null -> {
          if (finish != null) {
            return;
          }
          throw anyEvent
              ? late("fell silent for ", config.timeouts().between())
              : late("did not begin to answer within ", config.timeouts().first());
        }
        case Bytes(var buffers) -> {
          for (ByteBuffer buffer : buffers) {
            count(buffer.remaining(), BYTES_MAX);
            events.feed(buffer);
          }
          if (drain()) {
            by = nanoTime.getAsLong() + pause();
          }
        }
        case End() -> {
          return;
        }
        case Broken broken -> throw broken();
      }
    }
  }

  private long pause() {
    return finish == null ? config.timeouts().between().toNanos() : USAGE_NANOS;
  }

  /** Whether there was an event. */
  private boolean drain() throws GenerationFailed {
    boolean any = false;
    for (EventParser.Event event = events.poll(); event != null; event = events.poll()) {
      any = true;
      anyEvent = true;
      if (event.data().strip().equals(ChatWire.DONE)) {
        done = true;
        return true;
      }
      take(ChatWire.part(event.data()));
    }
    return any;
  }

  private void take(ChatWire.Part part) throws GenerationFailed {
    promptTokens = part.promptTokens().isPresent() ? part.promptTokens() : promptTokens;
    textTokens = part.textTokens().isPresent() ? part.textTokens() : textTokens;
    finish = part.finish() == null ? finish : part.finish();
    if (cancellation.isCanceled()) {
      throw GenerationFailed.canceled();
    }
    if (part.text().isEmpty()) {
      return;
    }
    text.append(part.text());
    if (text.length() > TEXT_CHARS_MAX) {
      throw GenerationFailed.down("wrote more than " + TEXT_CHARS_MAX + " characters");
    }
    sink.piece(part.text());
  }

  /**
   * A body as text, to its end or its limit.
   *
   * @param whole whether what goes beyond the limit is an error
   */
  private String slurp(ResponseBytes body, int bytesMax, long firstBy, boolean whole)
      throws GenerationFailed, InterruptedException {
    ByteArrayOutputStream taken = new ByteArrayOutputStream();
    while (true) {
      Piece piece = body.next(Math.min(firstBy, deadline) - nanoTime.getAsLong());
      switch (piece) {
        case null -> throw late("did not answer within ", config.timeouts().first());
        case Bytes(var buffers) -> {
          for (ByteBuffer buffer : buffers) {
            if (whole) {
              count(buffer.remaining(), bytesMax);
            }
            byte[] part = new byte[Math.min(buffer.remaining(), bytesMax - taken.size())];
            buffer.get(part);
            taken.writeBytes(part);
          }
          if (taken.size() == bytesMax) {
            return taken.toString(StandardCharsets.UTF_8);
          }
        }
        case End() -> {
          return taken.toString(StandardCharsets.UTF_8);
        }
        case Broken broken -> throw broken();
      }
    }
  }

  private void count(int more, int bytesMax) throws GenerationFailed {
    bytes += more;
    if (bytes > bytesMax) {
      throw GenerationFailed.down("sent more than " + (bytesMax >> 20) + " MiB");
    }
  }

  private GenerationFailed broken() {
    return cancellation.isCanceled()
        ? GenerationFailed.canceled()
        : GenerationFailed.down(
            hasText() ? "stopped in the middle of the text" : "closed the connection");
  }

  private GenerationFailed late(String what, Duration limit) {
    return deadline <= nanoTime.getAsLong()
        ? GenerationFailed.slow("took longer than " + words(config.timeouts().total()))
        : GenerationFailed.slow(what + words(limit));
  }

  private static String words(Duration limit) {
    return "%.1f s".formatted(limit.toMillis() / 1000.0);
  }
}
