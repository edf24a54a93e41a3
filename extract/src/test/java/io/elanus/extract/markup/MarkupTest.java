package io.elanus.extract.markup;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.rag.parse.Block;
import io.elanus.rag.parse.Extracted;
import io.elanus.rag.parse.ParseLimits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarkupTest {
  private static Extracted html(String page) {
    return HtmlReader.read(page.getBytes(StandardCharsets.UTF_8), "", ParseLimits.DEFAULT);
  }

  private static Extracted markdown(String text) {
    return MarkdownReader.read(text.getBytes(StandardCharsets.UTF_8), ParseLimits.DEFAULT);
  }

  private static List<String> shown(Extracted extracted) {
    return extracted.blocks().stream()
        .map(
            b ->
                b.kind()
                    + (b.level() > 0 ? " " + b.level() : "")
                    + ": "
                    + extracted.text().substring(b.start(), b.end()))
        .toList();
  }

  @Test
  void aPageBecomesBlocks() {
    Extracted page =
        html(
            """
            <html><head><title>The
              title</title><style>p {}</style></head><body><nav>Home</nav>
            <h1>One <em>thing</em></h1><p>First
            words.<p>Second&nbsp;words.<div>in a div<ul><li>a<li><p>b</p>
            <ul><li>inner</ul></ul></div>
            <table><tr><th>k<th>v<tr><td>1<td><p>2</p></table>
            <pre>  code
              more</pre><script>no</script><h2>Two</h2>end</body>""");
    assertThat(page.title()).isEqualTo("The title");
    assertThat(shown(page))
        .containsExactly(
            "HEADING 1: One thing",
            "PARAGRAPH: First words.",
            "PARAGRAPH: Second words.",
            "PARAGRAPH: in a div",
            "LIST: - a\n- b\n- inner",
            "TABLE: k | v\n1 | 2",
            "CODE:   code\n  more",
            "HEADING 2: Two",
            "PARAGRAPH: end");
  }

  @Test
  void listsForLayoutHideNoHeadings() {
    assertThat(
            shown(
                html(
                    "<ul><li>first<section><h3>method</h3><div>What it does.</div><ul><li>a<li>b</ul>"
                        + "<pre>x</pre></section><li><h3>other</h3><p>More.</ul><p>end")))
        .containsExactly(
            "LIST: - first",
            "HEADING 3: method",
            "PARAGRAPH: What it does.",
            "LIST: - a\n- b",
            "CODE: x",
            "HEADING 3: other",
            "PARAGRAPH: More.",
            "PARAGRAPH: end");
    assertThat(shown(html("<table><tr><td><h1>Page</h1><p>words<td>side</table>")))
        .containsExactly("HEADING 1: Page", "PARAGRAPH: words", "PARAGRAPH: side");
  }

  @Test
  void thePageIsItsMainPartWhereItHasOne() {
    assertThat(html("<body>around<main><p>inside</p></main>after").text()).isEqualTo("inside");
  }

  @Test
  void aCharsetThatWasSaidIsRead() {
    byte[] latin = "<p>caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(HtmlReader.read(latin, "text/html; charset=iso-8859-1", ParseLimits.DEFAULT).text())
        .isEqualTo("caf\u00e9");
  }

  @Test
  void markdownBecomesBlocks() {
    Extracted text =
        markdown(
            """
            ---
            title: Named
            ---
            # One `thing`

            First *words*
            go [on](http://x).

            > quoted

            - a
            - b
              - inner

            | k | v |
            |---|---|
            | 1 | 2 |

            ```sh
            run  it
            ```

            <details><p>html</p></details>

            Two
            ---
            end
            """);
    assertThat(text.title()).isEqualTo("Named");
    assertThat(shown(text))
        .containsExactly(
            "HEADING 1: One thing",
            "PARAGRAPH: First words go on.",
            "PARAGRAPH: quoted",
            "LIST: - a\n- b\n- inner",
            "TABLE: k | v\n1 | 2",
            "CODE: run  it",
            "PARAGRAPH: html",
            "HEADING 2: Two",
            "PARAGRAPH: end");
  }

  @Test
  void blocksLieInOrderInsideTheText() {
    Extracted page = html("<h3>a</h3><p>b\u0000c<p>\ud83d\ude00");
    assertThat(page.text()).isEqualTo("a\n\nb c\n\n\ud83d\ude00");
    int from = 0;
    for (Block block : page.blocks()) {
      assertThat(block.start()).isGreaterThanOrEqualTo(from);
      assertThat(block.end()).isGreaterThan(block.start());
      from = block.end();
    }
    assertThat(from).isEqualTo(page.text().length());
  }
}
