package io.elanus.rag.ingest;

import io.elanus.rag.document.Documents;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Records, bytes and texts of documents. Every version's bytes and text have keys of their own,
 * {@code content-JOB-NUMBER} and {@code text-JOB-NUMBER}, in the order of their hand-in; the record
 * names those that count.
 */
final class DocumentShelf {
  private final Documents documents;

  DocumentShelf(Documents documents) {
    this.documents = documents;
  }

  private static String version(String job, int number) {
    return "%s-%06d".formatted(job, number);
  }

  static String contentKey(DocumentKey document, String job, int number) {
    return document.folder() + "content-" + version(job, number);
  }

  static String textKey(Work work) {
    return work.document().folder() + "text-" + version(work.job(), work.number());
  }

  Optional<DocumentRecord> record(DocumentKey document) {
    return documents.get(document.folder() + "record").map(DocumentRecord::read);
  }

  /** From here on this version is the document's. */
  void put(DocumentKey document, DocumentRecord record) {
    documents.put(document.folder() + "record", record.toJson());
  }

  void putContent(String key, byte[] content) {
    documents.put(key, content);
  }

  Optional<byte[]> content(String key) {
    return documents.get(key);
  }

  void putText(String key, String text) {
    documents.put(key, text.getBytes(StandardCharsets.UTF_8));
  }

  Optional<String> text(DocumentRecord record) {
    return documents.get(record.textKey()).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /** Lets go of what older versions left; newer ones may be waiting. */
  void deleteOlder(DocumentKey document, Work work) {
    String version = version(work.job(), work.number());
    for (String key : documents.list(document.folder())) {
      String name = key.substring(document.folder().length());
      int dash = name.indexOf('-');
      if (dash > 0 && name.substring(dash + 1).compareTo(version) < 0) {
        documents.delete(key);
      }
    }
  }

  void deleteAll(DocumentKey document) {
    // The record goes first: without it the rest is nobody's.
    documents.delete(document.folder() + "record");
    documents.list(document.folder()).forEach(documents::delete);
  }
}
