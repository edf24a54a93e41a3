package io.elanus.rag.chunk;

import io.elanus.rag.knowledge.KnowledgeSchema;
import io.elanus.rag.parse.Block;
import io.elanus.rag.parse.Extracted;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** Which headings stand above each block; a heading stands above itself. */
final class Headings {
  private static final int HEADING_CHARS_MAX = 200;

  private final List<Block> blocks;
  private final List<String> paths = new ArrayList<>();

  private record Open(int level, String text) {}

  Headings(Extracted document) {
    blocks = document.blocks();
    Deque<Open> open = new ArrayDeque<>();
    String path = "";
    for (Block block : blocks) {
      if (block.kind() == Block.Kind.HEADING) {
        while (!open.isEmpty() && open.peekLast().level >= block.level()) {
          open.removeLast();
        }
        String text = document.text().substring(block.start(), block.end());
        open.addLast(new Open(block.level(), cut(text.replace('\n', ' '), HEADING_CHARS_MAX)));
        path = path(open);
      }
      paths.add(path);
    }
  }

  /** Inner ones stay where not all of them fit. */
  private static String path(Deque<Open> open) {
    String path = "";
    for (Iterator<Open> each = open.descendingIterator(); each.hasNext(); ) {
      String text = each.next().text;
      String longer = path.isEmpty() ? text : text + " > " + path;
      if (longer.getBytes(StandardCharsets.UTF_8).length > KnowledgeSchema.TITLE_BYTES_MAX) {
        break;
      }
      path = longer;
    }
    return path;
  }

  private static String cut(String text, int charsMax) {
    if (text.length() <= charsMax) {
      return text;
    }
    boolean half = Character.isHighSurrogate(text.charAt(charsMax - 1));
    return text.substring(0, half ? charsMax - 1 : charsMax);
  }

  String ofBlock(int block) {
    return paths.get(block);
  }

  /** Above the block in which this character lies, or after which it does. */
  String at(int offset) {
    int low = 0;
    int high = blocks.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (blocks.get(middle).start() <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return paths.isEmpty() ? "" : paths.get(low);
  }
}
