package io.elanus.app.rag;

import io.elanus.model.Caller;
import io.elanus.model.Cut;
import io.elanus.model.Database;
import io.elanus.rag.ingest.DocumentKey;
import io.elanus.rag.ingest.Shelves;
import io.elanus.rag.ingest.StoredIngestion;
import io.elanus.store.backup.HeldObjects;
import io.elanus.store.object.ObjectStore;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * The documents that belong to a state of a database.
 *
 * <p>What a backup has of them is what a power cut at its timestamp would have left: nothing is
 * written among the documents from before the rows' state is taken until the documents are listed.
 * So a document whose record is in it has its chunks, bytes and text in it; one that was being
 * ingested has its bytes and its job in it, and a restored server goes on with that.
 */
public final class DocumentStates {
  private static final String COLLECTION = "collection/";

  private DocumentStates() {}

  /**
   * A state of collections with their documents; of everything, with what belongs to no collection
   * as well.
   *
   * @param documents through which all documents are written
   * @param database whose collections; empty for those of all
   * @param collections names; empty for all
   */
  public static Cut cut(
      HeldObjects documents,
      Database rows,
      Caller caller,
      String database,
      List<String> collections) {
    boolean everything = database.isEmpty() && collections.isEmpty();
    StoredIngestion stored = new StoredIngestion(new StoredDocuments(documents));
    Shelves shelves = new Shelves(new StoredDocuments(documents));
    Set<Long> ids = new HashSet<>();
    Set<Long> theirs = new HashSet<>();
    return documents.with(
        () -> {
          Cut cut = rows.jobs().cut(caller, database, collections);
          ids.addAll(collectionsOf(cut));
          theirs.addAll(shelves.of(ids));
          return cut;
        },
        StoredDocuments.PREFIX,
        (cut, key) -> {
          String within = key.substring(StoredDocuments.PREFIX.length());
          Optional<Shelves.Place> place = Shelves.Place.of(within);
          if (place.isPresent()) {
            return ids.contains(place.get().collection());
          }
          if (everything && DocumentKey.shelfOf(within).isEmpty()) {
            return true;
          }
          OptionalLong shelf = stored.shelfOf(within);
          return shelf.isPresent() && theirs.contains(shelf.getAsLong());
        });
  }

  private static Set<Long> collectionsOf(Cut cut) {
    Set<Long> ids = new HashSet<>();
    for (Cut.Entry entry : cut.entries()) {
      if (entry.key().startsWith(COLLECTION)) {
        ids.add(Long.parseLong(entry.key().substring(COLLECTION.length())));
      }
    }
    return ids;
  }

  /**
   * Removes the documents of a collection that was dropped, where no other one shares them; numbers
   * are never given twice.
   */
  public static LongConsumer leftovers(ObjectStore documents) {
    Shelves shelves = new Shelves(new StoredDocuments(documents));
    return id ->
        shelves.dropped(
            id, shelf -> documents.deleteAll(StoredDocuments.PREFIX + DocumentKey.folderOf(shelf)));
  }
}
