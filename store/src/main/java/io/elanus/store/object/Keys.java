package io.elanus.store.object;

/** The rule for object keys: relative, slash-separated, nothing that could leave the folder. */
final class Keys {
  private Keys() {}

  static String check(String key) {
    boolean bad = key.isEmpty() || key.startsWith("/") || key.endsWith("/");
    for (String part : key.split("/", -1)) {
      bad |= part.isEmpty() || part.equals(".") || part.equals("..");
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
}
