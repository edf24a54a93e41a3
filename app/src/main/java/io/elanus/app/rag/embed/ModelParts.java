package io.elanus.app.rag.embed;

import io.elanus.app.rag.EmbedderSettings;
import io.elanus.app.telemetry.Tracing;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.Embedders;
import io.elanus.rag.embed.SeveralEmbedders;
import io.elanus.rag.telemetry.Telemetry;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All embedders of the process: the usual one, and those of {@code rag.embedders}. */
public final class ModelParts implements AutoCloseable {
  private final List<EmbedderParts> parts;
  private final Embedders embedders;

  private ModelParts(List<EmbedderParts> parts, Embedders embedders) {
    this.parts = parts;
    this.embedders = embedders;
  }

  /**
   * At once: no model is read before somebody asks for it.
   *
   * @throws ElanusException INVALID_ARGUMENT where two have one name
   */
  public static ModelParts start(
      EmbedderSettings usual,
      List<EmbedderSettings> further,
      Tracing tracing,
      Telemetry telemetry,
      MeterRegistry registry) {
    List<EmbedderSettings> all = new ArrayList<>();
    all.add(usual);
    all.addAll(further);
    if (all.stream().map(EmbedderSettings::name).distinct().count() < all.size()) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "rag.embedder and rag.embedders have two models of one name: %s; give each its own"
              .formatted(all.stream().map(EmbedderSettings::name).toList()));
    }
    List<EmbedderParts> parts = new ArrayList<>();
    Map<String, Embedder> byName = new LinkedHashMap<>();
    for (EmbedderSettings settings : all) {
      EmbedderParts one = EmbedderParts.start(settings, tracing, telemetry, registry);
      parts.add(one);
      byName.put(settings.name(), one.embedder());
    }
    return new ModelParts(parts, new SeveralEmbedders(byName));
  }

  public Embedders embedders() {
    return embedders;
  }

  /** What texts are counted with, and sentences compared, where no collection says otherwise. */
  public Embedder usual() {
    return embedders.usual();
  }

  @Override
  public void close() {
    parts.forEach(EmbedderParts::close);
  }
}
