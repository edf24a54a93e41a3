package io.elanus.rag.retrieve;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The words of a question that say what it is about. BM25 takes "how do I" for rare and telling
 * words, since documents seldom ask; then lists of questions come before the pages that answer. A
 * text of nothing else stays as it is.
 */
final class QuestionWords {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_'’.-]+");
  private static final Set<String> ASKING =
      Set.of(
          ("how what which who whom whose when where why do does did can could should would i me my"
                  + " mine we us our ours you your yours am were has have had there's what's it's"
                  + " i'm i'd")
              .split(" "));

  private QuestionWords() {}

  static String telling(String question) {
    List<String> kept = new ArrayList<>();
    for (MatchResult word : WORD.matcher(question).results().toList()) {
      String plain =
          word.group().toLowerCase(Locale.ROOT).replace('’', '\'').replaceFirst("[.'-]+$", "");
      if (!ASKING.contains(plain)) {
        kept.add(word.group());
      }
    }
    return kept.isEmpty() ? question : String.join(" ", kept);
  }
}
