package io.elanus.app.rag;

/**
 * {@code rag.search}: what is searched, and how.
 *
 * @param collection that is meant where a request names none
 */
public record RetrieveSettings(String collection) {
  static RetrieveSettings of(Section section) {
    return new RetrieveSettings(section.string("collection", "documents"));
  }
}
