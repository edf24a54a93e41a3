package io.elanus.app.rag;

import io.elanus.app.rag.reembed.ReembedSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code rag} of the configuration: one record per part, which reads its own keys.
 *
 * @param embedder which model makes vectors
 * @param embedders further models, for collections whose vectors are theirs
 * @param search what is searched, and how
 * @param policy who may see and write what
 * @param ingest how much is let in, and what a document may cost
 * @param reembedding how a collection comes to vectors of another model
 * @param generator which model writes answers
 * @param answer how answers are made
 */
public record RagSettings(
    EmbedderSettings embedder,
    List<EmbedderSettings> embedders,
    RetrieveSettings search,
    PolicySettings policy,
    IngestSettings ingest,
    ReembedSettings reembedding,
    GeneratorSettings generator,
    AnswerSettings answer) {
  public static final RagSettings DEFAULT = of(null);

  /**
   * @param yaml what stands under {@code rag}; null for nothing
   * @throws io.elanus.model.error.ElanusException INVALID_ARGUMENT that names the key
   */
  public static RagSettings of(@Nullable Object yaml) {
    return Section.read(
        "rag",
        yaml,
        section ->
            new RagSettings(
                section.section("embedder", EmbedderSettings::of),
                section.sections("embedders", EmbedderSettings::of),
                section.section("search", RetrieveSettings::of),
                section.section("policy", PolicySettings::of),
                section.section("ingest", IngestSettings::of),
                section.section("reembedding", RagSettings::reembedding),
                section.section("generator", GeneratorSettings::of),
                section.section("answer", AnswerSettings::of)));
  }

  private static ReembedSettings reembedding(Section section) {
    ReembedSettings absent = ReembedSettings.DEFAULT;
    return new ReembedSettings(
        section.fraction("shadow-share", absent.shadowShare()),
        section.number("texts-per-second", absent.textsPerSecond(), 0, 1_000_000));
  }
}
