package io.elanus.sim.disk;

/** What is asked of the disk. */
public enum DiskCall {
  CREATE,
  CREATE_FOLDER,
  OPEN,
  READ,
  WRITE,
  TRUNCATE,
  FORCE,
  FORCE_FOLDER,
  RENAME,
  DELETE,
  LIST
}
