package io.elanus.model;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * One state of whole collections at one timestamp: what a backup copies. Writers go on meanwhile
 * and are not seen. Memory and disk space of this state are held until it is closed.
 */
public interface Cut extends AutoCloseable {
  /** Every write with a timestamp at or below this is in the state, and no other. */
  long timestamp();

  /** What the catalog says of the state, sorted by key. */
  List<Entry> entries();

  /** The files of the state; every one can be looked at again and again. */
  List<Part> parts();

  @Override
  void close();

  /** A catalog entry. */
  record Entry(String key, byte[] value) {}

  /** A file below the data folder's objects. Valid until the state is closed. */
  interface Part {
    /** Its object key, such as {@code collection/12/segment/7/data.arrow}. */
    String key();

    MemorySegment content();

    /** Of its content; known without reading it. */
    default long bytes() {
      return content().byteSize();
    }

    /**
     * Reads every byte and compares it with the checksums that the file itself carries.
     *
     * @throws io.elanus.model.error.ElanusException DATA_CORRUPT where they differ
     */
    void verify();
  }
}
