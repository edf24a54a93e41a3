package io.elanus.model.info;

/** A partition. */
public record PartitionInfo(
    long id, String name, long createdTimestamp, boolean loaded, long rowCount) {
  public static final String DEFAULT = "_default";
}
