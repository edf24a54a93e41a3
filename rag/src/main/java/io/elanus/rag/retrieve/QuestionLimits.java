package io.elanus.rag.retrieve;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;

/** What a question may ask for. */
public final class QuestionLimits {
  public static final int TOP_K_MAX = 200;
  public static final int NEIGHBOURS_MAX = 10;
  public static final int TEXT_CHARACTERS_MAX = 32_768;

  private QuestionLimits() {}

  /** Throws INVALID_ARGUMENT that names what is out of range. */
  public static void check(Question question) {
    if (question.text().isBlank()) {
      throw bad("the query is empty; ask something");
    }
    if (question.text().length() > TEXT_CHARACTERS_MAX) {
      throw bad(
          "the query has %d characters, at most %d are taken"
              .formatted(question.text().length(), TEXT_CHARACTERS_MAX));
    }
    within("top_k", question.topK(), 1, TOP_K_MAX);
    within("neighbours", question.neighbours(), 0, NEIGHBOURS_MAX);
    if (!(question.diversity() >= 0 && question.diversity() <= 1)) {
      throw bad("diversity must be from 0 to 1, got " + question.diversity());
    }
    check(question.tuning());
  }

  private static void check(Tuning tuning) {
    within("candidates", tuning.candidates(), 0, Tuning.CANDIDATES_MAX);
    if (!(tuning.recall() >= 0 && tuning.recall() < 1)) {
      throw bad("recall must be above 0 and below 1, got " + tuning.recall());
    }
    if (!(tuning.fusionConstant() > 0 && tuning.fusionConstant() <= 16_384)) {
      throw bad("the fusion constant must be above 0 and at most 16384");
    }
    double dense = tuning.denseWeight();
    double text = tuning.textWeight();
    if (!(dense >= 0 && dense <= 1 && text >= 0 && text <= 1 && dense + text > 0)) {
      throw bad(
          "weights must be from 0 to 1 and not both 0, got dense %s and text %s"
              .formatted(dense, text));
    }
    if (tuning.staleMillisMax() < 0) {
      throw bad("max_stale must not be negative");
    }
  }

  private static void within(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw bad("%s must be from %d to %d, got %d".formatted(name, least, most, value));
    }
  }

  private static ElanusException bad(String message) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
