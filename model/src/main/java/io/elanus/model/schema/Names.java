package io.elanus.model.schema;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;

/** The rule that names of databases, collections, aliases, partitions, fields and indexes obey. */
public final class Names {
  private Names() {}

  /**
   * Throws with this code unless the name has 1–255 characters, only letters, digits and
   * underscores, and starts with a letter or an underscore.
   *
   * @param what "collection", "field" …, for the sentence
   */
  public static void check(String what, String name, ErrorCode code) {
    if (name.isEmpty()) {
      throw new ElanusException(code, "the " + what + " name should not be empty");
    }
    if (name.length() > Limits.NAME_LENGTH_MAX) {
      throw new ElanusException(
          code,
          "the length of the %s name must be at most %d characters, got %d"
              .formatted(what, Limits.NAME_LENGTH_MAX, name.length()));
    }
    if (!isStart(name.charAt(0))) {
      throw new ElanusException(
          code,
          "Invalid %s name: %s. the first character of a %s name must be an underscore or letter"
              .formatted(what, name, what));
    }
    for (int i = 1; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!isStart(c) && !(c >= '0' && c <= '9')) {
        throw new ElanusException(
            code,
            "Invalid %s name: %s. a %s name can only contain numbers, letters and underscores"
                .formatted(what, name, what));
      }
    }
  }

  private static boolean isStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
}
