package io.elanus.rag.knowledge;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.info.CollectionVersion;

/** By which name a collection is meant in rules, asked with every question. */
public final class KnownPlaces {
  private final Database database;
  private final KnowledgeCollections collections;
  private final Definitions<Place> places;

  public KnownPlaces(Database database) {
    this.database = database;
    this.collections = new KnowledgeCollections(database);
    this.places = new Definitions<>(database, Place::of);
  }

  private record Place(long shelf, boolean aside) {
    static Place of(CollectionInfo info) {
      return new Place(KnowledgeSchema.shelf(info), KnowledgeSchema.isAside(info));
    }
  }

  /**
   * The own name of the collection, or, where it is aside, of the one that has the say.
   *
   * @param named name or alias
   * @throws io.elanus.model.error.ElanusException COLLECTION_NOT_FOUND
   */
  public String nameForRules(Caller caller, String named) {
    CollectionVersion version = database.collections().version(caller, named);
    Place place = places.of(caller, version);
    return place.aside() ? collections.ofShelf(caller, place.shelf()).name() : version.name();
  }
}
