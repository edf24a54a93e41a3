package io.elanus.store.object;

/**
 * The rule for object keys: relative, slash-separated, nothing that could leave the folder, and
 * never the name of an unfinished object, which the next start would remove.
 */
public final class Keys {
  /** How the names of unfinished objects end. */
  public static final String UNFINISHED = ".unfinished";

  private Keys() {}

  public static String check(String key) {
    boolean bad = false;
    for (String part : key.split("/", -1)) {
      bad |= part.isEmpty() || part.equals(".") || part.equals("..") || part.endsWith(UNFINISHED);
    }
    for (int i = 0; i < key.length() && !bad; i++) {
      char c = key.charAt(i);
      bad = c < 0x20 || c == '\\' || c == ':' || c == 0x7f;
    }
    if (bad) {
      throw new IllegalArgumentException("not an object key: " + key);
    }
    return key;
  }

  /** A prefix is empty, or the beginning of a key. */
  public static String checkPrefix(String prefix) {
    if (!prefix.isEmpty()) {
      check(prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix);
    }
    return prefix;
  }
}
