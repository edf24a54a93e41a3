package io.elanus.rag.ingest;

import io.elanus.rag.document.Documents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which collections share documents. Documents lie under the number of a shelf, at first that of
 * their collection; a collection that was embedded anew shares the shelf of the one before, and
 * outlives it. Keys: {@code shelf/<shelf>/<collection>}; a shelf of one collection has none.
 */
public final class Shelves {
  private static final String FOLDER = "shelf/";
  private static final Pattern KEY = Pattern.compile(FOLDER + "(\\d{1,18})/(\\d{1,18})");

  /** That a collection is on a shelf. */
  public record Place(long shelf, long collection) {
    /** As its key says; empty for keys of anything else. */
    public static Optional<Place> of(String key) {
      Matcher matcher = KEY.matcher(key);
      return matcher.matches()
          ? Optional.of(
              new Place(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
          : Optional.empty();
    }

    private String key() {
      return FOLDER + shelf + "/" + collection;
    }
  }

  private final Documents documents;

  public Shelves(Documents documents) {
    this.documents = documents;
  }

  /** From here on these documents are that collection's, too; durable when this returns. */
  public void share(long shelf, long collection) {
    documents.put(new Place(shelf, collection).key(), "{}".getBytes(StandardCharsets.UTF_8));
  }

  /** The shelves on which these collections have documents, if they have any. */
  public Set<Long> of(Set<Long> collections) {
    Set<Long> shelves = new HashSet<>(collections);
    for (Place place : places()) {
      if (collections.contains(place.collection)) {
        shelves.add(place.shelf);
      }
    }
    return shelves;
  }

  /** The collections that may have documents on this shelf. */
  public Set<Long> collectionsOn(long shelf) {
    Set<Long> ids = new TreeSet<>(Set.of(shelf));
    places().stream().filter(p -> p.shelf == shelf).forEach(p -> ids.add(p.collection));
    return ids;
  }

  /**
   * Takes a dropped collection from its shelf; again does no harm.
   *
   * @param remove is given the shelf whose documents are nobody's any more, before it is forgotten
   *     whose they were
   */
  public void dropped(long collection, LongConsumer remove) {
    List<Place> all = places();
    for (Place own : all) {
      if (own.collection == collection) {
        if (all.stream().noneMatch(p -> p.shelf == own.shelf && p.collection != collection)) {
          remove.accept(own.shelf);
        }
        documents.delete(own.key());
        return;
      }
    }
    // Whoever said so before: the shelf of that number may have others on it.
    if (all.stream().noneMatch(p -> p.shelf == collection)) {
      remove.accept(collection);
    }
  }

  private List<Place> places() {
    List<Place> places = new ArrayList<>();
    documents.list(FOLDER).forEach(key -> Place.of(key).ifPresent(places::add));
    return places;
  }
}
