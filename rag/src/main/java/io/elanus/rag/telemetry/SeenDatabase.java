package io.elanus.rag.telemetry;

import io.elanus.model.Aliases;
import io.elanus.model.Collections;
import io.elanus.model.Database;
import io.elanus.model.Databases;
import io.elanus.model.Indexes;
import io.elanus.model.Jobs;
import io.elanus.model.Partitions;
import io.elanus.model.Rows;
import io.elanus.model.Texts;

/** A database whose reads and writes of rows are spans inside of the stages that cause them. */
public final class SeenDatabase implements Database {
  private final Database inner;
  private final Rows rows;

  public SeenDatabase(Database inner, Telemetry telemetry) {
    this(inner, inner.rows(), telemetry);
  }

  /**
   * @param rows of it, as somebody else sees them
   */
  public SeenDatabase(Database inner, Rows rows, Telemetry telemetry) {
    this.inner = inner;
    this.rows = new SeenRows(rows, telemetry);
  }

  @Override
  public Databases databases() {
    return inner.databases();
  }

  @Override
  public Collections collections() {
    return inner.collections();
  }

  @Override
  public Partitions partitions() {
    return inner.partitions();
  }

  @Override
  public Indexes indexes() {
    return inner.indexes();
  }

  @Override
  public Aliases aliases() {
    return inner.aliases();
  }

  @Override
  public Rows rows() {
    return rows;
  }

  @Override
  public Jobs jobs() {
    return inner.jobs();
  }

  @Override
  public Texts texts() {
    return inner.texts();
  }

  @Override
  public long allocateTimestamp() {
    return inner.allocateTimestamp();
  }

  @Override
  public void close() {
    inner.close();
  }
}
