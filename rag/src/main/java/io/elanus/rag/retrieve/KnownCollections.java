package io.elanus.rag.retrieve;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.info.CollectionVersion;
import io.elanus.rag.embed.Model;
import io.elanus.rag.knowledge.Definitions;
import io.elanus.rag.knowledge.KnowledgeSchema;

/** What is asked of a collection with every question, kept until its definition changes. */
public final class KnownCollections {
  private static final String TIME_TO_LIVE = "collection.ttl.seconds";

  private final Database database;
  private final Definitions<Definition> definitions;

  public KnownCollections(Database database) {
    this.database = database;
    this.definitions = new Definitions<>(database, Definition::of);
  }

  private record Definition(Model model, boolean expires) {
    static Definition of(CollectionInfo info) {
      String seconds = info.properties().getOrDefault(TIME_TO_LIVE, "0");
      return new Definition(KnowledgeSchema.model(info), Long.parseLong(seconds) > 0);
    }
  }

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
    Definition definition = definitions.of(caller, version);
    return new Known(version, definition.model(), definition.expires());
  }
}
