package io.elanus.testkit.contract.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.Caller;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.DatabaseInfo;
import io.elanus.testkit.contract.DatabaseUnderTest;
import io.elanus.testkit.contract.OpenCollection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Name spaces. */
public interface DatabasesContract extends DatabaseUnderTest {
  private List<String> names() {
    return database().databases().list(ME).stream().map(DatabaseInfo::name).toList();
  }

  @Test
  default void theDefaultDatabaseExistsAndStays() {
    assertThat(names()).containsExactly("default");
    refused(ErrorCode.INVALID_ARGUMENT, () -> database().databases().drop(ME, "default"));
    assertThat(names()).containsExactly("default");
  }

  @Test
  default void databasesAreListedInOrderOfCreation() {
    database().databases().create(ME, "zoo", Map.of("a", "1"));
    database().databases().create(ME, "bar", Map.of());
    assertThat(names()).containsExactly("default", "zoo", "bar");
    DatabaseInfo zoo = database().databases().describe(ME, "zoo");
    assertThat(zoo.properties()).isEqualTo(Map.of("a", "1"));
    assertThat(zoo.createdTimestamp()).isPositive();
    database().databases().drop(ME, "zoo");
    assertThat(names()).containsExactly("default", "bar");
  }

  @Test
  default void propertiesOfADatabaseAreSetAndDeleted() {
    database().databases().create(ME, "d", Map.of("a", "1", "b", "2"));
    database().databases().alter(ME, "d", Map.of("c", "3"), Set.of("a"));
    assertThat(database().databases().describe(ME, "d").properties())
        .isEqualTo(Map.of("b", "2", "c", "3"));
  }

  @Test
  default void wrongUseOfDatabasesIsRefused() {
    database().databases().create(ME, "d", Map.of());
    refused(ErrorCode.DATABASE_EXISTS, () -> database().databases().create(ME, "d", Map.of()));
    for (String bad : List.of("", "1a", "a b", "a-b", "ä", "x".repeat(256))) {
      refused(
          ErrorCode.INVALID_DATABASE_NAME, () -> database().databases().create(ME, bad, Map.of()));
    }
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> database().databases().describe(ME, "none"));
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> database().databases().drop(ME, "none"));
    refused(
        ErrorCode.DATABASE_NOT_FOUND,
        () -> database().databases().alter(ME, "none", Map.of("a", "1"), Set.of()));
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> database().collections().list(Caller.in("none")));
    assertThat(names()).containsExactly("default", "d");
  }

  @Test
  default void thereAreOnlySoManyDatabases() {
    for (int i = 1; i < 64; i++) {
      database().databases().create(ME, "d" + i, Map.of());
    }
    refused(ErrorCode.DATABASE_LIMIT, () -> database().databases().create(ME, "another", Map.of()));
    assertThat(names()).hasSize(64);
  }

  @Test
  default void collectionsOfOneNameInTwoDatabasesAreTwo() {
    database().databases().create(ME, "other", Map.of());
    Caller other = Caller.in("other");
    OpenCollection here = filled("c", 3);
    OpenCollection there =
        OpenCollection.create(
            database(),
            other,
            DatabaseUnderTest.plain("c"),
            "FLAT",
            io.elanus.model.schema.Metric.L2);
    there.insert(DatabaseUnderTest.row(9, 9, 9, 9));
    assertThat(here.keys("id >= 0")).containsExactly(0L, 1L, 2L);
    assertThat(there.keys("id >= 0")).containsExactly(9L);
    assertThat(database().collections().describe(other, "c").database()).isEqualTo("other");
    refused(ErrorCode.DATABASE_NOT_EMPTY, () -> database().databases().drop(ME, "other"));
    database().collections().drop(other, "c");
    database().databases().drop(ME, "other");
    assertThat(here.count("")).isEqualTo(3);
  }
}
