package io.elanus.rag.parse;

import java.util.List;

/**
 * A document as text.
 *
 * @param title its own; empty where it has none
 * @param text without unpaired surrogates and control characters other than line feed and tab
 * @param blocks in the text's order, not overlapping; what lies between them is blank
 */
public record Extracted(String title, String text, List<Block> blocks) {
  public Extracted {
    blocks = List.copyOf(blocks);
  }
}
