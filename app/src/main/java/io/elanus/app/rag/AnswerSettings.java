package io.elanus.app.rag;

import io.elanus.rag.answer.AnswerConfig;
import io.elanus.rag.answer.PromptTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** {@code rag.answer}: how answers are made. */
public record AnswerSettings(AnswerConfig config) {
  static AnswerSettings of(Section section) {
    AnswerConfig absent = AnswerConfig.DEFAULT;
    return new AnswerSettings(
        new AnswerConfig(
            template(section),
            section.number("top-k", absent.topK(), 1, 100),
            section.number("prompt-tokens", absent.promptTokensMax(), 256, 1_000_000),
            section.number("answer-tokens", absent.answerTokensMax(), 1, 32_768),
            section.fraction("least-cosine", absent.cosineFloor()),
            section.fraction("least-words", absent.wordsFloor()),
            section.number("quotes", absent.quotesMax(), 1, 20)));
  }

  private static PromptTemplate template(Section section) {
    Optional<Path> file = section.file("prompt-file");
    if (file.isEmpty()) {
      return PromptTemplate.DEFAULT;
    }
    try {
      return PromptTemplate.of(Files.readString(file.get()));
    } catch (IOException e) {
      throw section.mistake("cannot read the prompt template " + file.get());
    }
  }
}
