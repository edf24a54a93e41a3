package io.elanus.extract.markup;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.parse.Block;
import io.elanus.rag.parse.ChildFrames;
import io.elanus.rag.parse.Extracted;
import io.elanus.rag.parse.ParseLimits;
import io.elanus.rag.parse.Source;
import io.elanus.testkit.damage.Edits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Whatever a page or a child says: a document within its limits, or a sentence. */
class MarkupFuzzTest {
  private static final ParseLimits LIMITS =
      new ParseLimits(1 << 20, 20_000, 500, 100, Duration.ofSeconds(10));

  private static final byte[] PAGE =
      """
      <!doctype html><html><head><title>T</title></head><body><nav>n</nav><h1>One</h1><p>a<b>b</b>
      <ul><li>x<ul><li>y</ul></ul><table><tr><td>1<td>2</table><pre> c
       d</pre><h2>Two</h2>z&amp;&#x1F600;<br>w</body></html>"""
          .getBytes(StandardCharsets.UTF_8);

  private static final byte[] TEXT =
      """
      ---
      title: T
      ---
      # One
      a *b* `c` [d](e) <i>f</i>

      - x
        - y

      | k | v |
      |---|---|
      | 1 | 2 |

      > quote

      ```
      code
      ```
      <div>html</div>
      """
          .getBytes(StandardCharsets.UTF_8);

  /** A read of something. */
  private interface Read {
    Extracted run() throws IOException;
  }

  private static void check(Read read) {
    Extracted extracted;
    try {
      extracted = read.run();
    } catch (ElanusException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
      return;
    } catch (IOException e) {
      return;
    }
    String text = extracted.text();
    assertThat(text.length()).isLessThanOrEqualTo(LIMITS.textCharsMax());
    assertThat(extracted.blocks().size()).isLessThanOrEqualTo(LIMITS.blocksMax());
    int from = 0;
    for (Block block : extracted.blocks()) {
      assertThat(block.start()).isGreaterThanOrEqualTo(from);
      assertThat(block.end()).isGreaterThan(block.start()).isLessThanOrEqualTo(text.length());
      assertThat(block.kind() == Block.Kind.HEADING).isEqualTo(block.level() > 0);
      from = block.end();
    }
  }

  @FuzzTest
  void anyPage(byte[] input) {
    check(() -> HtmlReader.read(input, "", LIMITS));
  }

  @FuzzTest
  void editedPage(byte[] input) {
    check(() -> HtmlReader.read(Edits.apply(PAGE, input), "text/html; charset=utf-8", LIMITS));
  }

  @FuzzTest
  void anyMarkdown(byte[] input) {
    check(() -> MarkdownReader.read(input, LIMITS));
  }

  @FuzzTest
  void editedMarkdown(byte[] input) {
    check(() -> MarkdownReader.read(Edits.apply(TEXT, input), LIMITS));
  }

  /** A child that was taken over says what it likes. */
  @FuzzTest
  void editedReply(byte[] input) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ChildFrames.writeDocument(
        new DataOutputStream(bytes),
        new Extracted(
            "title",
            "Head\n\nSome text.",
            List.of(
                new Block(Block.Kind.HEADING, 1, 0, 4),
                new Block(Block.Kind.PARAGRAPH, 0, 6, 16))));
    byte[] edited = Edits.apply(bytes.toByteArray(), input);
    check(
        () -> ChildFrames.readReply(new DataInputStream(new ByteArrayInputStream(edited)), LIMITS));
  }

  /** What a parent would send, edited: the child reads it or ends. */
  @FuzzTest
  void editedRequest(byte[] input) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ChildFrames.writeRequest(
        new DataOutputStream(bytes), new Source("a.html", "text/html", PAGE), LIMITS);
    byte[] edited = Edits.apply(bytes.toByteArray(), input);
    check(
        () -> {
          ChildFrames.Asked asked =
              ChildFrames.readRequest(
                  new DataInputStream(new ByteArrayInputStream(edited)), 1 << 20);
          return HtmlReader.read(asked.source().content(), "", LIMITS);
        });
  }
}
