package io.elanus.rag.ingest;

import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.query.Filter;
import io.elanus.rag.chunk.ChunkSettings;
import io.elanus.rag.chunk.Chunker;
import io.elanus.rag.chunk.Piece;
import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.Embedders;
import io.elanus.rag.hash.Sha256;
import io.elanus.rag.knowledge.Chunk;
import io.elanus.rag.knowledge.ChunkRows;
import io.elanus.rag.knowledge.KnowledgeCollections;
import io.elanus.rag.knowledge.KnowledgeCollections.StoredChunk;
import io.elanus.rag.knowledge.KnowledgeSchema;
import io.elanus.rag.knowledge.ShelfGate;
import io.elanus.rag.parse.Extracted;
import io.elanus.rag.parse.Extractor;
import io.elanus.rag.parse.Source;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ingests one document: text, chunks, vectors of those that are new, rows, and at last its record.
 * Dying anywhere between leaves old and new chunks in the collection; the next try finds those that
 * are there by their keys and goes on. Safe for many threads.
 */
final class DocumentWorker {
  /** Chunks looked up, embedded and written together: what a document takes of memory at a time. */
  private static final int BATCH = 128;

  private static final int KEY_BYTES = 20;

  private final KnowledgeCollections collections;
  private final DocumentShelf shelf;
  private final Access access;
  private final Extractor extractor;
  private final Embedders embedders;
  private final InstantSource clock;
  private final ShelfGate gate;

  DocumentWorker(
      KnowledgeCollections collections,
      DocumentShelf shelf,
      Access access,
      Ingestion.Ports ports,
      ShelfGate gate) {
    this.collections = collections;
    this.shelf = shelf;
    this.access = access;
    this.extractor = ports.extractor();
    this.embedders = ports.embedders();
    this.clock = ports.clock();
    this.gate = gate;
  }

  /** What a document is written as, and where. */
  private record Version(
      Work work,
      String collection,
      Embedder embedder,
      String title,
      long timestampMillis,
      Extracted extracted) {}

  /**
   * Works on one document.
   *
   * @param queue asked between batches whether to go on
   * @throws ElanusException RETRY or RESOURCE where another try may help; everything else is what
   *     is wrong with this document
   */
  Outcome ingest(Work handedIn, WorkQueue queue) {
    Caller owner = handedIn.owner();
    CollectionInfo collection = collections.ofShelf(owner, handedIn.shelf());
    // What binds the owner may have changed since.
    Work work = handedIn.labelled(access.stamped(owner, collection.name(), handedIn.labels()));
    Optional<DocumentRecord> before = shelf.record(work.document());
    if (before.isPresent() && isThere(before.get(), work, collection)) {
      // Its own bytes are the ones in use where a crash hid that it was done.
      return before.get().contentKey().equals(work.contentKey())
          ? Outcome.ingested(0, before.get().chunks(), 0)
          : Outcome.UNCHANGED;
    }
    if (before.isPresent() && before.get().contentKey().compareTo(work.contentKey()) > 0) {
      return Outcome.canceled("a newer version of it was handed in meanwhile");
    }
    access.checkPlace(owner, collection.name(), work.labels());
    Extracted extracted = extract(work);
    try (ShelfGate.Pass pass = gate.enter(work.shelf())) {
      // Another collection may have taken the place of the one of before.
      return write(work, collections.ofShelf(owner, work.shelf()), before, extracted, queue);
    }
  }

