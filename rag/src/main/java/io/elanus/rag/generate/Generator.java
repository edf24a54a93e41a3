package io.elanus.rag.generate;

/**
 * A language model that writes. Safe for many threads; calls block until the text is whole.
 *
 * <p>Fails with {@link io.elanus.model.error.ElanusException}, whose sentence holds nothing of the
 * prompt or the key: NOT_READY, BUSY or TIMEOUT where trying again later may help, INVALID_ARGUMENT
 * where the provider refuses the request itself, CANCELED.
 */
public interface Generator extends AutoCloseable {
  /** As the provider spells it. */
  String model();

  /**
   * One text.
   *
   * @param sink given each piece as it comes, on the calling thread; what it has been given stays
   *     given when the call fails on its way
   * @param cancellation ends the call from another thread, and the connection with it
   */
  Generation generate(Prompt prompt, Sink sink, Cancellation cancellation);

  @Override
  void close();

  /** Takes pieces of a text as they come. */
  @FunctionalInterface
  interface Sink {
    void piece(String text);
  }
}
