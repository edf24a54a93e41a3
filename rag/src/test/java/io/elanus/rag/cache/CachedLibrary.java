package io.elanus.rag.cache;

import io.elanus.model.Caller;
import io.elanus.rag.fixture.Library;
import io.elanus.rag.fixture.WordEmbedder;
import io.elanus.rag.policy.MandatoryFilters;
import io.elanus.rag.redis.RedisStore;
import io.elanus.rag.retrieve.Found;
import io.elanus.rag.retrieve.Question;
import io.elanus.rag.retrieve.Retriever;
import io.elanus.rag.retrieve.SearchRetriever;
import io.elanus.testkit.oracle.OracleDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A cache over a retriever over the oracle, with everything in hand that a test turns. */
final class CachedLibrary implements AutoCloseable {
  final OracleDatabase database = new OracleDatabase(InstantSource.system());
  final Library library = Library.create(database, "documents");
  final WordEmbedder embedder = new WordEmbedder();
  final AtomicInteger searches = new AtomicInteger();
  final AtomicLong millis = new AtomicLong(1_000_000);
  final InstantSource clock = () -> java.time.Instant.ofEpochMilli(millis.get());
  final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  final AccessLog log = new AccessLog();
  volatile @Nullable Runnable during;

  CachedRetriever retriever(MandatoryFilters policies, Optional<RedisStore> shared) {
    Retriever search = new SearchRetriever(database, embedder, policies, Optional.empty(), clock);
    Retriever counting =
        (caller, question) -> {
          searches.incrementAndGet();
          Found found = search.find(caller, question);
          Runnable also = during;
          if (also != null) {
            also.run();
          }
          return found;
        };
    return new CachedRetriever(
        counting,
        database,
        policies,
        new CachedRetriever.Parts(
            CacheConfig.DEFAULT,
            "",
            shared,
            clock,
            threads,
            new CacheCounts(new SimpleMeterRegistry()),
            log));
  }

  CachedRetriever retriever() {
    return retriever(MandatoryFilters.NONE, Optional.empty());
  }

  static Found find(Retriever retriever, Question question) {
    return retriever.find(Caller.SYSTEM, question);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    database.close();
  }
}
