package io.elanus.rag.ingest;

import io.elanus.model.error.ElanusException;
import io.elanus.rag.document.Documents;
import io.elanus.rag.hash.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * What ingestion has stored, looked at from outside: for backups, and for who examines a folder.
 */
public final class StoredIngestion {
  private final Documents documents;
  private final DocumentShelf shelf;

  public StoredIngestion(Documents documents) {
    this.documents = documents;
    this.shelf = new DocumentShelf(documents);
  }

  /** Is told what is wrong, and what to do about it. */
  @FunctionalInterface
  public interface Report {
    void problem(String key, String problem, String remedy);
  }

  /** The shelf of this key's document, or job; empty where it is neither. */
  public OptionalLong shelfOf(String key) {
    if (!key.startsWith(Job.FOLDER)) {
      return DocumentKey.shelfOf(key);
    }
    try {
      Optional<byte[]> job = documents.get(key);
      return job.isEmpty()
          ? OptionalLong.empty()
          : OptionalLong.of(Job.read(job.get(), 0).head.shelf());
    } catch (ElanusException e) {
      return OptionalLong.empty();
    }
  }

  /** Shelves that have documents. */
  public Set<Long> shelves() {
    Set<Long> shelves = new TreeSet<>();
    documents.list(DocumentKey.ALL).forEach(k -> DocumentKey.shelfOf(k).ifPresent(shelves::add));
    return shelves;
  }

  /**
   * Reads every record and what it names, and compares hashes.
   *
   * @return how many documents there are
   */
  public int examine(Report report) {
    int count = 0;
    for (String key : documents.list(DocumentKey.ALL)) {
      if (key.endsWith("/record")) {
        count++;
        examineDocument(key, report);
      }
    }
    for (String key : documents.list(Job.FOLDER)) {
      examineJob(key, report);
    }
    return count;
  }

  private void examineDocument(String key, Report report) {
    try {
      Optional<DocumentRecord> record = documents.get(key).map(DocumentRecord::read);
      if (record.isEmpty()) {
        return;
      }
      String again = "ingest the document %s again".formatted(record.get().labels().sourceId());
      content(record.get().contentKey(), record.get().hash(), again, report);
      Optional<byte[]> text = documents.get(record.get().textKey());
      if (text.isEmpty()) {
        report.problem(record.get().textKey(), "the text of a document is missing", again);
      } else if (new String(text.get(), StandardCharsets.UTF_8).length()
          != record.get().characters()) {
        report.problem(record.get().textKey(), "the text of a document is damaged", again);
      }
    } catch (ElanusException e) {
      report.problem(key, String.valueOf(e.getMessage()), "ingest the document again");
    }
  }

  private void content(String key, String hash, String remedy, Report report) {
    Optional<byte[]> content = shelf.content(key);
    if (content.isEmpty()) {
      report.problem(key, "the bytes of a document are missing", remedy);
    } else if (!Sha256.hex(content.get()).equals(hash)) {
      report.problem(key, "the bytes of a document differ from their hash", remedy);
    }
  }

  private void examineJob(String key, Report report) {
    try {
      Optional<Job> job = documents.get(key).map(bytes -> Job.read(bytes, 0));
      if (job.isPresent()) {
        for (Work work : job.get().open()) {
          content(
              work.contentKey(),
              work.hash(),
              "hand in the document %s again".formatted(work.labels().sourceId()),
              report);
        }
      }
    } catch (ElanusException e) {
      report.problem(key, String.valueOf(e.getMessage()), "hand in the job's documents again");
    }
  }
}
