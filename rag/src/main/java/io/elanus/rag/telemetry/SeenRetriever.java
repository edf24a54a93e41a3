package io.elanus.rag.telemetry;

import io.elanus.model.Caller;
import io.elanus.rag.retrieve.Found;
import io.elanus.rag.retrieve.Question;
import io.elanus.rag.retrieve.Retriever;
import io.elanus.rag.telemetry.Telemetry.Stage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import java.util.List;

/**
 * Every call is a span {@code search}: how many questions, passages found, answers out of a cache
 * and answers that lack a stage; neither their words nor who asked.
 */
public final class SeenRetriever implements Retriever {
  private static final AttributeKey<Long> QUESTIONS = AttributeKey.longKey("elanus.rag.questions");
  private static final AttributeKey<Long> PASSAGES = AttributeKey.longKey("elanus.rag.passages");
  private static final AttributeKey<Long> CACHED = AttributeKey.longKey("elanus.rag.cached");
  private static final AttributeKey<Long> DEGRADED = AttributeKey.longKey("elanus.rag.degraded");

  private final Retriever inner;
  private final Telemetry telemetry;

  public SeenRetriever(Retriever inner, Telemetry telemetry) {
    this.inner = inner;
    this.telemetry = telemetry;
  }

  @Override
  public Found find(Caller caller, Question question) {
    return telemetry.during(
        Stage.SEARCH,
        Attributes.of(QUESTIONS, 1L),
        () -> {
          Found found = inner.find(caller, question);
          describe(List.of(found));
          return found;
        });
  }

  @Override
  public List<Found> findAll(Caller caller, List<Question> questions) {
    return telemetry.during(
        Stage.SEARCH,
        Attributes.of(QUESTIONS, (long) questions.size()),
        () -> {
          List<Found> found = inner.findAll(caller, questions);
          describe(found);
          return found;
        });
  }

  private static void describe(List<Found> answers) {
    Span span = Span.current();
    if (span.isRecording()) {
      span.setAttribute(PASSAGES, answers.stream().mapToLong(each -> each.passages().size()).sum());
      span.setAttribute(CACHED, answers.stream().filter(Found::cached).count());
      span.setAttribute(
          DEGRADED, answers.stream().filter(each -> !each.degraded().isEmpty()).count());
    }
  }
}
