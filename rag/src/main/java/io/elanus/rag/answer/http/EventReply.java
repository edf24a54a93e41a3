package io.elanus.rag.answer.http;

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

/** Server-sent events to a client, one at a time, as fast as it takes them. */
final class EventReply {
  private final HttpResponseWriter response = HttpResponse.streaming();

  HttpResponse response() {
    return response;
  }

  /** Before the first event. */
  void open() {
    response.write(
        ResponseHeaders.builder(HttpStatus.OK)
            .contentType(MediaType.EVENT_STREAM)
            .add(HttpHeaderNames.CACHE_CONTROL, "no-cache")
            .add("x-accel-buffering", "no")
            .build());
  }

  /** An event with a name; the data must be one line. */
  void event(String name, String data) {
    write("event: " + name + "\ndata: " + data + "\n\n");
  }

  /** An event without a name. */
  void data(String data) {
    write("data: " + data + "\n\n");
  }

  private void write(String text) {
    if (!response.tryWrite(HttpData.ofUtf8(text))) {
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

  void close() {
    response.close();
  }

  /** Instead of events: nothing was sent yet. */
  void refuse(HttpStatus status, String json) {
    response.close(
        AggregatedHttpResponse.of(
            status, MediaType.JSON_UTF_8, HttpData.of(StandardCharsets.UTF_8, json)));
  }
}
