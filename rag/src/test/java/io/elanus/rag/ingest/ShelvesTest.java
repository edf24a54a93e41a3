package io.elanus.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShelvesTest {
  private final MemoryDocuments documents = new MemoryDocuments();
  private final Shelves shelves = new Shelves(documents);

  private final List<Long> removed = new ArrayList<>();

  @Test
  void documentsGoWithTheLastCollectionThatHasThem() {
    shelves.share(7, 7);
    shelves.share(7, 8);
    shelves.share(71, 71);
    shelves.dropped(7, removed::add);
    // Told again after a crash: they are still those of 8.
    shelves.dropped(7, removed::add);
    shelves.share(7, 9);
    shelves.dropped(8, removed::add);
    assertThat(removed).isEmpty();
    shelves.dropped(9, removed::add);
    assertThat(removed).containsExactly(7L);
    shelves.dropped(5, removed::add);
    assertThat(removed).containsExactly(7L, 5L);
    assertThat(documents.all).hasSize(1);
  }

  @Test
  void aRemovalThatFailedIsDoneAgain() {
    shelves.share(7, 7);
    shelves.share(7, 8);
    shelves.dropped(7, removed::add);
    assertThatThrownBy(
            () ->
                shelves.dropped(
                    8,
                    shelf -> {
                      throw new IllegalStateException("the disk is full");
                    }))
        .hasMessage("the disk is full");
    shelves.dropped(8, removed::add);
    assertThat(removed).containsExactly(7L);
  }

  @Test
  void aCollectionFindsItsShelfAndAShelfItsCollections() {
    shelves.share(7, 7);
    shelves.share(7, 8);
    assertThat(shelves.of(Set.of(8L, 20L))).containsExactlyInAnyOrder(7L, 8L, 20L);
    assertThat(shelves.collectionsOn(7)).containsExactly(7L, 8L);
    assertThat(shelves.collectionsOn(3)).containsExactly(3L);
    assertThat(Shelves.Place.of("shelf/7/8")).contains(new Shelves.Place(7, 8));
    assertThat(Shelves.Place.of("shelf/7/x")).isEmpty();
  }
}
