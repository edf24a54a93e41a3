package io.elanus.rag.chunk;

import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.Tokens;
import io.elanus.rag.parse.Block;
import io.elanus.rag.parse.Extracted;
import java.util.ArrayList;
import java.util.List;

/** Cuts documents. Safe for many threads. */
public final class Chunker {
  /** A section of less than this share of a chunk goes with the deeper one after it. */
  private static final int SMALL_SHARE = 8;

  private final ChunkSettings settings;
  private final Embedder embedder;

  /**
   * @param settings already {@link ChunkSettings#within} what the embedder's model reads
   * @param embedder whose tokens are counted; the semantic chunker asks it for vectors, too
   */
  public Chunker(ChunkSettings settings, Embedder embedder) {
    this.settings = settings;
    this.embedder = embedder;
  }

  /** In the text's order; none for a document without text. */
  public List<Piece> cut(Extracted document) {
    Tokens tokens = embedder.tokens();
    Units units = new Units(document.text(), tokens, settings.tokens());
    Packing packing = new Packing(units, settings.tokens(), settings.overlap());
    Headings headings = new Headings(document);
    List<Piece> pieces = new ArrayList<>();
    switch (settings.kind()) {
      case FIXED -> {
        List<Unit> words = new ArrayList<>();
        document.blocks().forEach(block -> words.addAll(units.words(block)));
        add(packing.pack(words), headings, pieces);
      }
      case SENTENCE -> add(packing.pack(all(document, units)), headings, pieces);
      case SEMANTIC -> {
        Boundaries boundaries = new Boundaries(embedder, settings.percentile());
        for (List<Unit> group : boundaries.groups(document.text(), all(document, units))) {
          add(packing.pack(group), headings, pieces);
        }
      }
      case HEADING -> sections(document, units, packing, headings, pieces);
    }
    return pieces;
  }

  private static List<Unit> all(Extracted document, Units units) {
    List<Unit> all = new ArrayList<>();
    document.blocks().forEach(block -> all.addAll(units.of(block)));
    return all;
  }

  private static void add(List<int[]> stretches, Headings headings, List<Piece> pieces) {
    for (int[] stretch : stretches) {
      pieces.add(new Piece(stretch[0], stretch[1], headings.at(stretch[0])));
    }
  }

  /** A heading begins a chunk, unless what is there so far is hardly more than headings. */
  private void sections(
      Extracted document, Units units, Packing packing, Headings headings, List<Piece> pieces) {
    List<Block> blocks = document.blocks();
    List<Unit> section = new ArrayList<>();
    int sum = 0;
    int level = 0;
    int firstBody = -1;
    for (int i = 0; i <= blocks.size(); i++) {
      boolean end = i == blocks.size();
      boolean heading = !end && blocks.get(i).kind() == Block.Kind.HEADING;
      boolean small = sum < settings.tokens() / SMALL_SHARE;
      boolean deeper = heading && level > 0 && blocks.get(i).level() > level;
      boolean goesOn = firstBody < 0 || small && deeper;
      if (!section.isEmpty() && (end || heading && !goesOn)) {
        String path = headings.ofBlock(firstBody < 0 ? i - 1 : firstBody);
        for (int[] stretch : packing.pack(section)) {
          pieces.add(new Piece(stretch[0], stretch[1], path));
        }
        section.clear();
        sum = 0;
        level = 0;
        firstBody = -1;
      }
      if (end) {
        return;
      }
      if (heading) {
        level = level == 0 ? blocks.get(i).level() : level;
      } else if (firstBody < 0) {
        firstBody = i;
      }
      for (Unit unit : units.of(blocks.get(i))) {
        section.add(unit);
        sum += unit.tokens();
      }
    }
  }
}
