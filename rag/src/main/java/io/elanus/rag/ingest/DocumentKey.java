package io.elanus.rag.ingest;

import io.elanus.rag.hash.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A document of a collection.
 *
 * @param shelf the number of the collection's documents
 * @param id 32 hexadecimal digits of the SHA-256 of the source id; what stands in addresses
 */
public record DocumentKey(long shelf, String id) {
  private static final int ID_BYTES = 16;

  public static DocumentKey of(long shelf, String sourceId) {
    byte[] hash = Sha256.of(sourceId.getBytes(StandardCharsets.UTF_8));
    return new DocumentKey(shelf, HexFormat.of().formatHex(hash, 0, ID_BYTES));
  }

  /** Under which everything about it lies among the documents. */
  String folder() {
    return "document/%d/%s/".formatted(shelf, id);
  }
}
