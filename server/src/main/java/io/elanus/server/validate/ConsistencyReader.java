package io.elanus.server.validate;

import io.elanus.model.info.CollectionInfo;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.Consistency.Level;
import io.milvus.grpc.ConsistencyLevel;
import java.util.function.Supplier;

/**
 * How fresh a read must be, as clients say it: a level and a guarantee timestamp, of which 0 means
 * everything until now, 1 whatever is there and 2 bounded staleness; larger ones are hybrid
 * timestamps.
 */
public final class ConsistencyReader {
  private static final long NOW = 0;
  private static final long ANY = 1;
  private static final long BOUNDED = 2;

  private ConsistencyReader() {}

  public static Level level(ConsistencyLevel sent) {
    return switch (sent) {
      case Strong -> Level.STRONG;
      case Session -> Level.SESSION;
      case Bounded -> Level.BOUNDED;
      case Eventually -> Level.EVENTUALLY;
      case Customized -> Level.CUSTOMIZED;
      case UNRECOGNIZED -> throw Problems.argument("the consistency level is none of the five");
    };
  }

  /**
   * @param collection described only where the request leaves the level to it
   * @param iterator whether this is a page of an iterator, which pins the timestamp of its first
   *     page whatever the level
   */
  static Consistency read(
      ConsistencyLevel sent,
      long timestamp,
      boolean useDefault,
      boolean iterator,
      Supplier<CollectionInfo> collection) {
    if (iterator && Long.compareUnsigned(timestamp, BOUNDED) > 0) {
      return Consistency.customized(timestamp);
    }
    Level level = useDefault ? collection.get().consistencyLevel() : level(sent);
    return switch (level) {
      case STRONG -> Consistency.STRONG;
      case BOUNDED -> Consistency.BOUNDED;
      case EVENTUALLY -> Consistency.EVENTUALLY;
      case SESSION, CUSTOMIZED -> at(level, timestamp);
    };
  }

  private static Consistency at(Level level, long timestamp) {
    if (timestamp == NOW) {
      return Consistency.STRONG;
    }
    if (timestamp == ANY) {
      return Consistency.EVENTUALLY;
    }
    if (timestamp == BOUNDED) {
      return Consistency.BOUNDED;
    }
    return new Consistency(level, timestamp);
  }
}
