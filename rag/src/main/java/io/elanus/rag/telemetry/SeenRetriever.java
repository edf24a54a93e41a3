package io.elanus.rag.telemetry;

import io.elanus.model.Caller;
import io.elanus.rag.retrieve.Found;
import io.elanus.rag.retrieve.Question;
import io.elanus.rag.retrieve.Retriever;
import io.elanus.rag.telemetry.Telemetry.Stage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.util.List;

/** Every call is a span {@code search}: how many questions; neither their words nor who asked. */
public final class SeenRetriever implements Retriever {
  private static final AttributeKey<Long> QUESTIONS = AttributeKey.longKey("elanus.rag.questions");

  private final Retriever inner;
  private final Telemetry telemetry;

  public SeenRetriever(Retriever inner, Telemetry telemetry) {
    this.inner = inner;
    this.telemetry = telemetry;
  }

  @Override
  public Found find(Caller caller, Question question) {
    return telemetry.during(
        Stage.SEARCH, Attributes.of(QUESTIONS, 1L), () -> inner.find(caller, question));
  }

  @Override
  public List<Found> findAll(Caller caller, List<Question> questions) {
    return telemetry.during(
        Stage.SEARCH,
        Attributes.of(QUESTIONS, (long) questions.size()),
        () -> inner.findAll(caller, questions));
  }
}
