package io.elanus.engine.database;

import io.elanus.engine.write.WriteConfig;
import io.elanus.model.Database;
import io.elanus.testkit.contract.DatabaseModelContract;
import java.nio.file.Path;

/** Random operations with segments so small that they are sealed, indexed and merged all along. */
class LocalModelTest extends DatabaseModelContract {
  @Override
  protected Database open(Path folder) {
    return FolderDatabase.open(folder, new WriteConfig(1 << 20, 64, 16, 100_000, 3, 3));
  }
}
