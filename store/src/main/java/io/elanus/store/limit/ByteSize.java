package io.elanus.store.limit;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: 512MiB, 4 GiB or 1073741824. */
public final class ByteSize {
  /** For sentences about what could not be read. */
  public static final String SHAPE = "a size such as 512MiB, 4GiB or 1073741824";

  private static final Pattern SIZE = Pattern.compile("(\\d{1,18})\\s?(KiB|MiB|GiB|TiB|)");

  private ByteSize() {}

  /**
   * In bytes; empty where the text is no size. What is beyond a long is the largest long: more than
   * any machine has.
   */
  public static OptionalLong parse(String text) {
    Matcher size = SIZE.matcher(text.strip());
    if (!size.matches()) {
      return OptionalLong.empty();
    }
    int shift =
        switch (size.group(2)) {
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          case "TiB" -> 40;
          default -> 0;
        };
    long count = Long.parseLong(size.group(1));
    return OptionalLong.of(count > Long.MAX_VALUE >> shift ? Long.MAX_VALUE : count << shift);
  }
}
