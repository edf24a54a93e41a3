package io.elanus.rag.chunk;

import io.elanus.rag.parse.Block;
import io.elanus.rag.parse.Extracted;
import io.elanus.rag.parse.ExtractedBuilder;
import io.elanus.rag.parse.ParseLimits;
import java.util.random.RandomGenerator;

/** Documents of all kinds of blocks, scripts, and lengths of words. */
final class RandomDocument {
  private static final Block.Kind[] KINDS = Block.Kind.values();

  private RandomDocument() {}

  static Extracted make(RandomGenerator random) {
    ExtractedBuilder builder = new ExtractedBuilder(ParseLimits.DEFAULT);
    int blocks = random.nextInt(30);
    for (int i = 0; i < blocks; i++) {
      Block.Kind kind = KINDS[random.nextInt(KINDS.length)];
      int words = kind == Block.Kind.HEADING ? 1 + random.nextInt(8) : 1 << random.nextInt(9);
      boolean heading = kind == Block.Kind.HEADING;
      builder.add(kind, heading ? 1 + random.nextInt(6) : 0, words(random, words));
    }
    return builder.build();
  }

  static String words(RandomGenerator random, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      int length = random.nextInt(40) == 0 ? random.nextInt(400) : 1 + random.nextInt(9);
      int script = random.nextInt(12);
      for (int c = 0; c < length; c++) {
        text.appendCodePoint(
            switch (script) {
              case 0 -> 0x4e00 + random.nextInt(500);
              case 1 -> 0x1f600 + random.nextInt(40);
              default -> 'a' + random.nextInt(26);
            });
      }
      text.append(
          switch (random.nextInt(10)) {
            case 0 -> ". ";
            case 1 -> "\n";
            case 2 -> "! ";
            default -> " ";
          });
    }
    return text.toString();
  }
}
