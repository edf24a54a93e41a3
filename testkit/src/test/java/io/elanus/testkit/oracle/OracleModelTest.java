package io.elanus.testkit.oracle;

import io.elanus.model.Database;
import io.elanus.testkit.contract.DatabaseModelContract;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** Two oracles agree, which shows that the workload does what it says. */
class OracleModelTest extends DatabaseModelContract {
  private final Map<Path, OracleDatabase> opened = new HashMap<>();

  @Override
  protected Database open(Path folder, int run) {
    return opened.merge(
        folder, new OracleDatabase(InstantSource.system()), (before, fresh) -> before.reopened());
  }
}
