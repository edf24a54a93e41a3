package io.elanus.index;

import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Rows whose vectors are the same to the bit. Only the first of them becomes a node of the graph,
 * and the others hang from it as a chain: as nodes they would fill each other's neighbour lists,
 * cut themselves off from the rest of the graph, and the later ones would be reached by nobody.
 */
public final class Twins {
  private static final int REPORT_EVERY = 256;
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final int[] next;
  private final boolean[] follows;
  private int count;

  private Twins(int rows) {
    next = new int[rows];
    follows = new boolean[rows];
    Arrays.fill(next, -1);
  }

  /** Finds them with one pass over the vectors and a table of two slots per row. */
  public static Twins find(VectorData vectors, BuildMonitor monitor) {
    Twins twins = new Twins(vectors.count());
    int slots = Integer.highestOneBit(Math.clamp(vectors.count(), 8, 1 << 28)) << 2;
    // Each slot holds the last row so far of one chain, plus one; zero is free.
    int[] lastRows = new int[slots];
    for (int row = 0; row < vectors.count(); row++) {
      int slot = (int) (hash(vectors, row) >>> 32) & (slots - 1);
      while (lastRows[slot] != 0 && !same(vectors, lastRows[slot] - 1, row)) {
        slot = (slot + 1) & (slots - 1);
      }
      if (lastRows[slot] != 0) {
        twins.next[lastRows[slot] - 1] = row;
        twins.follows[row] = true;
        twins.count++;
      }
      lastRows[slot] = row + 1;
      if ((row + 1) % REPORT_EVERY == 0) {
        monitor.progress(0);
      }
    }
    return twins;
  }

  /** Whether an earlier row has the same vector. */
  public boolean follows(int row) {
    return follows[row];
  }

  /** Rows that follow another. */
  public int count() {
    return count;
  }

  /** For each row the next one with the same vector, −1 for none. */
  public int[] next() {
    return next;
  }

  private static boolean same(VectorData vectors, int a, int b) {
    long from = vectors.offset(a);
    long other = vectors.offset(b);
    long bytes = vectors.vectorBytes();
    MemorySegment values = vectors.values();
    return MemorySegment.mismatch(values, from, from + bytes, values, other, other + bytes) < 0;
  }

  private static long hash(VectorData vectors, int row) {
    long hash = 0;
    long at = vectors.offset(row);
    long end = at + vectors.vectorBytes();
    for (; at + 4 <= end; at += 4) {
      hash = (Long.rotateLeft(hash, 23) ^ vectors.values().get(FileHeader.INT, at)) * MULTIPLIER;
    }
    for (; at < end; at++) {
      byte last = vectors.values().get(ValueLayout.JAVA_BYTE, at);
      hash = (Long.rotateLeft(hash, 23) ^ last) * MULTIPLIER;
    }
    return hash;
  }
}
