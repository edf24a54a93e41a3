package io.elanus.rag.ingest;

import io.elanus.rag.hash.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.OptionalLong;

/**
 * A document of a collection.
 *
 * @param shelf the number of the collection's documents
 * @param id 32 hexadecimal digits of the SHA-256 of the source id; what stands in addresses
 */
public record DocumentKey(long shelf, String id) {
  static final String ALL = "document/";

  private static final int ID_BYTES = 16;

  public static DocumentKey of(long shelf, String sourceId) {
    byte[] hash = Sha256.of(sourceId.getBytes(StandardCharsets.UTF_8));
    return new DocumentKey(shelf, HexFormat.of().formatHex(hash, 0, ID_BYTES));
  }

  /** Under which everything about it lies among the documents. */
  String folder() {
    return folderOf(shelf) + id + "/";
  }

  /** Under which all documents of a shelf lie. */
  public static String folderOf(long shelf) {
    return ALL + shelf + "/";
  }

  /** The shelf of what lies under this key; empty where it is no document's. */
  public static OptionalLong shelfOf(String key) {
    if (!key.startsWith(ALL)) {
      return OptionalLong.empty();
    }
    String rest = key.substring(ALL.length());
    int slash = rest.indexOf('/');
    return slash > 0 && rest.substring(0, slash).matches("\\d{1,18}")
        ? OptionalLong.of(Long.parseLong(rest.substring(0, slash)))
        : OptionalLong.empty();
  }
}
