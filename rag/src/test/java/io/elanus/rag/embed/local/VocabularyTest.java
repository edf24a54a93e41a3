package io.elanus.rag.embed.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class VocabularyTest {
  private static Vocabulary vocabulary;

  @BeforeAll
  static void load() {
    vocabulary = Vocabulary.boxed();
  }

  @AfterAll
  static void unload() {
    vocabulary.close();
  }

  private static List<String> pieces(String text) {
    int[] offsets = vocabulary.offsets(text);
    List<String> pieces = new ArrayList<>();
    for (int i = 0; i < offsets.length; i += 2) {
      pieces.add(text.substring(offsets[i], offsets[i + 1]));
    }
    return pieces;
  }

  @Test
  void offsetsAreThoseOfJavaStrings() {
    assertThat(pieces("Hello, world!")).containsExactly("Hello", ",", "world", "!");
    assertThat(pieces("unaffable Ångström")).containsExactly("una", "ffa", "ble", "Ång", "ström");
    // Outside of the basic plane each character has two units.
    assertThat(pieces("𝐀😀 cat 𠜎 dog")).endsWith("cat", "𠜎", "dog");
    assertThat(pieces("中文 text")).containsExactly("中", "文", "text");
    assertThat(pieces("")).isEmpty();
  }

  @Test
  void countIsOneTokenPerOffsetAndWithoutEnds() {
    for (String text : List.of("", "a", "Hello, world!", "😀😀", "naïve café")) {
      assertThat(vocabulary.count(text)).as(text).isEqualTo(vocabulary.offsets(text).length / 2);
    }
    assertThat(vocabulary.count("hello")).isEqualTo(1);
    assertThat(vocabulary.added()).isEqualTo(2);
  }

  @Test
  void longTextsAreTakenByWindowsWithoutASeam() {
    Random random = new Random(11);
    String[] words = {"boundary", "layer", "😀", "naïve", "中文", "supersonic", "x", ",", "\n"};
    StringBuilder text = new StringBuilder();
    List<String> expected = new ArrayList<>();
    while (text.length() < 100_000) {
      String word = words[random.nextInt(words.length)];
      expected.addAll(pieces(word));
      text.append(word).append(' ');
    }
    assertThat(pieces(text.toString())).isEqualTo(expected);
    assertThat(vocabulary.count(text.toString())).isEqualTo(expected.size());
  }

  @Test
  void aWallOfEmojiIsNotSplitInHalf() {
    String wall = "😀".repeat(40_000);
    int[] offsets = vocabulary.offsets("a" + wall);
    for (int i = 0; i < offsets.length; i++) {
      assertThat(offsets[i] == 0 || offsets[i] % 2 == 1).isTrue();
    }
    assertThat(offsets[offsets.length - 1]).isEqualTo(1 + wall.length());
  }

  @Test
  void cutTextsKeepTheirEnds() {
    Encoded whole = vocabulary.encode("one two three four five six seven eight", 64);
    assertThat(whole.cut()).isFalse();
    assertThat(whole.ids()).hasSize(10).startsWith(101).endsWith(102);
    Encoded cut = vocabulary.encode("one two three four five six seven eight", 8);
    assertThat(cut.cut()).isTrue();
    assertThat(cut.ids()).hasSize(8).startsWith(101).endsWith(102);
    for (int i = 0; i < 7; i++) {
      assertThat(cut.ids()[i]).isEqualTo(whole.ids()[i]);
    }
    // One word beyond any window is one token: the text behind it is still reached.
    String endless = "x".repeat(50_000) + " cat";
    assertThat(vocabulary.encode(endless, 64).cut()).isFalse();
    assertThat(vocabulary.encode("word ".repeat(50_000), 64).ids()).hasSize(64).endsWith(102);
  }
}
