package io.elanus.rag.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.rag.parse.Block;
import io.elanus.rag.parse.Extracted;
import io.elanus.rag.parse.ExtractedBuilder;
import io.elanus.rag.parse.ParseLimits;
import io.elanus.testkit.fixture.Seeds;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChunkerTest {
  private static final HashedWords EMBEDDER = new HashedWords(64, 10_000);

  private static List<Piece> cut(Extracted document, ChunkSettings settings) {
    return new Chunker(settings, EMBEDDER).cut(document);
  }

  private static List<String> texts(Extracted document, List<Piece> pieces) {
    return pieces.stream().map(p -> document.text().substring(p.start(), p.end())).toList();
  }

  private static Extracted prose(String... paragraphs) {
    ExtractedBuilder builder = new ExtractedBuilder(ParseLimits.DEFAULT);
    for (String paragraph : paragraphs) {
      builder.add(Block.Kind.PARAGRAPH, 0, paragraph);
    }
    return builder.build();
  }

  /** What holds for every chunker and every document. */
  private static void check(Extracted document, ChunkSettings settings) {
    String text = document.text();
    List<Piece> pieces = cut(document, settings);
    int covered = 0;
    int before = -1;
    for (Piece piece : pieces) {
      assertThat(piece.start()).as("in order").isGreaterThan(before);
      assertThat(piece.end()).as("further than before").isGreaterThan(covered);
      before = piece.start();
      if (piece.start() > covered) {
        assertThat(text.substring(covered, piece.start())).as("left out").isBlank();
      }
      covered = piece.end();
      String content = text.substring(piece.start(), piece.end());
      assertThat(EMBEDDER.tokens().count(content))
          .as("tokens of %s", piece)
          .isBetween(1, settings.tokens());
      assertThat(content.length()).isLessThanOrEqualTo(21_800);
      assertThat(content).isEqualTo(content.strip());
      assertThat(Character.isLowSurrogate(content.charAt(0))).isFalse();
      assertThat(Character.isHighSurrogate(content.charAt(content.length() - 1))).isFalse();
    }
    assertThat(text.substring(covered)).as("left out at the end").isBlank();
  }

  @ParameterizedTest
  @EnumSource(ChunkSettings.Kind.class)
  void everyDocumentIsCovered(ChunkSettings.Kind kind) {
    RandomGenerator random = new SplittableRandom(Seeds.seed(20261121));
    for (int n = 0; n < 40; n++) {
      Extracted document = RandomDocument.make(random);
      int tokens = 16 + random.nextInt(120);
      check(document, new ChunkSettings(kind, tokens, random.nextInt(tokens / 2 + 1), 90));
    }
  }

  @ParameterizedTest
  @EnumSource(ChunkSettings.Kind.class)
  void oddDocumentsAreCovered(ChunkSettings.Kind kind) {
    ChunkSettings settings = ChunkSettings.of(kind, 32);
    assertThat(cut(new Extracted("", "", List.of()), settings)).isEmpty();
    check(prose("a"), settings);
    check(prose("x".repeat(300_000)), settings);
    check(prose("\ud83d\ude00".repeat(5_000)), settings);
    check(prose("a\ud83d\ude00".repeat(5_001)), settings);
    check(prose("\u6f22\u5b57\u3002".repeat(3_000)), settings);
    check(prose("a" + " ".repeat(20_000) + "b"), settings);
    check(prose(". ".repeat(3_000), ") ".repeat(1_000)), settings);
    check(prose("no end of a sentence ".repeat(10_000)), settings);
  }

  @Test
  void windowsOverlapByTokens() {
    Extracted document =
        prose("w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11 w12 w13 w14 w15 w16 w17 w18 w19 w20");
    List<Piece> pieces = cut(document, new ChunkSettings(ChunkSettings.Kind.FIXED, 16, 4, 95));
    assertThat(texts(document, pieces))
        .containsExactly(
            "w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11 w12 w13 w14 w15 w16",
            "w13 w14 w15 w16 w17 w18 w19 w20");
  }

  @Test
  void sentencesStayWhole() {
    Extracted document =
        prose("One two three. Four five six seven eight. Nine ten.", "Eleven twelve thirteen.");
    List<Piece> pieces = cut(document, new ChunkSettings(ChunkSettings.Kind.SENTENCE, 16, 0, 95));
    assertThat(texts(document, pieces))
        .containsExactly(
            "One two three. Four five six seven eight. Nine ten.", "Eleven twelve thirteen.");
  }

  @Test
  void sectionsBeginAtTheirHeadings() {
    ExtractedBuilder builder = new ExtractedBuilder(ParseLimits.DEFAULT);
    builder.add(Block.Kind.HEADING, 1, "Guide");
    builder.add(Block.Kind.HEADING, 2, "Start");
    builder.add(Block.Kind.PARAGRAPH, 0, "Install it and run it now. Then look at what it says.");
    builder.add(Block.Kind.CODE, 0, "run\n  it");
    builder.add(Block.Kind.HEADING, 2, "Stop");
    builder.add(Block.Kind.PARAGRAPH, 0, "Press a key.");
    Extracted document = builder.build();
    List<Piece> pieces = cut(document, new ChunkSettings(ChunkSettings.Kind.HEADING, 60, 0, 95));
    assertThat(texts(document, pieces))
        .containsExactly(
            "Guide\n\nStart\n\nInstall it and run it now. Then look at what it says.\n\nrun\n  it",
            "Stop\n\nPress a key.");
    assertThat(pieces.stream().map(Piece::heading).toList())
        .containsExactly("Guide > Start", "Guide > Stop");
  }

  @Test
  void aTextIsPartedWhereItTurns() {
    Extracted document =
        prose(
            "The cat sleeps on the mat. The cat eats on the mat. The cat plays on the mat."
                + " The cat purrs on the mat. Stocks fell in London trading. Stocks rose in London"
                + " trading. Stocks closed in London trading. Stocks opened in London trading.");
    List<Piece> pieces = cut(document, new ChunkSettings(ChunkSettings.Kind.SEMANTIC, 400, 0, 90));
    assertThat(texts(document, pieces)).hasSize(2);
    assertThat(texts(document, pieces).getFirst()).endsWith("mat.");
    assertThat(texts(document, pieces).getLast()).startsWith("Stocks");
  }

  @Test
  void anEditInASectionLeavesTheOthers() {
    RandomGenerator random = new SplittableRandom(Seeds.seed(20261121));
    ExtractedBuilder before = new ExtractedBuilder(ParseLimits.DEFAULT);
    ExtractedBuilder after = new ExtractedBuilder(ParseLimits.DEFAULT);
    for (int section = 0; section < 20; section++) {
      String heading = "Section " + section;
      String body = RandomDocument.words(random, 100);
      before.add(Block.Kind.HEADING, 1, heading);
      after.add(Block.Kind.HEADING, 1, heading);
      before.add(Block.Kind.PARAGRAPH, 0, body);
      after.add(Block.Kind.PARAGRAPH, 0, section == 7 ? "Something new. " + body : body);
    }
    ChunkSettings settings = ChunkSettings.of(ChunkSettings.Kind.HEADING, 64);
    List<String> old = texts(before.build(), cut(before.build(), settings));
    List<String> now = texts(after.build(), cut(after.build(), settings));
    assertThat(now.stream().filter(chunk -> !old.contains(chunk)).count())
        .isBetween(1L, (long) now.size() / 10);
  }

  @Test
  void settingsAreBounded() {
    assertThat(ChunkSettings.of(ChunkSettings.Kind.HEADING, 500).within(254).tokens())
        .isEqualTo(254);
    assertThat(ChunkSettings.of(ChunkSettings.Kind.HEADING, 100).within(254).tokens())
        .isEqualTo(100);
    assertThatThrownBy(() -> ChunkSettings.Kind.named("clever"))
        .hasMessageContaining("clever")
        .hasMessageContaining("heading");
    assertThatThrownBy(() -> new ChunkSettings(ChunkSettings.Kind.FIXED, 5, 0, 95))
        .hasMessageContaining("from 16 to 8192");
    assertThatThrownBy(() -> new ChunkSettings(ChunkSettings.Kind.FIXED, 100, 60, 95))
        .hasMessageContaining("at most 50");
  }
}
