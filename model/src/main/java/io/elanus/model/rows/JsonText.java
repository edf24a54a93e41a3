package io.elanus.model.rows;

/**
 * Checks that bytes are one JSON value (RFC 8259), without building it. The model depends on no
 * library, and a validating scan is all the gate needs. Iterative: nesting is bounded by {@link
 * #DEPTH_MAX}, not by the stack.
 */
final class JsonText {
  /** Deeper values are refused: readers below are allowed to rely on it. */
  static final int DEPTH_MAX = 128;

  private final byte[] text;
  private int at;

  private JsonText(byte[] text) {
    this.text = text;
  }

  static boolean isValid(byte[] text) {
    JsonText scan = new JsonText(text);
    return scan.document();
  }

  /** One bit per open container: set for objects. */
  private boolean document() {
    boolean[] object = new boolean[DEPTH_MAX + 1];
    int depth = 0;
    boolean valueNext = true;
    while (true) {
      skipSpace();
      if (valueNext) {
        int open = open();
        if (open != 0) {
          if (++depth > DEPTH_MAX) {
            return false;
          }
          object[depth] = open == '{';
          skipSpace();
          if (take(object[depth] ? '}' : ']')) {
            depth--;
            valueNext = false;
          } else if (object[depth] && !key()) {
            return false;
          }
          continue;
        }
        if (!scalar()) {
          return false;
        }
        valueNext = false;
        continue;
      }
      if (depth == 0) {
        return at == text.length;
      }
      if (take(',')) {
        if (object[depth] && !key()) {
          return false;
        }
        valueNext = true;
      } else if (take(object[depth] ? '}' : ']')) {
        depth--;
      } else {
        return false;
      }
    }
  }

  private int open() {
    if (take('{')) {
      return '{';
    }
    return take('[') ? '[' : 0;
  }

  private boolean key() {
    skipSpace();
    if (!string()) {
      return false;
    }
    skipSpace();
    return take(':');
  }

  private boolean scalar() {
    if (at >= text.length) {
      return false;
    }
    return switch (text[at]) {
      case '"' -> string();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    };
  }

  private boolean string() {
    if (!take('"')) {
      return false;
    }
    while (at < text.length) {
      int c = text[at++];
      if (c == '"') {
        return true;
      }
      if (c >= 0 && c < 0x20) {
        return false;
      }
      if (c == '\\' && !escape()) {
        return false;
      }
    }
    return false;
  }

  private boolean escape() {
    if (at >= text.length) {
      return false;
    }
    int c = text[at++];
    if (c != 'u') {
      return "\"\\/bfnrt".indexOf(c) >= 0;
    }
    for (int i = 0; i < 4; i++, at++) {
      if (at >= text.length || Character.digit(text[at], 16) < 0) {
        return false;
      }
    }
    return true;
  }

  private boolean number() {
    take('-');
    if (!take('0') && !digits()) {
      return false;
    }
    if (take('.') && !digits()) {
      return false;
    }
    if (take('e') || take('E')) {
      if (!take('+')) {
        take('-');
      }
      return digits();
    }
    return true;
  }

  private boolean digits() {
    int start = at;
    while (at < text.length && text[at] >= '0' && text[at] <= '9') {
      at++;
    }
    return at > start;
  }

  private boolean word(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (at >= text.length || text[at++] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean take(int c) {
    if (at < text.length && text[at] == c) {
      at++;
      return true;
    }
    return false;
  }

  private void skipSpace() {
    while (at < text.length
        && (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r')) {
      at++;
    }
  }
}
