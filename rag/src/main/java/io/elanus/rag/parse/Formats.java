package io.elanus.rag.parse;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which format is a document of: by what its sender says, else by its name, else by its bytes. */
public final class Formats {
  public static final String TEXT = "text/plain";
  public static final String MARKDOWN = "text/markdown";
  public static final String HTML = "text/html";

  /** Leaves the choice to the child, which looks at the bytes. */
  public static final String UNKNOWN = "application/octet-stream";

  private static final int SNIFFED_BYTES = 8_192;

  private static final Map<String, String> BY_EXTENSION =
      Map.ofEntries(
          Map.entry("md", MARKDOWN),
          Map.entry("markdown", MARKDOWN),
          Map.entry("mdown", MARKDOWN),
          Map.entry("mkd", MARKDOWN),
          Map.entry("html", HTML),
          Map.entry("htm", HTML),
          Map.entry("xhtml", HTML));

  /** Written for people or compilers, and read as it stands. */
  private static final Set<String> TEXT_EXTENSIONS =
      Set.of(
          ("txt text log rst adoc asciidoc org tex csv tsv json jsonl ndjson yaml yml toml ini conf cfg"
                  + " properties env sh bash py java kt scala groovy js mjs ts tsx jsx c h cc cpp hpp cs go"
                  + " rs rb php pl pm lua r sql swift m mm hs ml ex exs erl clj vim el diff patch proto"
                  + " gradle cmake mk dockerfile makefile readme license changelog news authors")
              .split(" "));

  private static final Set<String> TEXT_TYPES =
      Set.of(
          "application/json",
          "application/x-ndjson",
          "application/yaml",
          "application/x-yaml",
          "application/toml",
          "application/javascript",
          "application/x-sh");

  private Formats() {}

  /** The type without its parameters, lower case. */
  public static String of(Source source) {
    String said = source.contentType().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (said.equals("text/x-markdown")) {
      return MARKDOWN;
    }
    if (said.equals("application/xhtml+xml")) {
      return HTML;
    }
    // curl -F says octet-stream of files that it does not know.
    if (said.isEmpty() || said.equals(UNKNOWN)) {
      return byName(source);
    }
    // A form's file of Markdown is often said to be plain text.
    return said.equals(TEXT) && byExtension(source.name()).equals(MARKDOWN) ? MARKDOWN : said;
  }

  /** Whether a type is read as it stands, without a parser. */
  public static boolean isPlain(String type) {
    boolean marked = type.equals(MARKDOWN) || type.equals(HTML);
    return TEXT_TYPES.contains(type)
        || type.startsWith("text/")
            && !marked
            && !type.equals("text/xml")
            && !type.equals("text/rtf");
  }

  private static String byName(Source source) {
    String known = byExtension(source.name());
    if (!known.equals(UNKNOWN)) {
      return known;
    }
    byte[] content = source.content();
    String head =
        new String(content, 0, Math.min(content.length, 256), StandardCharsets.ISO_8859_1)
            .stripLeading()
            .toLowerCase(Locale.ROOT);
    if (head.startsWith("<!doctype html") || head.startsWith("<html")) {
      return HTML;
    }
    boolean tagged =
        head.startsWith("<?xml") || head.startsWith("{\\rtf") || head.startsWith("%pdf");
    return !tagged && looksLikeText(content) ? TEXT : UNKNOWN;
  }

  private static String byExtension(String name) {
    String file = name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    String extension = file.substring(file.lastIndexOf('.') + 1);
    String type = BY_EXTENSION.get(extension);
    return type != null ? type : TEXT_EXTENSIONS.contains(extension) ? TEXT : UNKNOWN;
  }

  private static boolean looksLikeText(byte[] content) {
    int length = Math.min(content.length, SNIFFED_BYTES);
    for (int i = 0; i < length; i++) {
      int b = content[i];
      if (b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t' && b != '\f' && b != 0x1b) {
        return false;
      }
    }
    // A character may be cut at the end of what is looked at.
    for (int cut = 0; cut < 4 && cut <= length; cut++) {
      if (isUtf8(ByteBuffer.wrap(content, 0, length - cut))) {
        return true;
      }
      if (length == content.length) {
        break;
      }
    }
    return false;
  }

  static boolean isUtf8(ByteBuffer bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT).decode(bytes);
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
