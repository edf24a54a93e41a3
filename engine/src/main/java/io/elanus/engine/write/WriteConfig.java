package io.elanus.engine.write;

/**
 * Sizes of the write path.
 *
 * @param growingBytesMax a growing segment of this size is sealed
 * @param growingRowsMax likewise by rows
 * @param indexRowsMin smaller segments are scanned, and count as indexed
 * @param mergeRowsMax segments are merged up to this many rows
 * @param mergeBytesMax and up to this size of their data
 * @param mergeFanIn as many segments of a size class are merged into one
 * @param sealingMax writes wait while this many segments of the shard are being sealed
 * @param buildHelpersMax threads of the background that may help with one index build
 */
public record WriteConfig(
    long growingBytesMax,
    int growingRowsMax,
    int indexRowsMin,
    int mergeRowsMax,
    long mergeBytesMax,
    int mergeFanIn,
    int sealingMax,
    int buildHelpersMax) {
  public static final WriteConfig DEFAULT =
      new WriteConfig(128L << 20, 500_000, 1_024, 4_000_000, 2L << 30, 4, 4, 0);

  /** Nobody helps with a build; segments are merged whatever their size. */
  public WriteConfig(
      long growingBytesMax,
      int growingRowsMax,
      int indexRowsMin,
      int mergeRowsMax,
      int mergeFanIn,
      int sealingMax) {
    this(
        growingBytesMax,
        growingRowsMax,
        indexRowsMin,
        mergeRowsMax,
        Long.MAX_VALUE,
        mergeFanIn,
        sealingMax,
        0);
  }

  public WriteConfig withBuildHelpersMax(int most) {
    return new WriteConfig(
        growingBytesMax,
        growingRowsMax,
        indexRowsMin,
        mergeRowsMax,
        mergeBytesMax,
        mergeFanIn,
        sealingMax,
        most);
  }
}
