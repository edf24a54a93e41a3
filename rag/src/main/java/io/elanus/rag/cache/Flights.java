package io.elanus.rag.cache;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.retrieve.Found;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Searches under way: who asks for what somebody is searching for already, waits for that. */
final class Flights {
  private static final Duration PATIENCE_MAX = Duration.ofMinutes(10);

  private final Map<CachedRetriever.Key, Flight> flying = new ConcurrentHashMap<>();

  /** One search, seen by the one who searches or by one who waits. */
  record Flight(boolean isMine, Landing landing) {
    /** What was found; null where nothing was. */
    @Nullable Found await(Duration patience) {
      try {
        Duration longest = patience.compareTo(PATIENCE_MAX) < 0 ? patience : PATIENCE_MAX;
        if (!landing.landed.await(longest.toNanos(), TimeUnit.NANOSECONDS)) {
          throw new ElanusException(
              ErrorCode.TIMEOUT,
              "the same search is under way and was not done in time; allow it more time");
        }
        return landing.found;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ElanusException(ErrorCode.CANCELED, "the search was given up", e);
      }
    }
  }

  private static final class Landing {
    final CountDownLatch landed = new CountDownLatch(1);
    volatile @Nullable Found found;
  }

  Flight join(CachedRetriever.Key key) {
    Flight mine = new Flight(true, new Landing());
    Flight other = flying.putIfAbsent(key, mine);
    return other == null ? mine : new Flight(false, other.landing());
  }

  boolean isFlying(CachedRetriever.Key key) {
    return flying.containsKey(key);
  }

  void land(CachedRetriever.Key key, Flight flight, @Nullable Found found) {
    flying.remove(key, flight);
    flight.landing().found = found;
    flight.landing().landed.countDown();
  }
}