  private Outcome write(
      Work work,
      CollectionInfo collection,
      Optional<DocumentRecord> before,
      Extracted extracted,
      WorkQueue queue) {
    long timestamp =
        work.labels()
            .timestampMillis()
            .orElseGet(() -> before.map(DocumentRecord::timestampMillis).orElse(clock.millis()));
    String title = work.labels().title().isEmpty() ? extracted.title() : work.labels().title();
    Embedder embedder = embedders.of(KnowledgeSchema.model(collection), collection.name());
    Version version = new Version(work, collection.name(), embedder, title, timestamp, extracted);
    ChunkSettings settings = work.settings().within(embedder.model().tokensMax());
    List<Piece> pieces = new Chunker(settings, embedder).cut(extracted);
    if (pieces.isEmpty()) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT, "no text was found in it; delete it, if it is to be empty");
    }
    for (int i = 0; i < pieces.size(); i++) {
      String heading = pieces.get(i).heading();
      access.checkChunk(
          work.owner(), collection.name(), work.labels(), i, timestamp, title, heading);
    }
    Outcome outcome = write(version, pieces, queue);
    if (outcome.kind() == Outcome.Kind.INGESTED) {
      shelf.putText(DocumentShelf.textKey(work), extracted.text());
      shelf.put(work.document(), record(version, settings, pieces.size()));
      shelf.deleteOlder(work.document(), work);
    }
    return outcome;
  }

  private boolean isThere(DocumentRecord record, Work work, CollectionInfo collection) {
    Embedder embedder = embedders.of(KnowledgeSchema.model(collection), collection.name());
    ChunkSettings settings = work.settings().within(embedder.model().tokensMax());
    return record.isSame(work.labels(), work.hash(), settings)
        && collections.count(work.owner(), collection.name(), work.labels().sourceId(), Filter.ALL)
            == record.chunks();
  }

  private Extracted extract(Work work) {
    byte[] content =
        shelf
            .content(work.contentKey())
            .orElseThrow(
                () ->
                    new ElanusException(
                        ErrorCode.DATA_CORRUPT, "its bytes are not there any more; send it again"));
    if (!Sha256.hex(content).equals(work.hash())) {
      throw new ElanusException(
          ErrorCode.DATA_CORRUPT, "its bytes were damaged on the disk; send it again");
    }
    Labels labels = work.labels();
    String name = labels.name().isEmpty() ? labels.sourceId() : labels.name();
    return extractor.extract(new Source(name, labels.contentType(), content));
  }

  private DocumentRecord record(Version version, ChunkSettings settings, int chunks) {
    Work work = version.work;
    return new DocumentRecord(
        work.document().id(),
        work.labels(),
        work.hash(),
        work.bytes(),
        version.title,
        version.timestampMillis,
        settings,
        version.extracted.text().length(),
        chunks,
        clock.millis(),
        work.contentKey(),
        DocumentShelf.textKey(work));
  }

  private Outcome write(Version version, List<Piece> pieces, WorkQueue queue) {
    Work work = version.work;
    Map<String, Integer> seen = new HashMap<>();
    Set<String> keys = new HashSet<>();
    int embedded = 0;
    for (int from = 0; from < pieces.size(); from += BATCH) {
      if (queue.isCanceled(work.job())) {
        return Outcome.canceled("the job was canceled; chunks that were written stay");
      }
      if (from > 0 && gate.isWanted(work.shelf())) {
        throw new ElanusException(
            ErrorCode.BUSY, "another collection is taking the place of this one; it goes on then");
      }
      List<Chunk> batch = new ArrayList<>(BATCH);
      for (int i = from; i < Math.min(pieces.size(), from + BATCH); i++) {
        Chunk chunk = chunk(version, pieces.get(i), i, seen);
        keys.add(chunk.id());
        batch.add(chunk);
      }
      embedded += write(version, batch);
    }
    List<String> gone = new ArrayList<>();
    for (String id : collections.ids(work.owner(), version.collection, work.labels().sourceId())) {
      if (!keys.contains(id)) {
        gone.add(id);
      }
    }
    collections.delete(work.owner(), version.collection, gone);
    return Outcome.ingested(embedded, pieces.size() - embedded, gone.size());
  }

  /** How many of them got a new vector. Rows that are there as they should be are not written. */
  private int write(Version version, List<Chunk> batch) {
    Caller owner = version.work.owner();
    Map<String, StoredChunk> stored =
        collections.stored(owner, version.collection, batch.stream().map(Chunk::id).toList());
    List<Chunk> fresh =
        batch.stream()
            .filter(chunk -> !hasVector(stored.get(chunk.id()), chunk))
            .sorted(Comparator.comparingInt(chunk -> chunk.text().length()))
            .toList();
    Map<String, float[]> vectors = new HashMap<>();
    if (!fresh.isEmpty()) {
      List<float[]> made =
          version.embedder.embed(
              fresh.stream().map(Chunk::embedded).toList(), Embedder.Purpose.DOCUMENT);
      for (int i = 0; i < fresh.size(); i++) {
        vectors.put(fresh.get(i).id(), made.get(i));
      }
    }
    List<Chunk> written = new ArrayList<>();
    List<float[]> writtenVectors = new ArrayList<>();
    for (Chunk chunk : batch) {
      StoredChunk there = stored.get(chunk.id());
      if (there == null || !isSame(there.chunk(), chunk)) {
        written.add(chunk);
        float @Nullable [] made = vectors.get(chunk.id());
        writtenVectors.add(made == null ? Objects.requireNonNull(there).vector() : made);
      }
    }
    if (!written.isEmpty()) {
      collections.upsert(
          owner,
          version.collection,
          ChunkRows.of(written, writtenVectors, version.embedder.model().dimension()));
    }
    return fresh.size();
  }

  private static boolean hasVector(@Nullable StoredChunk stored, Chunk made) {
    return stored != null && stored.chunk().embedded().equals(made.embedded());
  }

  /** JSON may come back spelled otherwise. */
  private static boolean isSame(Chunk stored, Chunk made) {
    return stored.equals(made)
        || IngestJson.tree(stored.metadata()).equals(IngestJson.tree(made.metadata()))
            && stored.equals(
                new Chunk(
                    made.id(),
                    made.sourceId(),
                    made.index(),
                    made.text(),
                    made.title(),
                    made.heading(),
                    made.start(),
                    made.end(),
                    made.documentHash(),
                    made.tags(),
                    made.timestampMillis(),
                    stored.metadata()));
  }

  /** Of the same text, the first, the second, … have keys of their own. */
  private static Chunk chunk(Version version, Piece piece, int index, Map<String, Integer> seen) {
    Work work = version.work;
    String text = version.extracted.text().substring(piece.start(), piece.end());
    String textKey = key(work.labels().sourceId(), text, 0);
    int occurrence = seen.merge(textKey, 1, Integer::sum) - 1;
    return new Chunk(
        occurrence == 0 ? textKey : key(work.labels().sourceId(), text, occurrence),
        work.labels().sourceId(),
        index,
        text,
        version.title,
        piece.heading(),
        piece.start(),
        piece.end(),
        work.hash(),
        work.labels().tags(),
        version.timestampMillis,
        work.labels().metadata());
  }

  private static String key(String sourceId, String text, int occurrence) {
    MessageDigest digest = Sha256.digest();
    digest.update(sourceId.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    if (occurrence > 0) {
      digest.update((byte) 0);
      digest.update(Integer.toString(occurrence).getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest(), 0, KEY_BYTES);
  }
}
