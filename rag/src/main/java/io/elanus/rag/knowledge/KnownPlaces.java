package io.elanus.rag.knowledge;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.info.CollectionVersion;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** By which name a collection is meant in rules, asked with every question. */
public final class KnownPlaces {
  private static final int KEPT_MAX = 10_000;

  private final Database database;
  private final KnowledgeCollections collections;
  private final Map<Long, Place> places = new ConcurrentHashMap<>();

  public KnownPlaces(Database database) {
    this.database = database;
    this.collections = new KnowledgeCollections(database);
  }

  /** Where a collection stood at one revision of its definition. */
  private record Place(long revision, long shelf, boolean aside) {}

  /**
   * The own name of the collection, or, where it is aside, of the one that has the say.
   *
   * @param named name or alias
   * @throws io.elanus.model.error.ElanusException COLLECTION_NOT_FOUND
   */
  public String nameForRules(Caller caller, String named) {
    CollectionVersion version = database.collections().version(caller, named);
    Place place = places.get(version.id());
    if (place == null || place.revision() != version.definition()) {
      CollectionInfo info = database.collections().describe(caller, version.id());
      place =
          new Place(
              version.definition(), KnowledgeSchema.shelf(info), KnowledgeSchema.isAside(info));
      if (places.size() >= KEPT_MAX) {
        places.clear();
      }
      places.put(version.id(), place);
    }
    return place.aside() ? collections.ofShelf(caller, place.shelf()).name() : version.name();
  }
}
