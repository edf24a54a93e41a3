package io.elanus.engine.segment;

import io.elanus.model.error.ElanusException;
import io.elanus.store.format.FileHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether mapped bytes are as they were written. A start maps files and does not read them, so they
 * are read against their checksum before their first use, or by the walk after the start, whichever
 * comes first. What was found stays: damaged bytes are refused at every use.
 *
 * <p>Bytes of more than {@link #AT_USE_BYTES_MAX} are not made to wait for at a first use; until
 * the walk was there, answers from them are not vouched for.
 */
public final class Proof {
  /** A tenth of a second's work, about. */
  static final long AT_USE_BYTES_MAX = 256L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(Proof.class);

  private final String what;
  private final long bytes;
  private final Runnable reading;
  private volatile boolean good;
  private volatile @Nullable String damage;

  /**
   * Nothing is known yet.
   *
   * @param what the bytes, for the sentence: "the values of field 101 in segment 7"
   * @param reading throws DATA_CORRUPT where the bytes differ from their checksum
   */
  public Proof(String what, long bytes, Runnable reading) {
    this.what = what;
    this.bytes = bytes;
    this.reading = reading;
  }

  /** This process wrote the bytes itself: they are taken for good. */
  public Proof given() {
    good = true;
    return this;
  }

  /** Before a use of the bytes: DATA_CORRUPT where they are damaged. */
  public void require() {
    if (good) {
      return;
    }
    if (bytes <= AT_USE_BYTES_MAX || damage != null) {
      read();
    }
  }

  /** Whether the bytes may be used, for what can be done without. */
  public boolean holds() {
    try {
      require();
      return true;
    } catch (ElanusException e) {
      return false;
    }
  }

  /** Reads the bytes unless that was done; DATA_CORRUPT where they are damaged. */
  public synchronized void read() {
    if (good) {
      return;
    }
    if (damage == null) {
      try {
        reading.run();
        good = true;
        return;
      } catch (ElanusException | IndexOutOfBoundsException e) {
        LOG.error("{}: damaged on disk", what, e);
        damage = what + " differ from their checksum: the disk lost or changed them";
      }
    }
    throw FileHeader.corrupt(damage);
  }

  /** What is wrong, null where nothing is known to be. */
  public @Nullable String damage() {
    return damage;
  }
}
