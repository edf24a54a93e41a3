package io.elanus.engine.database;

import io.elanus.engine.write.WriteConfig;
import io.elanus.model.Database;
import io.elanus.testkit.contract.DatabaseContract;
import java.nio.file.Path;

/** The local database keeps the contract. */
class LocalContractTest extends DatabaseContract {
  @Override
  protected Database open(Path folder) {
    return FolderDatabase.open(folder, WriteConfig.DEFAULT);
  }
}
