package io.elanus.rag.telemetry;

import io.elanus.rag.generate.Cancellation;
import io.elanus.rag.generate.Generation;
import io.elanus.rag.generate.Generator;
import io.elanus.rag.generate.Prompt;
import io.elanus.rag.telemetry.Telemetry.Stage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;

/** Every call is a span {@code generate} with the model's name; neither prompt nor answer. */
public final class SeenGenerator implements Generator {
  private static final AttributeKey<String> MODEL = AttributeKey.stringKey("gen_ai.request.model");

  private final Generator inner;
  private final Telemetry telemetry;

  public SeenGenerator(Generator inner, Telemetry telemetry) {
    this.inner = inner;
    this.telemetry = telemetry;
  }

  @Override
  public String model() {
    return inner.model();
  }

  @Override
  public Generation generate(Prompt prompt, Sink sink, Cancellation cancellation) {
    return telemetry.during(
        Stage.GENERATE,
        Attributes.of(MODEL, inner.model()),
        () -> inner.generate(prompt, sink, cancellation));
  }

  @Override
  public void close() {
    inner.close();
  }
}
