package io.elanus.testkit.contract;

import io.elanus.model.Database;
import io.elanus.testkit.contract.names.AliasesContract;
import io.elanus.testkit.contract.names.CollectionsContract;
import io.elanus.testkit.contract.names.DatabasesContract;
import io.elanus.testkit.contract.names.IndexesContract;
import io.elanus.testkit.contract.names.PartitionsContract;
import io.elanus.testkit.contract.names.SchemaChangesContract;
import io.elanus.testkit.contract.rows.BadRowsContract;
import io.elanus.testkit.contract.rows.FilterContract;
import io.elanus.testkit.contract.rows.QueryContract;
import io.elanus.testkit.contract.rows.TextMatchContract;
import io.elanus.testkit.contract.rows.WritesContract;
import io.elanus.testkit.contract.search.BadSearchContract;
import io.elanus.testkit.contract.search.HybridSearchContract;
import io.elanus.testkit.contract.search.IteratorContract;
import io.elanus.testkit.contract.search.SearchContract;
import io.elanus.testkit.contract.search.SparseSearchContract;
import io.elanus.testkit.contract.search.TextSearchContract;
import io.elanus.testkit.contract.search.VectorTypesContract;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** All that a database promises; an implementation's test extends this and says how to open one. */
public abstract class DatabaseContract
    implements DatabasesContract,
        CollectionsContract,
        SchemaChangesContract,
        AliasesContract,
        PartitionsContract,
        IndexesContract,
        WritesContract,
        BadRowsContract,
        QueryContract,
        FilterContract,
        SearchContract,
        BadSearchContract,
        IteratorContract,
        HybridSearchContract,
        VectorTypesContract,
        SparseSearchContract,
        TextSearchContract,
        TextMatchContract,
        JobsContract,
        DurabilityContract,
        ConcurrencyContract,
        VersionContract {
  @TempDir @Nullable Path folder;
  private @Nullable Database database;

  /** A database over this folder: empty at first, with everything it kept later. */
  protected abstract Database open(Path folder);

  /** Opens it again after {@code close}; the one before is given to those that keep no files. */
  protected Database reopen(Path folder, Database closed) {
    return open(folder);
  }

  @BeforeEach
  void openDatabase() {
    database = open(java.util.Objects.requireNonNull(folder));
  }

  @AfterEach
  void closeDatabase() {
    if (database != null) {
      database.close();
    }
  }

  @Override
  public final Database database() {
    return java.util.Objects.requireNonNull(database);
  }

  @Override
  public final void reopen() {
    Database closed = database();
    closed.close();
    database = reopen(java.util.Objects.requireNonNull(folder), closed);
  }
}
