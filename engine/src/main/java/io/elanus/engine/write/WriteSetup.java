package io.elanus.engine.write;

import io.elanus.model.schema.Schema;
import io.elanus.store.log.Log;
import io.elanus.store.object.ObjectStore;
import io.elanus.store.time.Timestamps;
import java.util.concurrent.Executor;

/**
 * Everything a shard's write path is made of.
 *
 * @param prefix of the keys of its objects, ending in a slash
 * @param background runs seals, merges and index builds, each for as long as it takes
 * @param seed of index builds
 */
public record WriteSetup(
    long collectionId,
    Schema schema,
    ObjectStore objects,
    String prefix,
    Log log,
    Timestamps timestamps,
    Executor background,
    WriteConfig config,
    Limits limits,
    long seed) {
  /** Without limits. */
  public WriteSetup(
      long collectionId,
      Schema schema,
      ObjectStore objects,
      String prefix,
      Log log,
      Timestamps timestamps,
      Executor background,
      WriteConfig config,
      long seed) {
    this(
        collectionId,
        schema,
        objects,
        prefix,
        log,
        timestamps,
        background,
        config,
        Limits.none(),
        seed);
  }
}
