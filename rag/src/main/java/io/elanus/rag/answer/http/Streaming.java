package io.elanus.rag.answer.http;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.generate.Cancellation;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what writes events on a thread of its own. A failure before the first event is an ordinary
 * refusal with its status, one after it is the last event. Who goes away ends the work.
 */
final class Streaming {
  private static final Logger LOG = LoggerFactory.getLogger(Streaming.class);

  /** Longer than any generator is waited for. */
  private static final Duration REQUEST_MAX = Duration.ofMinutes(10);

  /** Writes events. */
  interface Work {
    /**
     * Makes everything that may be refused; {@link Stream#open} is called before the first event.
     */
    void run(Stream stream, Cancellation cancellation);
  }

  /** How errors look. */
  interface Errors {
    HttpStatus status(ElanusException e);

    String body(ElanusException e);

    /** The last event of a stream that fails on its way. */
    void event(EventReply reply, ElanusException e);
  }

  /** The client's end, opened by the first event. */
  static final class Stream {
    private final EventReply reply;
    private boolean opened;

    private Stream(EventReply reply) {
      this.reply = reply;
    }

    EventReply open() {
      if (!opened) {
        opened = true;
        reply.open();
      }
      return reply;
    }
  }

  private Streaming() {}

  /** A cancellation that the client's going away triggers; and time enough for long texts. */
  static Cancellation cancellation(ServiceRequestContext context) {
    Cancellation cancellation = new Cancellation();
    context.setRequestTimeout(REQUEST_MAX);
    // A closed connection is told by the first under HTTP/1, by the second under HTTP/2.
    context.whenRequestCancelling().thenAccept(cause -> cancellation.cancel());
    context.log().whenComplete().thenAccept(log -> cancellation.cancel());
    return cancellation;
  }

  static HttpResponse start(
      ServiceRequestContext context, Executor executor, Errors errors, Work work) {
    EventReply reply = new EventReply();
    Cancellation cancellation = cancellation(context);
    reply
        .response()
        .whenComplete()
        .exceptionally(
            gone -> {
              cancellation.cancel();
              return null;
            });
    try {
      executor.execute(() -> run(reply, errors, work, cancellation));
    } catch (RejectedExecutionException e) {
      throw new ElanusException(ErrorCode.BUSY, "the server has too many calls waiting", e);
    }
    return reply.response();
  }

  private static void run(EventReply reply, Errors errors, Work work, Cancellation cancellation) {
    Stream stream = new Stream(reply);
    try {
      work.run(stream, cancellation);
      reply.close();
    } catch (ElanusException e) {
      if (e.code().kind() == ErrorCode.Kind.INTERNAL) {
        LOG.error("an answer failed", e);
      }
      fail(stream, errors, e);
    } catch (RuntimeException e) {
      LOG.error("an answer failed by a bug", e);
      fail(
          stream,
          errors,
          new ElanusException(
              ErrorCode.INTERNAL,
              "the server failed on this request by a mistake of its own; its log has the details"));
    }
  }

  private static void fail(Stream stream, Errors errors, ElanusException e) {
    if (!stream.opened) {
      stream.reply.refuse(errors.status(e), errors.body(e));
      return;
    }
    try {
      if (e.code() != ErrorCode.CANCELED) {
        errors.event(stream.reply, e);
      }
    } catch (ElanusException gone) {
      LOG.debug("nobody was there to be told", gone);
    }
    stream.reply.close();
  }
}
