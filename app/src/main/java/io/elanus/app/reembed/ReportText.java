package io.elanus.app.reembed;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;

/** A report as people read it. */
final class ReportText {
  private ReportText() {}

  static String of(JsonNode report) {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "%s, %s: from %s to %s",
        report.path("collection").asText(),
        report.path("state").asText(),
        report.path("from").path("model").asText(),
        report.path("to").path("model").asText());
    agreement(text, "real questions", report.path("shadow"));
    for (JsonNode set : report.path("judged")) {
      text.append('\n');
      line(text, "%s (%s)", set.path("name").asText(), set.path("mode").asText());
      agreement(text, "questions", set.path("agreement"));
      for (Map.Entry<String, JsonNode> entry : set.path("measures").properties()) {
        JsonNode seen = entry.getValue();
        line(
            text,
            "  %-14s %.4f -> %.4f: %+.4f, 95%% between %+.4f and %+.4f, p = %.4f; better on %d, worse on %d",
            entry.getKey(),
            seen.path("from").asDouble(),
            seen.path("to").asDouble(),
            seen.path("difference").asDouble(),
            seen.path("low").asDouble(),
            seen.path("high").asDouble(),
            seen.path("probability").asDouble(),
            seen.path("better").asInt(),
            seen.path("worse").asInt());
      }
    }
    return text.toString();
  }

  private static void agreement(StringBuilder text, String what, JsonNode seen) {
    line(text, "  %d %s asked of both", seen.path("questions").asLong(), what);
    for (String name : new String[] {"overlap@10", "rbo", "same_first", "latency_ratio"}) {
      JsonNode interval = seen.path(name);
      if (!interval.isMissingNode()) {
        line(
            text,
            "  %-14s %.3f, 95%% between %.3f and %.3f",
            name,
            interval.path("mean").asDouble(),
            interval.path("low").asDouble(),
            interval.path("high").asDouble());
      }
    }
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
