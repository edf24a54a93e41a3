package io.elanus.app.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * A piece of documentation short enough to embed: the model reads 256 tokens, and a passage about
 * one thing is found more surely than one about three.
 */
record Passage(String title, String url, String text) {
  static final int WORDS_MAX = 90;

  /** The text in passages of at most {@link #WORDS_MAX} words, ending at sentences where any. */
  static List<Passage> split(String title, String url, String text) {
    List<Passage> passages = new ArrayList<>();
    String[] words = text.strip().split("\\s+");
    int from = 0;
    while (from < words.length && !words[from].isEmpty()) {
      int to = Math.min(words.length, from + WORDS_MAX);
      for (int i = to; to < words.length && i > from + WORDS_MAX / 2; i--) {
        if (words[i - 1].endsWith(".")) {
          to = i;
          break;
        }
      }
      passages.add(new Passage(title, url, String.join(" ", List.of(words).subList(from, to))));
      from = to;
    }
    return passages;
  }

  String firstSentence() {
    int end = text.indexOf(". ");
    return end < 0 ? text : text.substring(0, end + 1);
  }
}
