package io.elanus.rag.embed.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.rag.embed.local.LocalEmbedder.Placed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchesTest {
  @Test
  void everyTextIsInOneBatchAndPaddingStaysSmall() {
    Random random = new Random(3);
    List<Placed> texts = new ArrayList<>();
    long tokens = 0;
    for (int i = 0; i < 1000; i++) {
      int length = 3 + random.nextInt(250);
      tokens += length;
      texts.add(new Placed(i, new Encoded(new long[length], new long[length], false)));
    }
    List<List<Placed>> batches = Batches.of(texts);
    assertThat(batches.stream().flatMap(List::stream).map(Placed::index))
        .hasSize(1000)
        .doesNotHaveDuplicates();
    long padded = 0;
    for (List<Placed> batch : batches) {
      assertThat(batch).hasSizeBetween(1, 8);
      padded += (long) batch.size() * batch.getFirst().encoded().length();
    }
    assertThat(padded).isLessThan(tokens * 102 / 100);
  }
}
