package io.elanus.testkit.text;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.schema.Field;
import io.elanus.testkit.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Words of texts as the simple analyzers find them: standard (with stop words), and those put
 * together of a tokenizer, lowercase, stop and length.
 */
public final class Words {
  /** A word and the place it has in its text, counted in words before any was left out. */
  public record Word(String text, int position) {}

  private Words() {}

  /** INVALID_ARGUMENT where the field's analyzer is none of those known here. */
  public static List<Word> of(Field field, String text) {
    Map<String, Object> params = params(field.analyzerParams());
    Object tokenizer = params.remove("tokenizer");
    String type = (String) params.getOrDefault("type", "standard");
    boolean custom = tokenizer != null;
    if (custom ? params.containsKey("type") : !type.equals("standard")) {
      throw unknown(field.analyzerParams());
    }
    if (custom && !tokenizer.equals("standard") && !tokenizer.equals("whitespace")) {
      throw unknown(field.analyzerParams());
    }
    List<Word> words = split(text, custom && tokenizer.equals("whitespace"));
    List<Object> filters = new ArrayList<>();
    if (custom) {
      filters.addAll((List<?>) params.getOrDefault("filter", List.of()));
    } else {
      filters.add("lowercase");
      filters.add(
          Map.of("type", "stop", "stop_words", params.getOrDefault("stop_words", List.of())));
    }
    for (Object filter : filters) {
      words = filtered(words, filter, field.analyzerParams());
    }
    return words;
  }

  private static Map<String, Object> params(String json) {
    Map<String, Object> params = new LinkedHashMap<>();
    try {
      if (!json.isBlank()) {
        ((Map<?, ?>) Json.parse(json)).forEach((key, value) -> params.put((String) key, value));
      }
    } catch (IllegalArgumentException | ClassCastException e) {
      throw unknown(json);
    }
    return params;
  }

  private static List<Word> split(String text, boolean atSpaces) {
    List<Word> words = new ArrayList<>();
    for (String part : text.split(atSpaces ? "\\s+" : "[^a-zA-Z0-9]+")) {
      if (!part.isEmpty()) {
        words.add(new Word(part, words.size()));
      }
    }
    return words;
  }

  private static List<Word> filtered(List<Word> words, Object filter, String params) {
    if (filter.equals("lowercase")) {
      return words.stream()
          .map(w -> new Word(w.text().toLowerCase(Locale.ROOT), w.position()))
          .toList();
    }
    if (filter instanceof Map<?, ?> map && map.get("type") instanceof String type) {
      if (type.equals("stop") && map.get("stop_words") instanceof List<?> stop) {
        return words.stream().filter(w -> !stop.contains(w.text())).toList();
      }
      if (type.equals("length") && map.get("max") instanceof Long max) {
        return words.stream()
            .filter(w -> w.text().getBytes(StandardCharsets.UTF_8).length <= max)
            .toList();
      }
    }
    throw unknown(params);
  }

  private static ElanusException unknown(String params) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, "no analyzer here for " + params);
  }

  /** How many different words of the query the text has. */
  public static int common(Field field, String text, String query) {
    Set<String> wanted = new TreeSet<>(texts(of(field, query)));
    wanted.retainAll(texts(of(field, text)));
    return wanted.size();
  }

  public static List<String> texts(List<Word> words) {
    return words.stream().map(Word::text).toList();
  }

  /**
   * Whether the text has all words of the phrase, each at its own place, such that after moving
   * them by at most {@code slop} places against each other they stand as in the phrase. Tries all
   * ways.
   */
  public static boolean hasPhrase(Field field, String text, String phrase, long slop) {
    List<Word> wanted = of(field, phrase);
    return !wanted.isEmpty() && hasPhrase(of(field, text), wanted, slop, new ArrayList<>());
  }

  private static boolean hasPhrase(
      List<Word> text, List<Word> phrase, long slop, List<Integer> chosen) {
    if (chosen.size() == phrase.size()) {
      long least = Long.MAX_VALUE;
      long most = Long.MIN_VALUE;
      for (int i = 0; i < phrase.size(); i++) {
        long shift = (long) chosen.get(i) - phrase.get(i).position();
        least = Math.min(least, shift);
        most = Math.max(most, shift);
      }
      return most - least <= slop;
    }
    String next = phrase.get(chosen.size()).text();
    for (Word word : text) {
      if (word.text().equals(next) && !chosen.contains(word.position())) {
        chosen.addLast(word.position());
        boolean found = hasPhrase(text, phrase, slop, chosen);
        chosen.removeLast();
        if (found) {
          return true;
        }
      }
    }
    return false;
  }
}
