package io.elanus.model.error;

/**
 * Every error a user of the database can meet. Numbers are stable; protocols translate them at
 * their own edge. The remedy says what the caller should do.
 */
public enum ErrorCode {
  // names and schema
  DATABASE_NOT_FOUND(101, Kind.USER, "list the databases or create it first"),
  DATABASE_EXISTS(102, Kind.USER, "use another name or the existing database"),
  DATABASE_NOT_EMPTY(103, Kind.USER, "drop its collections first"),
  DATABASE_LIMIT(104, Kind.USER, "drop a database that is no longer needed"),
  INVALID_DATABASE_NAME(105, Kind.USER, "use letters, digits and _ and start with a letter or _"),
  COLLECTION_NOT_FOUND(111, Kind.USER, "check the name and the database, or create it first"),
  COLLECTION_EXISTS(112, Kind.USER, "drop it first, or use the schema it has"),
  COLLECTION_NOT_LOADED(113, Kind.USER, "load the collection before searching it"),
  COLLECTION_LIMIT(114, Kind.USER, "drop a collection that is no longer needed"),
  INVALID_SCHEMA(115, Kind.USER, "correct the schema"),
  SCHEMA_STALE(116, Kind.USER, "describe the collection again and retry"),
  PARTITION_NOT_FOUND(121, Kind.USER, "list the partitions or create it first"),
  PARTITION_NOT_LOADED(122, Kind.USER, "load the partition first"),
  PARTITION_LIMIT(123, Kind.USER, "use a partition key instead of many partitions"),
  INDEX_NOT_FOUND(131, Kind.USER, "list the indexes or create it first"),
  INDEX_NOT_SUPPORTED(132, Kind.USER, "choose an index type that fits the field"),
  INDEX_CONFLICT(133, Kind.USER, "drop the existing index first"),
  ALIAS_NOT_FOUND(141, Kind.USER, "list the aliases or create it first"),
  ALIAS_EXISTS(142, Kind.USER, "alter the alias instead"),
  ALIAS_CONFLICT(143, Kind.USER, "choose a name that no collection has"),
  FIELD_NOT_FOUND(151, Kind.USER, "check the field names with a describe call"),
  // requests
  INVALID_ARGUMENT(201, Kind.USER, "correct the request"),
  MISSING_ARGUMENT(202, Kind.USER, "add what is missing"),
  TOO_LARGE(203, Kind.USER, "ask for less at once"),
  INVALID_NAME(204, Kind.USER, "use letters, digits and _ and start with a letter or _"),
  INVALID_EXPRESSION(205, Kind.USER, "correct the filter expression"),
  INVALID_ROWS(206, Kind.USER, "correct the rows; nothing of the batch was stored"),
  UNSUPPORTED(207, Kind.USER, "see the table of what works in the README"),
  NOT_AUTHENTICATED(301, Kind.USER, "send valid credentials"),
  NOT_PERMITTED(302, Kind.USER, "ask an administrator for the privilege"),
  // conditions that pass
  NOT_READY(401, Kind.RETRY, "retry shortly"),
  BUSY(402, Kind.RETRY, "slow down and retry"),
  TIMEOUT(403, Kind.RETRY, "retry with a longer deadline; a write may or may not have happened"),
  CANCELED(404, Kind.RETRY, "the caller went away"),
  // limits of the machine
  MEMORY_LIMIT(501, Kind.RESOURCE, "release collections or raise the memory budget"),
  DISK_LIMIT(502, Kind.RESOURCE, "free disk space; deletes and compaction still work"),
  // trouble
  DATA_CORRUPT(601, Kind.CORRUPT, "restore this part from a backup"),
  LOG_FAILED(602, Kind.INTERNAL, "the disk refused a write; restart after repair"),
  INTERNAL(603, Kind.INTERNAL, "report it with the server's log");

  /** Who has to act. */
  public enum Kind {
    USER,
    RETRY,
    RESOURCE,
    CORRUPT,
    INTERNAL
  }

  private final int number;
  private final Kind kind;
  private final String remedy;

  ErrorCode(int number, Kind kind, String remedy) {
    this.number = number;
    this.kind = kind;
    this.remedy = remedy;
  }

  public int number() {
    return number;
  }

  public Kind kind() {
    return kind;
  }

  /** What the caller should do, as an imperative clause without a full stop. */
  public String remedy() {
    return remedy;
  }
}
