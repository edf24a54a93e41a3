package io.elanus.rag.retrieve;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.info.CollectionVersion;
import io.elanus.rag.embed.Model;
import io.elanus.rag.knowledge.KnowledgeSchema;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What is asked of a collection with every question, kept until its definition changes. */
public final class KnownCollections {
  private static final String TIME_TO_LIVE = "collection.ttl.seconds";
  private static final int KEPT_MAX = 10_000;

  private final Database database;
  private final Map<Long, Definition> definitions = new ConcurrentHashMap<>();

  public KnownCollections(Database database) {
    this.database = database;
  }

  private record Definition(long revision, Model model, boolean expires) {}

  /**
   * A collection of chunks as it is now.
   *
   * @param expires whether rows go when they are old, which changes no version
   */
  public record Known(CollectionVersion version, Model model, boolean expires) {}

  /**
   * @param name or alias
   */
  public Known of(Caller caller, String name) {
    CollectionVersion version = database.collections().version(caller, name);
    Definition definition = definitions.get(version.id());
    if (definition == null || definition.revision() != version.definition()) {
      // What is read now is of this definition or a newer one, which has another revision.
      CollectionInfo info = database.collections().describe(caller, version.id());
      String seconds = info.properties().getOrDefault(TIME_TO_LIVE, "0");
      definition =
          new Definition(
              version.definition(), KnowledgeSchema.model(info), Long.parseLong(seconds) > 0);
      if (definitions.size() >= KEPT_MAX) {
        definitions.clear();
      }
      definitions.put(version.id(), definition);
    }
    return new Known(version, definition.model(), definition.expires());
  }
}
