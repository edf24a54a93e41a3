package io.elanus.rag.answer;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words around question and passages: a part under a line {@code [system]}, a part under a line
 * {@code [user]}. {@code {{passages}}} and {@code {{question}}} have to stand in the user's part;
 * {@code {{unknown}}}, the sentence for not knowing, may stand in either. Placeholders are filled
 * in one pass: what fills one is not looked at again.
 */
public final class PromptTemplate {
  /** What an answer is that nothing was found for. */
  public static final String UNKNOWN = "I do not know.";

  static final String PASSAGES = "passages";
  static final String QUESTION = "question";
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\s*([\\w.-]*)\\s*}}");
  private static final Set<String> KNOWN =
      java.util.Collections.unmodifiableSet(new TreeSet<>(Set.of(PASSAGES, QUESTION, "unknown")));
  private static final int CHARS_MAX = 32_768;

  /** What comes with the program. */
  public static final PromptTemplate DEFAULT = packaged();

  private final String system;
  private final String user;

  private PromptTemplate(String system, String user) {
    this.system = system;
    this.user = user;
  }

  /** INVALID_ARGUMENT that says what is missing or not known. */
  public static PromptTemplate of(String text) {
    if (text.length() > CHARS_MAX) {
      throw bad("is longer than %d characters".formatted(CHARS_MAX));
    }
    Matcher parts =
        Pattern.compile(
                "\\A\\s*\\[system]\\R(.*?)^\\[user]\\R(.*)\\z", Pattern.DOTALL | Pattern.MULTILINE)
            .matcher(text);
    if (!parts.matches()) {
      throw bad("needs a part under a line [system] and after it one under a line [user]");
    }
    String system = parts.group(1).strip();
    String user = parts.group(2).strip();
    Set<String> inSystem = names(system);
    Set<String> inUser = names(user);
    for (String name : inSystem) {
      if (name.equals(PASSAGES) || name.equals(QUESTION)) {
        throw bad("has {{%s}} in the part [system]; it belongs under [user]".formatted(name));
      }
    }
    for (String needed : new String[] {PASSAGES, QUESTION}) {
      if (!inUser.contains(needed)) {
        throw bad("lacks {{%s}} in the part [user]".formatted(needed));
      }
    }
    return new PromptTemplate(system, user);
  }

  private static Set<String> names(String part) {
    Set<String> names = new TreeSet<>();
    Matcher placeholders = PLACEHOLDER.matcher(part);
    while (placeholders.find()) {
      String name = placeholders.group(1);
      if (!KNOWN.contains(name)) {
        throw bad("has the placeholder {{%s}}; known are %s".formatted(name, KNOWN));
      }
      names.add(name);
    }
    return names;
  }

  String system() {
    return fill(system, Map.of("unknown", UNKNOWN));
  }

  String user(String passages, String question) {
    return fill(user, Map.of("unknown", UNKNOWN, PASSAGES, passages, QUESTION, question));
  }

  private static String fill(String part, Map<String, String> values) {
    return PLACEHOLDER
        .matcher(part)
        .replaceAll(
            (MatchResult found) ->
                Matcher.quoteReplacement(values.getOrDefault(found.group(1), "")));
  }

  private static ElanusException bad(String what) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, "the prompt template " + what);
  }

  private static PromptTemplate packaged() {
    try (InputStream in = PromptTemplate.class.getResourceAsStream("prompt.txt")) {
      if (in == null) {
        throw new IllegalStateException("the prompt template is not on the class path");
      }
      return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
