package io.elanus.rag.telemetry;

import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.Model;
import io.elanus.rag.embed.Tokens;
import io.elanus.rag.telemetry.Telemetry.Stage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.util.List;

/** Every call is a span {@code embed}: how many texts, for what; caches included. */
public final class SeenEmbedder implements Embedder {
  private static final AttributeKey<Long> TEXTS = AttributeKey.longKey("elanus.rag.texts");
  private static final AttributeKey<String> PURPOSE = AttributeKey.stringKey("elanus.rag.purpose");

  private final Embedder inner;
  private final Telemetry telemetry;

  public SeenEmbedder(Embedder inner, Telemetry telemetry) {
    this.inner = inner;
    this.telemetry = telemetry;
  }

  @Override
  public Model model() {
    return inner.model();
  }

  @Override
  public Tokens tokens() {
    return inner.tokens();
  }

  @Override
  public List<float[]> embed(List<String> texts, Purpose purpose) {
    Attributes attributes = Attributes.of(TEXTS, (long) texts.size(), PURPOSE, purpose.name());
    return telemetry.during(Stage.EMBED, attributes, () -> inner.embed(texts, purpose));
  }

  @Override
  public void close() {
    inner.close();
  }
}
