package io.elanus.rag.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.rag.generate.EventParser.Event;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventParserTest {
  private static final String STREAM =
      "\uFEFFdata: one\n\n"
          + ": a comment\n"
          + "data: two\r\ndata:  lines \r\n\r\n"
          + "event: error\rdata:ü€😀\r\r"
          + "id: 7\nretry: 10\n\n"
          + "data\n\n"
          + "event: lost without data\n\n"
          + "data: cut off by the end\n";

  private static final List<Event> EVENTS =
      List.of(
          new Event("message", "one"),
          new Event("message", "two\n lines "),
          new Event("error", "ü€😀"),
          new Event("message", ""));

  @Test
  void readsTheSameHoweverTheBytesAreCut() throws Exception {
    byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
    for (int size = 1; size <= bytes.length; size++) {
      EventParser parser = new EventParser();
      List<Event> events = new ArrayList<>();
      for (int from = 0; from < bytes.length; from += size) {
        parser.feed(ByteBuffer.wrap(bytes, from, Math.min(size, bytes.length - from)));
        for (Event event = parser.poll(); event != null; event = parser.poll()) {
          events.add(event);
        }
      }
      assertThat(events).as("pieces of %d bytes", size).isEqualTo(EVENTS);
    }
  }

  @Test
  void linesAndEventsHaveLimits() {
    EventParser lines = new EventParser();
    assertThatThrownBy(() -> lines.feed(ByteBuffer.wrap(new byte[(1 << 20) + 1])))
        .hasMessageContaining("a line of more than");
    EventParser events = new EventParser();
    byte[] line = ("data: " + "x".repeat(1000) + "\n").getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 2000; i++) {
                events.feed(ByteBuffer.wrap(line));
              }
            })
        .hasMessageContaining("an event of more than");
  }
}
