package io.elanus.sim.disk;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;

/**
 * One file: what the system's memory holds, what has reached the platter, and which sectors are on
 * their way. A failed force marks what it covered as clean, as Linux does: the bytes can still be
 * read, the next force says yes, and after a power cut they are gone.
 */
final class StoredFile implements Node {
  static final int SECTOR_BYTES = 512;

  private byte[] seen = new byte[0];
  private int size;
  private byte[] forced = new byte[0];
  private final BitSet dirty = new BitSet();

  /** The size, which is on the platter with the next force, differs from what is there. */
  private boolean sizeLost;

  int size() {
    return size;
  }

  byte[] bytes() {
    return Arrays.copyOf(seen, size);
  }

  void read(int at, byte[] into, int from, int length) {
    System.arraycopy(seen, at, into, from, length);
  }

  void write(int at, byte[] bytes, int length) {
    int end = at + length;
    if (end > seen.length) {
      seen = Arrays.copyOf(seen, Math.max(end, seen.length * 2));
    }
    if (at > size) {
      dirty(size, at);
    }
    System.arraycopy(bytes, 0, seen, at, length);
    size = Math.max(size, end);
    dirty(at, end);
    sizeLost = false;
  }

  void truncate(int newSize) {
    if (newSize > seen.length) {
      seen = Arrays.copyOf(seen, newSize);
    }
    if (newSize < size) {
      Arrays.fill(seen, newSize, size, (byte) 0);
    }
    dirty(Math.min(size, newSize), Math.max(size, newSize));
    size = newSize;
    sizeLost = false;
  }

  private void dirty(int from, int to) {
    if (to > from) {
      dirty.set(from / SECTOR_BYTES, Math.ceilDiv(to, SECTOR_BYTES));
    }
  }

  void force() {
    int newSize = sizeLost ? forced.length : size;
    byte[] next = Arrays.copyOf(forced, newSize);
    for (int s = dirty.nextSetBit(0); s >= 0; s = dirty.nextSetBit(s + 1)) {
      copySector(s, next, SECTOR_BYTES);
    }
    forced = next;
    dirty.clear();
  }

  void failForce() {
    dirty.clear();
    sizeLost = true;
  }

  boolean unforced() {
    return !dirty.isEmpty() || sizeLost || size != forced.length;
  }

  private void copySector(int sector, byte[] into, int bytes) {
    int at = sector * SECTOR_BYTES;
    int end = Math.min(Math.min(into.length, size), at + bytes);
    if (at < end) {
      System.arraycopy(seen, at, into, at, end - at);
    }
  }

  /** After a power cut: every sector that was not forced is there, is not, or in part. */
  StoredFile survivor(Random chance, DiskLosses losses) {
    StoredFile kept = new StoredFile();
    int low = Math.min(size, forced.length);
    int high = Math.max(size, forced.length);
    int newSize =
        switch (chance.nextInt(3)) {
          case 0 -> sizeLost ? forced.length : size;
          case 1 -> forced.length;
          default -> sizeLost ? forced.length : low + chance.nextInt(high - low + 1);
        };
    byte[] after = Arrays.copyOf(forced, newSize);
    for (int s = dirty.nextSetBit(0); s >= 0; s = dirty.nextSetBit(s + 1)) {
      int fate = chance.nextInt(5);
      if (fate < 2) {
        copySector(s, after, SECTOR_BYTES);
      } else if (fate == 2) {
        copySector(s, after, 1 + chance.nextInt(SECTOR_BYTES - 1));
        losses.tornSectors++;
      } else {
        losses.lostSectors++;
      }
    }
    kept.seen = after;
    kept.size = newSize;
    kept.forced = after.clone();
    return kept;
  }

  /** As it is, for a process that comes after one that was killed. */
  StoredFile copy() {
    StoredFile copy = new StoredFile();
    copy.seen = bytes();
    copy.size = size;
    copy.forced = forced.clone();
    copy.dirty.or(dirty);
    copy.sizeLost = sizeLost;
    return copy;
  }

  /** The sector of this byte holds nothing any more. */
  void lose(int byteAt) {
    int from = byteAt / SECTOR_BYTES * SECTOR_BYTES;
    Arrays.fill(seen, from, Math.min(from + SECTOR_BYTES, size), (byte) 0);
    if (from < forced.length) {
      Arrays.fill(forced, from, Math.min(from + SECTOR_BYTES, forced.length), (byte) 0);
    }
  }

  void flip(long bit) {
    int at = (int) (bit / 8);
    seen[at] ^= (byte) (1 << bit % 8);
    if (at < forced.length) {
      forced[at] = seen[at];
    }
  }
}
