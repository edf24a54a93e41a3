package io.elanus.rag.answer;

import io.elanus.rag.answer.quote.Sentences;
import io.elanus.rag.answer.quote.Span;
import io.elanus.rag.answer.quote.Words;
import java.util.ArrayList;
import java.util.List;

/** Sentences that say something and rest on no citation. */
final class Uncited {
  private static final int WORDS_MIN = 2;

  private Uncited() {}

  /** A citation that follows the full stop belongs to the sentence before it. */
  static List<Span> of(String text, List<CitationFilter.Mark> marks) {
    String bare = without(text, marks);
    List<Span> uncited = new ArrayList<>();
    List<Span> sentences = Sentences.of(bare);
    for (int i = 0; i < sentences.size(); i++) {
      Span sentence = sentences.get(i);
      int next = i + 1 < sentences.size() ? sentences.get(i + 1).start() : text.length();
      boolean cited =
          marks.stream().anyMatch(mark -> mark.start() >= sentence.start() && mark.start() < next);
      String words = sentence.of(bare);
      boolean announces = words.endsWith(":") || words.endsWith("?") || words.startsWith("#");
      if (!cited && !announces && Words.of(words).size() >= WORDS_MIN) {
        uncited.add(sentence);
      }
    }
    return uncited;
  }

  /** Of the same length, with spaces where citations stand, so that they split no sentence. */
  private static String without(String text, List<CitationFilter.Mark> marks) {
    StringBuilder bare = new StringBuilder(text);
    for (CitationFilter.Mark mark : marks) {
      for (int i = mark.start(); i < mark.end(); i++) {
        bare.setCharAt(i, ' ');
      }
    }
    return bare.toString();
  }
}
