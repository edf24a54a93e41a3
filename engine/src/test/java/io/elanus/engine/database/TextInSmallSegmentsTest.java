package io.elanus.engine.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.engine.write.WriteConfig;
import io.elanus.model.Database;
import io.elanus.model.info.SegmentInfo;
import io.elanus.testkit.contract.rows.TextMatchContract;
import io.elanus.testkit.contract.search.TextSearchContract;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the contract says of texts, with segments so small that they are sealed, indexed and merged
 * all along; the contract's own collections are too small for an index elsewhere.
 */
class TextInSmallSegmentsTest implements TextSearchContract, TextMatchContract {
  private static final WriteConfig SMALL = new WriteConfig(1 << 20, 24, 2, 100_000, 3, 3);

  @TempDir @Nullable Path folder;
  private @Nullable Database database;
  private boolean indexed;

  @BeforeEach
  void openDatabase() {
    database = FolderDatabase.open(Objects.requireNonNull(folder), SMALL);
  }

  @AfterEach
  void closeDatabase() {
    database().close();
  }

  @Override
  public Database database() {
    return Objects.requireNonNull(database);
  }

  @Override
  public void reopen() {
    database().close();
    openDatabase();
  }

  /** The contract's collections, watched: a run in which nothing was ever indexed shows nothing. */
  @Test
  @Override
  public void randomTextsScoreAsTheOracleSays() {
    TextSearchContract.super.randomTextsScoreAsTheOracleSays();
    long end = System.nanoTime() + 20_000_000_000L;
    while (!indexed && System.nanoTime() < end) {
      List<SegmentInfo> segments = database().collections().segments(ME, "c");
      indexed = segments.stream().anyMatch(s -> s.state() == SegmentInfo.State.INDEXED);
      Thread.onSpinWait();
    }
    assertThat(indexed).isTrue();
  }
}
