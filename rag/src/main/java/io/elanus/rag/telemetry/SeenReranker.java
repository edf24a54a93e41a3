package io.elanus.rag.telemetry;

import io.elanus.rag.rerank.Reranker;
import io.elanus.rag.telemetry.Telemetry.Stage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.time.Duration;
import java.util.List;

/** Every call is a span {@code rerank}: how many texts. */
public final class SeenReranker implements Reranker {
  private static final AttributeKey<Long> TEXTS = AttributeKey.longKey("elanus.rag.texts");

  private final Reranker inner;
  private final Telemetry telemetry;

  public SeenReranker(Reranker inner, Telemetry telemetry) {
    this.inner = inner;
    this.telemetry = telemetry;
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public int candidates() {
    return inner.candidates();
  }

  @Override
  public double[] scores(String query, List<String> texts, Duration patience) {
    return telemetry.during(
        Stage.RERANK,
        Attributes.of(TEXTS, (long) texts.size()),
        () -> inner.scores(query, texts, patience));
  }

  @Override
  public void close() {
    inner.close();
  }
}
