package io.elanus.rag.knowledge;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.info.CollectionVersion;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What is read off the definitions of collections, kept until they change: asked with every
 * question.
 */
public final class Definitions<T> {
  private static final int KEPT_MAX = 10_000;

  private final Database database;
  private final Function<CollectionInfo, T> reading;
  private final Map<Long, Kept<T>> kept = new ConcurrentHashMap<>();

  public Definitions(Database database, Function<CollectionInfo, T> reading) {
    this.database = database;
    this.reading = reading;
  }

  private record Kept<T>(long revision, T value) {}

  /**
   * @param version of the collection now
   * @throws io.elanus.model.error.ElanusException COLLECTION_NOT_FOUND
   */
  public T of(Caller caller, CollectionVersion version) {
    Kept<T> known = kept.get(version.id());
    if (known == null || known.revision() != version.definition()) {
      // What is read now is of this definition or a newer one, which has another revision.
      CollectionInfo info = database.collections().describe(caller, version.id());
      known = new Kept<>(version.definition(), reading.apply(info));
      if (kept.size() >= KEPT_MAX) {
        kept.clear();
      }
      kept.put(version.id(), known);
    }
    return known.value();
  }
}
