package io.elanus.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeletionsTest {
  private final Deletions deletions = new Deletions();

  @Test
  void whatIsLeftIsMadeOnceUntilMoreIsDeleted() {
    deletions.delete(3, 10);
    Deletions.Left first = deletions.left(null, 100, 10);
    assertThat(first).isNotNull();
    assertThat(first.rows().cardinality()).isEqualTo(99);
    assertThat(deletions.left(first, 100, 12)).isSameAs(first);
    deletions.delete(4, 13);
    assertThat(deletions.left(first, 100, 12)).as("a state of the past").isNull();
    Deletions.Left second = deletions.left(first, 100, 13);
    assertThat(second).isNotNull().isNotSameAs(first);
    assertThat(second.rows().cardinality()).isEqualTo(98);
  }

  @Test
  void aRowThatIsDeletedTwiceChangesNothing() {
    deletions.delete(3, 10);
    Deletions.Left first = deletions.left(null, 100, 10);
    assertThat(deletions.delete(3, 20)).isFalse();
    assertThat(deletions.left(first, 100, 10)).isSameAs(first);
  }
}
