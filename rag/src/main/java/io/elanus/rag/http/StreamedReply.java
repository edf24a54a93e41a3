package io.elanus.rag.http;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;

/** A body that is written piece by piece, as fast as the client takes it; writes block. */
public final class StreamedReply {
  private final HttpResponseWriter response = HttpResponse.streaming();

  public HttpResponse response() {
    return response;
  }

  /** Before the first piece. */
  public void open(MediaType type) {
    response.write(
        ResponseHeaders.builder(HttpStatus.OK)
            .contentType(type)
            .add(HttpHeaderNames.CACHE_CONTROL, "no-cache")
            .add("x-accel-buffering", "no")
            .build());
  }

  /**
   * @throws ElanusException CANCELED where the client went away
   */
  public void write(byte[] piece) {
    if (!response.tryWrite(HttpData.wrap(piece))) {
      throw gone();
    }
    try {
      response.whenConsumed().join();
    } catch (CompletionException e) {
      throw gone();
    }
  }

  private static ElanusException gone() {
    return new ElanusException(ErrorCode.CANCELED, "the client went away");
  }

  public void close() {
    response.close();
  }

  /** Breaks the body off, so that the client sees that it is not whole. */
  public void abort(Throwable cause) {
    response.close(cause);
  }

  /** Instead of a body: nothing was sent yet. */
  public void refuse(HttpStatus status, String json) {
    response.close(
        AggregatedHttpResponse.of(
            status, MediaType.JSON_UTF_8, HttpData.of(StandardCharsets.UTF_8, json)));
  }
}
