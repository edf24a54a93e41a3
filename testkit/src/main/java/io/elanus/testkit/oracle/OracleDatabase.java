package io.elanus.testkit.oracle;

import io.elanus.model.Aliases;
import io.elanus.model.Collections;
import io.elanus.model.Database;
import io.elanus.model.Databases;
import io.elanus.model.Indexes;
import io.elanus.model.Jobs;
import io.elanus.model.Partitions;
import io.elanus.model.Rows;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.InstantSource;

/**
 * A database that is slow and right. One call runs at a time; everything is kept in memory, and is
 * still there for {@link #reopened()}.
 */
public final class OracleDatabase implements Database {
  private final OracleState state;
  private final Databases databases;
  private final Collections collections;
  private final Partitions partitions;
  private final Indexes indexes;
  private final Aliases aliases;
  private final Rows rows;
  private final Jobs jobs;
  private volatile boolean closed;

  public OracleDatabase(InstantSource clock) {
    this(new OracleState(clock));
  }

  private OracleDatabase(OracleState state) {
    this.state = state;
    databases = door(Databases.class, new OracleDatabases(state));
    collections = door(Collections.class, new OracleCollections(state));
    partitions = door(Partitions.class, new OraclePartitions(state));
    indexes = door(Indexes.class, new OracleIndexes(state));
    aliases = door(Aliases.class, new OracleAliases(state));
    rows = door(Rows.class, new OracleRows(state));
    jobs = door(Jobs.class, new OracleJobs(state));
  }

  /** The same data behind new doors, as after a restart. */
  public OracleDatabase reopened() {
    return new OracleDatabase(state);
  }

  /** Lets one call through at a time, and none once closed. */
  private <T> T door(Class<T> type, T inside) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (closed) {
                throw new ElanusException(ErrorCode.NOT_READY, "the database is closed");
              }
              synchronized (state) {
                try {
                  return method.invoke(inside, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause() == null ? e : e.getCause();
                }
              }
            });
    return type.cast(proxy);
  }

  @Override
  public Databases databases() {
    return databases;
  }

  @Override
  public Collections collections() {
    return collections;
  }

  @Override
  public Partitions partitions() {
    return partitions;
  }

  @Override
  public Indexes indexes() {
    return indexes;
  }

  @Override
  public Aliases aliases() {
    return aliases;
  }

  @Override
  public Rows rows() {
    return rows;
  }

  @Override
  public Jobs jobs() {
    return jobs;
  }

  @Override
  public long allocateTimestamp() {
    synchronized (state) {
      return state.timestamp();
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
