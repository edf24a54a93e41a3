package io.elanus.app.rag;

import io.elanus.rag.embed.local.LocalConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code rag.embedder}: which model makes vectors.
 *
 * @param threads that run a model in this process; 0 for one per core
 */
public record EmbedderSettings(LocalConfig local, int threads) {
  private static final int THREADS_MAX = 1024;

  static EmbedderSettings of(Section section) {
    Optional<LocalConfig.Files> files = files(section);
    LocalConfig boxed = LocalConfig.MINI_LM;
    return new EmbedderSettings(
        new LocalConfig(
            section.string("name", files.map(EmbedderSettings::name).orElse(boxed.name())),
            files,
            section.number("tokens-max", boxed.tokensMax(), 8, 65_536),
            section.choice("pooling", boxed.pooling()),
            section.string("query-prefix", ""),
            section.string("document-prefix", ""),
            boxed.waitingTextsMax()),
        section.number("threads", 0, 0, THREADS_MAX));
  }

  private static Optional<LocalConfig.Files> files(Section section) {
    Optional<Path> model = section.file("model");
    Optional<Path> tokenizer = section.file("tokenizer");
    if (model.isPresent() != tokenizer.isPresent()) {
      throw section.mistake("a model of your own needs both model and tokenizer");
    }
    if (model.isEmpty() || tokenizer.isEmpty()) {
      return Optional.empty();
    }
    for (Path file : new Path[] {model.get(), tokenizer.get()}) {
      if (!Files.isReadable(file)) {
        throw section.mistake("the file %s is not there or cannot be read".formatted(file));
      }
    }
    return Optional.of(new LocalConfig.Files(model.get(), tokenizer.get()));
  }

  private static String name(LocalConfig.Files files) {
    return String.valueOf(files.model().getFileName()).replaceFirst("\\.onnx$", "");
  }
}
