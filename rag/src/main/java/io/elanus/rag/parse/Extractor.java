package io.elanus.rag.parse;

/** Documents to text. Safe for many threads; calls block. */
@FunctionalInterface
public interface Extractor {
  /**
   * Fails with {@link io.elanus.model.error.ElanusException}: INVALID_ARGUMENT where this document
   * cannot be read (its message goes on after "the document … could not be read: "), NOT_READY or
   * BUSY where another try may help.
   */
  Extracted extract(Source source);
}
