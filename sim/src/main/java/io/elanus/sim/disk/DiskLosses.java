package io.elanus.sim.disk;

/** What a power cut took: counts. */
public final class DiskLosses {
  public int tornSectors;
  public int lostSectors;
  public int lostEntries;
  public int deletionsUndone;
}
