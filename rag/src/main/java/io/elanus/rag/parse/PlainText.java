package io.elanus.rag.parse;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text as it stands: paragraphs are what blank lines part. */
final class PlainText {
  private static final Pattern CHARSET =
      Pattern.compile("charset=\"?([A-Za-z0-9._:-]{1,40})", Pattern.CASE_INSENSITIVE);

  private PlainText() {}

  static Extracted read(Source source, ParseLimits limits) {
    if (source.content().length > 4L * limits.textCharsMax()) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "it holds more than %d characters of text; split it".formatted(limits.textCharsMax()));
    }
    String text = decode(source);
    ExtractedBuilder builder = new ExtractedBuilder(limits);
    int start = 0;
    int at = 0;
    while (at < text.length()) {
      int lineEnd = text.indexOf('\n', at);
      lineEnd = lineEnd < 0 ? text.length() : lineEnd;
      if (text.substring(at, lineEnd).isBlank()) {
        builder.add(Block.Kind.PARAGRAPH, 0, text.substring(start, at));
        start = lineEnd;
      }
      at = lineEnd + 1;
    }
    builder.add(Block.Kind.PARAGRAPH, 0, text.substring(Math.min(start, text.length())));
    return builder.build();
  }

  private static String decode(Source source) {
    byte[] bytes = source.content();
    Optional<Charset> said = charset(source.contentType());
    if (starts(bytes, 0xef, 0xbb, 0xbf)) {
      return new String(bytes, 3, bytes.length - 3, StandardCharsets.UTF_8);
    }
    if (starts(bytes, 0xff, 0xfe) || starts(bytes, 0xfe, 0xff)) {
      return new String(bytes, StandardCharsets.UTF_16);
    }
    if (said.isPresent()) {
      return new String(bytes, said.get());
    }
    // What is no UTF-8 is, most often, of the West and old.
    return Formats.isUtf8(ByteBuffer.wrap(bytes))
        ? new String(bytes, StandardCharsets.UTF_8)
        : new String(bytes, Charset.forName("windows-1252"));
  }

  private static Optional<Charset> charset(String contentType) {
    Matcher matcher = CHARSET.matcher(contentType);
    try {
      return matcher.find() ? Optional.of(Charset.forName(matcher.group(1))) : Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT, "the charset %s is unknown".formatted(matcher.group(1)), e);
    }
  }

  private static boolean starts(byte[] bytes, int... head) {
    if (bytes.length < head.length) {
      return false;
    }
    for (int i = 0; i < head.length; i++) {
      if ((bytes[i] & 0xff) != head[i]) {
        return false;
      }
    }
    return true;
  }
}
