package io.elanus.rag.answer.http;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import io.elanus.rag.http.StreamedReply;
import java.nio.charset.StandardCharsets;

/** Server-sent events to a client, one at a time, as fast as it takes them. */
final class EventReply {
  private final StreamedReply reply = new StreamedReply();

  HttpResponse response() {
    return reply.response();
  }

  /** Before the first event. */
  void open() {
    reply.open(MediaType.EVENT_STREAM);
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
    reply.write(text.getBytes(StandardCharsets.UTF_8));
  }

  void close() {
    reply.close();
  }

  /** Instead of events: nothing was sent yet. */
  void refuse(HttpStatus status, String json) {
    reply.refuse(status, json);
  }
}
