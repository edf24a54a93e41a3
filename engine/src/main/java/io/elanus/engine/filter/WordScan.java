package io.elanus.engine.filter;

import io.elanus.engine.segment.ColumnView;
import io.elanus.engine.segment.Segment;
import io.elanus.index.RowBitmap;
import io.elanus.index.scalar.ScalarIndex;
import io.elanus.index.text.Analyzers;
import io.elanus.index.text.TextAnalyzer;
import io.elanus.index.text.Token;
import io.elanus.model.schema.Field;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Words and phrases in the texts of one field. Words are looked up in the segment's index over
 * them; a phrase takes the rows that have all its words from there, and looks at their texts. Where
 * there is no index (growing rows, and sealed ones that wait for it) candidates are taken apart one
 * by one: about a microsecond for three words of text.
 */
final class WordScan {
  private final int rows;
  private final ColumnView column;
  private final TextAnalyzer analyzer;
  private final @Nullable ScalarIndex index;
  private final RowBitmap nulls;

  WordScan(Segment segment, Field field) {
    this.rows = segment.rowCount();
    this.column = segment.column(field);
    this.analyzer = Analyzers.of(field.analyzerParams());
    this.index = segment.wordIndex(field);
    this.nulls = Evaluation.nulls(column, rows);
  }

  Truth of(Predicate.TextMatch match, RowBitmap candidates) {
    if (match.words().isEmpty() || match.least() > match.words().size()) {
      return truth(new RowBitmap(rows));
    }
    if (index != null) {
      return truth(byIndex(index, match.words(), match.least()));
    }
    Set<String> wanted = new HashSet<>(match.words());
    RowBitmap found = new RowBitmap(rows);
    for (int row = candidates.next(0); row >= 0; row = candidates.next(row + 1)) {
      if (!nulls.get(row)) {
        Set<String> met = new HashSet<>(analyzer.words(column.stringAt(row)));
        met.retainAll(wanted);
        if (met.size() >= match.least()) {
          found.set(row);
        }
      }
    }
    return truth(found);
  }

  private RowBitmap byIndex(ScalarIndex by, List<String> words, int least) {
    RowBitmap found = new RowBitmap(rows);
    if (least == 1) {
      by.in(words, found);
      return found;
    }
    short[] counts = new short[rows];
    for (String word : words) {
      RowBitmap one = new RowBitmap(rows);
      by.in(List.of(word), one);
      for (int row = one.next(0); row >= 0; row = one.next(row + 1)) {
        if (++counts[row] == least) {
          found.set(row);
        }
      }
    }
    return found;
  }

  Truth of(Predicate.PhraseMatch match, RowBitmap candidates) {
    RowBitmap found = new RowBitmap(rows);
    RowBitmap possible = candidates.copy();
    List<String> distinct = match.words().stream().map(Token::text).distinct().toList();
    if (index != null && !distinct.isEmpty()) {
      for (String word : distinct) {
        RowBitmap one = new RowBitmap(rows);
        index.in(List.of(word), one);
        possible.and(one);
      }
    }
    Phrase phrase = new Phrase(match.words(), match.slop());
    for (int row = possible.next(0); row >= 0; row = possible.next(row + 1)) {
      if (!nulls.get(row) && phrase.isIn(analyzer.tokens(column.stringAt(row)))) {
        found.set(row);
      }
    }
    return truth(found);
  }

  /** Null rows are unknown. */
  private Truth truth(RowBitmap yes) {
    return new Truth(yes.andNot(nulls), nulls);
  }

  /**
   * A phrase is in a text where each of its words has a place of its own there, and the shifts from
   * the places in the phrase differ by no more than the slop: two words in the wrong order stand
   * two shifts apart (as in Lucene's phrase queries).
   */
  static final class Phrase {
    private final List<Token> words;
    private final int slop;

    Phrase(List<Token> words, int slop) {
      this.words = words;
      this.slop = slop;
    }

    boolean isIn(List<Token> text) {
      Map<String, List<Integer>> places = new HashMap<>();
      words.forEach(word -> places.put(word.text(), new java.util.ArrayList<>()));
      for (Token token : text) {
        List<Integer> of = places.get(token.text());
        if (of != null) {
          of.add(token.position());
        }
      }
      if (words.isEmpty() || places.values().stream().anyMatch(List::isEmpty)) {
        return false;
      }
      // In a match, the least shift is that of some word.
      for (Token first : words) {
        for (int place : places.getOrDefault(first.text(), List.of())) {
          if (fits((long) place - first.position(), places)) {
            return true;
          }
        }
      }
      return false;
    }

    /** Each word at the first place that is free: equal words have ranges in their own order. */
    private boolean fits(long shift, Map<String, List<Integer>> places) {
      Map<String, Integer> next = new HashMap<>();
      for (Token word : words) {
        List<Integer> of = places.getOrDefault(word.text(), List.of());
        int at = next.getOrDefault(word.text(), 0);
        while (at < of.size() && of.get(at) < shift + word.position()) {
          at++;
        }
        if (at == of.size() || of.get(at) > shift + word.position() + slop) {
          return false;
        }
        next.put(word.text(), at + 1);
      }
      return true;
    }
  }
}
