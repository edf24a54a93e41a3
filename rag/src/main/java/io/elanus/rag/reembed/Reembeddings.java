package io.elanus.rag.reembed;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionInfo;
import io.elanus.rag.document.Documents;
import io.elanus.rag.embed.Embedders;
import io.elanus.rag.embed.Model;
import io.elanus.rag.knowledge.KnowledgeSchema;
import io.elanus.rag.knowledge.ShelfGate;
import io.elanus.rag.policy.MandatoryFilters;
import io.elanus.rag.reembed.shadow.Judged;
import io.elanus.rag.reembed.shadow.Pairs;
import io.elanus.rag.reembed.shadow.QuestionSet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door: begin, look, switch, roll back, drop. Each re-embedding that is not over has a thread;
 * every change of state is durable before it is answered.
 */
public final class Reembeddings implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reembeddings.class);
  private static final String FOLDER = "reembedding/";
  private static final int OVER_KEPT = 100;
  private static final int NAME_MAX = 200;

  private final Ports ports;
  private final ConcurrentSkipListMap<String, Reembedding> all = new ConcurrentSkipListMap<>();
  private final Work work;
  private final Exchange exchange;
  private volatile boolean closed;
  private long lastMillis;

  /**
   * What it stands on.
   *
   * @param filters what callers are bound to; who is bound has no part in re-embeddings
   * @param gate that writers of documents pass
   * @param pairs asks both collections
   * @param threads one for each that is not over
   */
  public record Ports(
      Database database,
      Documents documents,
      Embedders embedders,
      MandatoryFilters filters,
      ShelfGate gate,
      Activity activity,
      Pairs pairs,
      InstantSource clock,
      RandomGenerator random,
      Executor threads) {}

  /**
   * What is asked for.
   *
   * @param collection name or alias
   * @param model by its name, among those of this process
   * @param keep the old vectors after a switch for so long; zero for until somebody drops them
   * @param textsPerSecond 0 for as many as the model takes
   */
  public record Request(String collection, String model, Duration keep, int textsPerSecond) {}

  public Reembeddings(Ports ports) {
    this.ports = ports;
    this.work = new Work(ports, this::save);
    this.exchange = new Exchange(ports, work);
  }

  /** Reads those of before, and goes on with those that are not over. */
  public void start() {
    for (String key : ports.documents().list(FOLDER)) {
      Optional<byte[]> bytes = ports.documents().get(key);
      if (bytes.isPresent()) {
        try {
          Reembedding read = Reembedding.read(bytes.get());
          all.put(read.head.id(), read);
        } catch (ElanusException e) {
          LOG.error("{}: {}", key, e.getMessage());
        }
      }
    }
    all.values().forEach(this::run);
  }

  private void run(Reembedding one) {
    ports.threads().execute(() -> work.run(one, () -> closed));
  }

  /**
   * Begins; durable when this returns.
   *
   * @throws ElanusException BUSY where the collection is being re-embedded already, UNSUPPORTED
   *     where it cannot be
   */
  public ObjectNode begin(Caller caller, Request request) {
    CollectionInfo info = ports.database().collections().describe(caller, request.collection());
    requireFree(caller, info.name());
    Model from = KnowledgeSchema.model(info);
    Model to = ports.embedders().named(request.model()).model();
    checkFits(info, from, to);
    Caller owner =
        new Caller(caller.principal(), caller.database(), caller.attributes(), Instant.MAX);
    synchronized (this) {
      if (closed) {
        throw new ElanusException(ErrorCode.NOT_READY, "the server is stopping");
      }
      long shelf = KnowledgeSchema.shelf(info);
      for (Reembedding other : all.values()) {
        if (!other.state().isOver() && other.head.shelf() == shelf) {
          throw new ElanusException(
              ErrorCode.BUSY,
              "the collection %s is in the re-embedding %s already (%s); finish or cancel that one first"
                  .formatted(info.name(), other.head.id(), other.state().spelled()));
        }
      }
      String id = nextId();
      Reembedding one =
          new Reembedding(
              new Reembedding.Head(
                  id,
                  owner,
                  info.name(),
                  aside(info.name(), id),
                  shelf,
                  info.id(),
                  from,
                  to,
                  request.textsPerSecond(),
                  request.keep(),
                  notes(from, to),
                  ports.clock().millis()));
      save(one);
      all.put(id, one);
      run(one);
      forgetOld();
      return one.shown();
    }
  }

  private static String aside(String collection, String id) {
    String begin = collection.length() <= NAME_MAX ? collection : collection.substring(0, NAME_MAX);
    return begin + "_reembedding_" + id;
  }

  private void checkFits(CollectionInfo info, Model from, Model to) {
    if (KnowledgeSchema.isAside(info)) {
      throw bad("%s belongs to a re-embedding itself; name the other collection", info.name());
    }
    if (from.makesVectorsOf(to)) {
      throw bad("the vectors of %s are those of %s already", info.name(), to.shown());
    }
    long life = Long.parseLong(info.properties().getOrDefault("collection.ttl.seconds", "0"));
    if (life > 0) {
      throw unsupported(
          "the rows of %s expire, and their ages cannot be carried; take collection.ttl.seconds away first",
          info.name());
    }
    if (info.partitionCount() > 1) {
      throw unsupported(
          "%s has partitions of its own, which are not carried; ingest into a new collection",
          info.name());
    }
  }

  private static List<String> notes(Model from, Model to) {
    if (to.tokensMax() == from.tokensMax()) {
      return List.of();
    }
    return List.of(
        to.tokensMax() < from.tokensMax()
            ? "chunks were cut for %d tokens and %s reads %d: the ends of longer ones are not in their vectors; ingest anew after the switch to cut them shorter"
                .formatted(from.tokensMax(), to.name(), to.tokensMax())
            : "%s reads %d tokens and chunks were cut for %d: documents that are ingested again after the switch may be cut anew"
                .formatted(to.name(), to.tokensMax(), from.tokensMax()));
  }

  /** Whoever is bound to a filter would learn of rows that are not theirs. */
  private void requireFree(Caller caller, String collection) {
    if (!isFree(caller, collection)) {
      throw new ElanusException(
          ErrorCode.NOT_PERMITTED,
          "a re-embedding is of all rows of %s, and this caller is bound to some"
              .formatted(collection));
    }
  }

  private boolean isFree(Caller caller, String collection) {
    try {
      MandatoryFilters.Bound bound = ports.filters().of(caller, collection);
      return bound.filter().isAll() && bound.writes().isFree();
    } catch (ElanusException e) {
      if (e.code() == ErrorCode.NOT_PERMITTED) {
        return false;
      }
      throw e;
    }
  }

  private boolean isVisible(Caller caller, Reembedding one) {
    return caller.database().equals(one.head.owner().database())
        && isFree(caller, one.head.collection());
  }

  /** Newest first; those that the caller may know of. */
  public ArrayNode list(Caller caller, int limit) {
    ArrayNode shown = JsonNodeFactory.instance.arrayNode();
    for (Reembedding one : all.descendingMap().values()) {
      if (shown.size() < limit && isVisible(caller, one)) {
        shown.add(one.shown());
      }
    }
    return shown;
  }

  private Optional<Reembedding> find(Caller caller, String id) {
    return Optional.ofNullable(all.get(id)).filter(one -> isVisible(caller, one));
  }

  /** Empty where there is none that the caller may know of; so are the others. */
  public Optional<ObjectNode> shown(Caller caller, String id) {
    return find(caller, id).map(Reembedding::shown);
  }

  public Optional<ObjectNode> report(Caller caller, String id) {
    return find(caller, id).map(Reembedding::report);
  }

  /** The names mean the new vectors from here on; where they do already, nothing happens. */
  public Optional<ObjectNode> switchOver(Caller caller, String id) {
    Optional<Reembedding> found = find(caller, id);
    found.ifPresent(one -> exchange.to(one, State.SWITCHED, caller.deadline()));
    return found.map(Reembedding::shown);
  }

  /** The names mean the old vectors again, with all that was written meanwhile. */
  public Optional<ObjectNode> rollBack(Caller caller, String id) {
    Optional<Reembedding> found = find(caller, id);
    found.ifPresent(one -> exchange.to(one, State.ROLLED_BACK, caller.deadline()));
    return found.map(Reembedding::shown);
  }

  /** After a switch: drops the old vectors. */
  public Optional<ObjectNode> finish(Caller caller, String id) {
    Optional<Reembedding> found = find(caller, id);
    found.ifPresent(one -> work.end(one, State.FINISHED));
    return found.map(Reembedding::shown);
  }

  /** Where the old vectors are in use: drops the new ones. */
  public Optional<ObjectNode> cancel(Caller caller, String id) {
    Optional<Reembedding> found = find(caller, id);
    found.ifPresent(one -> work.end(one, State.CANCELED));
    return found.map(Reembedding::shown);
  }

  /** Asks both collections these questions, on behalf of the caller. */
  public Optional<ObjectNode> ask(Caller caller, String id, QuestionSet questions) {
    Optional<Reembedding> found = find(caller, id);
    return found.map(
        one -> {
          if (!one.state().isFollowing()) {
            throw bad(
                "the second collection of the re-embedding %s is not there to be asked (%s)",
                id, one.state().spelled());
          }
          Sides sides = work.sides(one);
          boolean turned = sides.truth().id() != one.head.first();
          Judged judged =
              ports
                  .pairs()
                  .ask(
                      caller,
                      questions,
                      turned ? sides.copy().name() : sides.truth().name(),
                      turned ? sides.truth().name() : sides.copy().name());
          one.add(judged);
          save(one);
          return judged.json();
        });
  }

  /** Which re-embedding a question to that collection may be asked of twice. */
  Optional<Reembedding> following(long collection) {
    for (Reembedding one : all.values()) {
      if (one.state().isFollowing()
          && (one.head.first() == collection || one.second() == collection)) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  Sides sides(Reembedding one) {
    return work.sides(one);
  }

  /** Whether there is any to ask of twice. */
  boolean isAnyFollowing() {
    return all.values().stream().anyMatch(one -> one.state().isFollowing());
  }

  private synchronized String nextId() {
    lastMillis = Math.max(ports.clock().millis(), lastMillis + 1);
    return "%011x%04x".formatted(lastMillis, ports.random().nextInt() & 0xffff);
  }

  private void save(Reembedding one) {
    synchronized (one.head) {
      ports.documents().put(FOLDER + one.head.id(), one.toJson());
    }
  }

  private void forgetOld() {
    Map<String, Reembedding> newestFirst = new TreeMap<>(all).descendingMap();
    List<String> old = new ArrayList<>();
    int over = 0;
    for (Reembedding one : newestFirst.values()) {
      if (one.state().isOver() && ++over > OVER_KEPT) {
        old.add(one.head.id());
      }
    }
    for (String id : old) {
      all.remove(id);
      ports.documents().delete(FOLDER + id);
    }
  }

  private static ElanusException bad(String sentence, Object... values) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, sentence.formatted(values));
  }

  private static ElanusException unsupported(String sentence, Object... values) {
    return new ElanusException(ErrorCode.UNSUPPORTED, sentence.formatted(values));
  }

  /** Nothing goes on; what is not over goes on at the next start. */
  @Override
  public void close() {
    closed = true;
    for (Reembedding one : all.values()) {
      if (!one.state().isOver()) {
        try {
          save(one);
        } catch (ElanusException e) {
          LOG.warn("what became of a re-embedding could not be written: {}", e.getMessage());
        }
      }
    }
  }
}
