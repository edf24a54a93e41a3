package io.elanus.rag.answer.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.rag.answer.Answer;
import io.elanus.rag.answer.NumberedPassage;
import io.elanus.rag.answer.quote.Span;
import io.elanus.rag.knowledge.Chunk;
import io.elanus.rag.retrieve.Passage;
import java.util.List;
import java.util.Locale;

/** Answers as JSON. Offsets count UTF-16 units. */
final class AnswerJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private AnswerJson() {}

  static ObjectNode of(Answer answer) {
    ObjectNode body = NODES.objectNode();
    body.put("answer", answer.text());
    body.put("mode", answer.mode().name().toLowerCase(Locale.ROOT));
    if (!answer.model().isEmpty()) {
      body.put("model", answer.model());
    }
    body.set("citations", citations(answer));
    body.set("passages", passages(answer.passages()));
    if (!answer.unknownCitations().isEmpty()) {
      ArrayNode removed = body.putArray("removed_citations");
      answer.unknownCitations().forEach(removed::add);
    }
    if (!answer.uncited().isEmpty()) {
      ArrayNode uncited = body.putArray("uncited");
      for (Span span : answer.uncited()) {
        span(uncited.addObject(), span).put("text", span.of(answer.text()));
      }
    }
    if (!answer.left().isEmpty()) {
      ArrayNode left = body.putArray("left_out");
      for (Answer.Left one : answer.left()) {
        source(left.addObject(), one.chunk()).put("reason", reason(one.reason()));
      }
    }
    if (answer.cut()) {
      body.put("cut", true);
    }
    if (!answer.degraded().isEmpty()) {
      ArrayNode degraded = body.putArray("degraded");
      answer.degraded().forEach(degraded::add);
    }
    body.putObject("usage")
        .put("prompt_tokens", answer.usage().promptTokens())
        .put("answer_tokens", answer.usage().answerTokens());
    body.putObject("timings")
        .put("retrieval_ms", millis(answer.timings().retrievalNanos()))
        .put("first_ms", millis(answer.timings().firstNanos()))
        .put("total_ms", millis(answer.timings().totalNanos()));
    return body;
  }

  /** Each passage that is cited, with what is quoted of it. */
  static ArrayNode citations(Answer answer) {
    ArrayNode citations = NODES.arrayNode();
    for (int number : answer.cited()) {
      ObjectNode citation = citation(answer.passages().get(number - 1));
      List<Answer.Quotation> quotes =
          answer.quotes().stream().filter(quote -> quote.number() == number).toList();
      if (!quotes.isEmpty()) {
        ArrayNode list = citation.putArray("quotes");
        for (Answer.Quotation quote : quotes) {
          String text = answer.passages().get(number - 1).passage().chunk().text();
          span(list.addObject(), quote.passageSpan())
              .put("text", quote.passageSpan().of(text))
              .put("answer_start", quote.answerSpan().start())
              .put("answer_end", quote.answerSpan().end());
        }
      }
      citations.add(citation);
    }
    return citations;
  }

  static ObjectNode citation(NumberedPassage passage) {
    return source(NODES.objectNode().put("number", passage.number()), passage.passage().chunk());
  }

  static ArrayNode passages(List<NumberedPassage> passages) {
    ArrayNode list = NODES.arrayNode();
    for (NumberedPassage one : passages) {
      Passage passage = one.passage();
      ObjectNode node = citation(one).put("score", passage.score()).put("text", one.text());
      if (one.cut()) {
        node.put("cut", true);
      }
      list.add(node);
    }
    return list;
  }

  private static ObjectNode source(ObjectNode node, Chunk chunk) {
    node.put("id", chunk.id())
        .put("source_id", chunk.sourceId())
        .put("title", chunk.title())
        .put("heading", chunk.heading())
        .put("chunk_index", chunk.index());
    return span(node, new Span(chunk.start(), chunk.end()));
  }

  private static ObjectNode span(ObjectNode node, Span span) {
    return node.put("start", span.start()).put("end", span.end());
  }

  private static String reason(Answer.Reason reason) {
    return switch (reason) {
      case FLOOR -> "it has too little to do with the question";
      case BUDGET -> "the prompt had no room";
    };
  }

  private static double millis(long nanos) {
    return Math.round(nanos / 1e4) / 100.0;
  }
}
