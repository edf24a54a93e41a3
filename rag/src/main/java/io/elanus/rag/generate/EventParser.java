package io.elanus.rag.generate;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events out of bytes as they come (WHATWG HTML, 9.2.6): lines end in CR, LF or both;
 * {@code data} lines of one event are joined by LF; a line that starts with a colon is a comment;
 * an event that the stream's end cuts off is none. A line is decoded when it is whole, so that a
 * character may be split anywhere.
 */
final class EventParser {
  private static final int LINE_BYTES_MAX = 1 << 20;
  private static final int EVENT_CHARS_MAX = 1 << 20;
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /**
   * @param type {@code message} where the stream names none
   */
  record Event(String type, String data) {}

  private final Deque<Event> events = new ArrayDeque<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder data = new StringBuilder();
  private String type = "";
  private boolean hasData;
  private boolean afterReturn;
  private boolean first = true;

  void feed(ByteBuffer bytes) throws GenerationFailed {
    while (bytes.hasRemaining()) {
      byte b = bytes.get();
      boolean pair = afterReturn && b == '\n';
      afterReturn = b == '\r';
      if (pair) {
        continue;
      }
      if (b == '\n' || b == '\r') {
        endLine();
      } else {
        line.write(b);
        if (line.size() > LINE_BYTES_MAX) {
          throw GenerationFailed.down("sent a line of more than " + LINE_BYTES_MAX + " bytes");
        }
      }
    }
  }

  /** The next whole event, or null. */
  @Nullable Event poll() {
    return events.poll();
  }

  private void endLine() throws GenerationFailed {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (first) {
      first = false;
      text = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }
    if (text.isEmpty()) {
      endEvent();
      return;
    }
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    value = value.startsWith(" ") ? value.substring(1) : value;
    switch (name) {
      case "data" -> {
        data.append(hasData ? "\n" : "").append(value);
        hasData = true;
        if (data.length() > EVENT_CHARS_MAX) {
          throw GenerationFailed.down("sent an event of more than " + EVENT_CHARS_MAX + " bytes");
        }
      }
      case "event" -> type = value;
      default -> {
        // A comment, or a field that says nothing to us: id, retry.
      }
    }
  }

  private void endEvent() {
    if (hasData) {
      events.add(new Event(type.isEmpty() ? "message" : type, data.toString()));
    }
    data.setLength(0);
    hasData = false;
    type = "";
  }
}
