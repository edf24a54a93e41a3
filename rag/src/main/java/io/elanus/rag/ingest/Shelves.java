package io.elanus.rag.ingest;

import io.elanus.rag.document.Documents;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/**
 * Which collections share documents. Documents lie under the number of a shelf, at first that of
 * their collection; a collection that was embedded anew shares the shelf of the one before, and
 * outlives it. Keys: {@code shelf/<shelf>/<collection>}; a shelf of one collection has none.
 */
public final class Shelves {
  private static final String FOLDER = "shelf/";

  private final Documents documents;

  public Shelves(Documents documents) {
    this.documents = documents;
  }

  /** From here on these documents are that collection's, too; durable when this returns. */
  public void share(long shelf, long collection) {
    documents.put(FOLDER + shelf + "/" + collection, "{}".getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Says that a collection is dropped; again does no harm.
   *
   * @return the shelf whose documents are nobody's any more; empty where another collection has
   *     them
   */
  public OptionalLong dropped(long collection) {
    List<String> all = documents.list(FOLDER);
    for (String key : all) {
      String[] parts = key.substring(FOLDER.length()).split("/", -1);
      if (parts[1].equals(Long.toString(collection))) {
        documents.delete(key);
        boolean shared =
            all.stream().anyMatch(k -> k.startsWith(FOLDER + parts[0] + "/") && !k.equals(key));
        return shared ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(parts[0]));
      }
    }
    // Whoever said so before: the shelf of that number may have others on it.
    boolean others = all.stream().anyMatch(k -> k.startsWith(FOLDER + collection + "/"));
    return others ? OptionalLong.empty() : OptionalLong.of(collection);
  }
}
