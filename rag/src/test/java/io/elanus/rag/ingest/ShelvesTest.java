package io.elanus.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShelvesTest {
  private final MemoryDocuments documents = new MemoryDocuments();
  private final Shelves shelves = new Shelves(documents);

  @Test
  void documentsGoWithTheLastCollectionThatHasThem() {
    shelves.share(7, 7);
    shelves.share(7, 8);
    shelves.share(71, 71);
    assertThat(shelves.dropped(7)).isEmpty();
    // Told again after a crash: they are still those of 8.
    assertThat(shelves.dropped(7)).isEmpty();
    shelves.share(7, 9);
    assertThat(shelves.dropped(8)).isEmpty();
    assertThat(shelves.dropped(9)).hasValue(7);
    assertThat(shelves.dropped(5)).hasValue(5);
    assertThat(documents.all).hasSize(1);
  }
}
