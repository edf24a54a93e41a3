package io.elanus.testkit.oracle;

import io.elanus.model.Database;
import io.elanus.testkit.contract.DatabaseContract;
import java.nio.file.Path;
import java.time.InstantSource;

/** The oracle keeps the contract that others are held to. */
class OracleDatabaseTest extends DatabaseContract {
  @Override
  protected Database open(Path folder) {
    return new OracleDatabase(InstantSource.system());
  }

  @Override
  protected Database reopen(Path folder, Database closed) {
    return ((OracleDatabase) closed).reopened();
  }
}
