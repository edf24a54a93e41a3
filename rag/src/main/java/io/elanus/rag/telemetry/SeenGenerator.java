package io.elanus.rag.telemetry;

import io.elanus.rag.generate.Cancellation;
import io.elanus.rag.generate.Generation;
import io.elanus.rag.generate.Generator;
import io.elanus.rag.generate.Prompt;
import io.elanus.rag.telemetry.Telemetry.Stage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;

/**
 * Every call is a span {@code generate} with the model's name and how many tokens went in and out;
 * neither prompt nor answer.
 */
public final class SeenGenerator implements Generator {
  private static final AttributeKey<String> OPERATION =
      AttributeKey.stringKey("gen_ai.operation.name");
  private static final AttributeKey<String> MODEL = AttributeKey.stringKey("gen_ai.request.model");
  private static final AttributeKey<Long> PROMPT =
      AttributeKey.longKey("gen_ai.usage.input_tokens");
  private static final AttributeKey<Long> WRITTEN =
      AttributeKey.longKey("gen_ai.usage.output_tokens");

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
        Attributes.of(OPERATION, "chat", MODEL, inner.model()),
        () -> {
          Generation whole = inner.generate(prompt, sink, cancellation);
          Span span = Span.current();
          whole.promptTokens().ifPresent(count -> span.setAttribute(PROMPT, (long) count));
          whole.textTokens().ifPresent(count -> span.setAttribute(WRITTEN, (long) count));
          return whole;
        });
  }

  @Override
  public void close() {
    inner.close();
  }
}
