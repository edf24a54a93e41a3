package io.elanus.rag.answer.quote;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/** Words that carry content, stemmed as the collection's text index has them. */
public final class Words {
  private static final Analyzer ENGLISH = new EnglishAnalyzer();

  private Words() {}

  public static List<String> of(String text) {
    List<String> words = new ArrayList<>();
    try (TokenStream tokens = ENGLISH.tokenStream("text", text)) {
      CharTermAttribute word = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        words.add(word.toString());
      }
      tokens.end();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory cannot fail to be read", e);
    }
    return words;
  }

  /** Share of the first text's different words that the other has; 0 where it has none. */
  public static double share(String of, String in) {
    Set<String> asked = new HashSet<>(of(of));
    if (asked.isEmpty()) {
      return 0;
    }
    Set<String> there = new HashSet<>(of(in));
    return asked.stream().filter(there::contains).count() / (double) asked.size();
  }
}
