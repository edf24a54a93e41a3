package io.elanus.extract.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.rag.parse.Block;
import io.elanus.rag.parse.ChildExtractor;
import io.elanus.rag.parse.Extracted;
import io.elanus.rag.parse.ParseLimits;
import io.elanus.rag.parse.ParserJvm;
import io.elanus.rag.parse.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Documents that mean harm, each to a real child: it costs itself a sentence, and the one after it
 * is read.
 */
class HostileDocumentsTest {
  private static final ParseLimits LIMITS =
      new ParseLimits(40 << 20, 4 << 20, 100_000, 500, Duration.ofSeconds(20));

  @TempDir Path scratch;
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private ExecutorService executor;
  private ChildExtractor extractor;

  @BeforeEach
  void start() {
    executor = Executors.newVirtualThreadPerTaskExecutor();
    extractor = extractor(LIMITS, 96);
  }

  private ChildExtractor extractor(ParseLimits limits, int heapMebibytes) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return new ChildExtractor(
        new ParserJvm(java, System.getProperty("java.class.path"), scratch, heapMebibytes),
        limits,
        1,
        Duration.ofMinutes(1),
        executor,
        now::get);
  }

  @AfterEach
  void stop() {
    extractor.close();
    executor.shutdownNow();
  }

  private Extracted read(String name, byte[] content) {
    return extractor.extract(new Source(name, "", content));
  }

  private Extracted read(String name, String content) {
    return read(name, content.getBytes(StandardCharsets.UTF_8));
  }

  /** The same child, or another where the hostile one cost it. */
  private void theNextIsRead() {
    assertThat(read("next.html", "<h1>After</h1><p>all is well").text())
        .isEqualTo("After\n\nall is well");
  }

  private void refuses(String name, byte[] content, String sentence) {
    long before = extractor.ended();
    assertThatThrownBy(() -> read(name, content)).hasMessageContaining(sentence);
    assertThat(extractor.ended()).as("a refusal, not a death").isEqualTo(before);
    theNextIsRead();
  }

  private void diesOf(String name, byte[] content, String sentence) throws IOException {
    long before = extractor.ended();
    assertThatThrownBy(() -> read(name, content)).hasMessageContaining(sentence);
    assertThat(extractor.ended()).as("the child was ended").isEqualTo(before + 1);
    try (Stream<Path> left = Files.list(scratch)) {
      assertThat(left).as("what the child left").isEmpty();
    }
    theNextIsRead();
  }

  @Test
  void goodOnesOfEachFormatAreRead() throws IOException {
    Extracted word = read("a.docx", Bad.docx(Bad.WORD_PARAGRAPHS));
    assertThat(word.text()).isEqualTo("Chapter one\n\nThe first words.");
    assertThat(word.blocks().getFirst().kind()).isEqualTo(Block.Kind.HEADING);
    assertThat(word.blocks().getFirst().level()).isEqualTo(1);

    Extracted pdf = read("a.pdf", Bad.pdf("Words on a page"));
    assertThat(pdf.text()).contains("Words on a page");
    assertThat(read("data.xml", "<?xml version=\"1.0\"?><a><b>inside</b></a>").text())
        .contains("inside");
    assertThat(read("letter.rtf", "{\\rtf1\\ansi Dear friend\\par}").text())
        .contains("Dear friend");
    assertThat(extractor.ended()).isZero();
  }

  @Test
  void aBombOfADocumentIsStopped() throws IOException {
    // 60 MB of one letter in a few hundred kB.
    byte[] bomb =
        Bad.docx(
            out -> Bad.repeat(out, "<w:p><w:r><w:t>aaaaaaaaaaaaaaaa</w:t></w:r></w:p>", 1_200_000));
    assertThat(bomb.length).isLessThan(1 << 20);
    long before = extractor.ended();
    assertThatThrownBy(() -> read("bomb.docx", bomb))
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .containsAnyOf(
                        "bomb", "more than 4194304 characters", "more memory", "no sound file"));
    assertThat(extractor.ended()).isBetween(before, before + 1);
    theNextIsRead();
  }

  @Test
  void entitiesThatMultiplyAreRefused() {
    StringBuilder laughs =
        new StringBuilder("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY l0 \"ha\">");
    for (int i = 1; i < 12; i++) {
      laughs.append("<!ENTITY l%d \"%s\">".formatted(i, ("&l" + (i - 1) + ";").repeat(10)));
    }
    laughs.append("]><a>&l11;</a>");
    refuses("laughs.xml", laughs.toString().getBytes(StandardCharsets.UTF_8), "no sound file");
  }

  @Test
  void entitiesThatNameFilesAreNotFollowed() throws IOException {
    Path secret = Files.writeString(scratch.resolveSibling("secret.txt"), "the secret");
    String xml =
        "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY f SYSTEM \"%s\">]><a>x &f; y</a>"
            .formatted(secret.toUri());
    try {
      assertThat(read("file.xml", xml).text()).doesNotContain("secret");
    } catch (RuntimeException e) {
      assertThat(e).hasMessageContaining("no sound file");
    }
    theNextIsRead();
  }

  @Test
  void whatNestsTooDeepIsRefused() {
    refuses(
        "deep.html",
        "<div>".repeat(200_000).getBytes(StandardCharsets.UTF_8),
        "nested more than 500 deep");
    refuses("deep.md", ">".repeat(100_000).getBytes(StandardCharsets.UTF_8), "deep");
    refuses(
        "deep.xml",
        ("<?xml version=\"1.0\"?>" + "<a>".repeat(100_000) + "</a>".repeat(100_000))
            .getBytes(StandardCharsets.UTF_8),
        "");
    refuses("deep.pdf", Bad.nestedPdf(200_000), "");
  }

  @Test
  void aLineOfAHundredMegabytesIsRefused() {
    byte[] line = new byte[100 << 20];
    Arrays.fill(line, (byte) 'a');
    refuses("line.txt", line, "104857600 bytes");
    refuses("line.html", Arrays.copyOf(line, 8 << 20), "more than 4194304 characters");
  }

  @Test
  void whatNeedsTooMuchMemoryEndsItsChild() throws IOException {
    // Each of these becomes an object of a few hundred bytes.
    diesOf(
        "fat.html",
        "<b>x".repeat(6_000_000).getBytes(StandardCharsets.UTF_8),
        "more memory than one document may take");
  }

  @Test
  void whatTakesTooLongIsStopped() throws IOException {
    theNextIsRead();
    try (ChildExtractor hasty =
        extractor(new ParseLimits(40 << 20, 4 << 20, 100_000, 500, Duration.ofMillis(1)), 96)) {
      assertThatThrownBy(
              () ->
                  hasty.extract(
                      new Source(
                          "slow.html",
                          "",
                          "<p>word ".repeat(300_000).getBytes(StandardCharsets.UTF_8))))
          .hasMessageContaining("took longer than");
      assertThat(hasty.ended()).isEqualTo(1);
    }
    theNextIsRead();
  }

  @Test
  void theNextChildStartsWhereOneIsGone() {
    theNextIsRead();
    ProcessHandle child = children().findFirst().orElseThrow();
    child.destroyForcibly();
    child.onExit().join();
    theNextIsRead();
    assertThat(extractor.ended()).isEqualTo(1);
  }

  @Test
  void idleChildrenAreEnded() {
    theNextIsRead();
    assertThat(children()).hasSize(1);
    extractor.endIdle();
    assertThat(children()).as("used a moment ago").hasSize(1);
    now.set(now.get().plus(Duration.ofMinutes(2)));
    extractor.endIdle();
    assertThat(children()).isEmpty();
    theNextIsRead();
    extractor.close();
    assertThat(children()).isEmpty();
  }

  private static Stream<ProcessHandle> children() {
    return ProcessHandle.current()
        .children()
        .filter(p -> p.info().command().orElse("").endsWith("java"));
  }
}
