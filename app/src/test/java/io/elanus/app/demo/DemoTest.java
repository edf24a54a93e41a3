package io.elanus.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
  @TempDir Path folder;

  @Test
  void classPagesBecomeDocumentsTheLongestFirst() throws IOException {
    String page =
        "<h1 class=\"title\">Class %s</h1><section class=\"class-description\"><div class=\"block\">%s"
            + "<pre>code</pre></div></section><section class=\"method-details\"><section class=\"detail\">"
            + "<h3>go</h3><div class=\"block\">%s</div></section></section>";
    String method = "does one thing after another until nothing is left ".repeat(3);
    try (ZipOutputStream jar =
        new ZipOutputStream(Files.newOutputStream(folder.resolve("a-javadoc.jar")))) {
      add(jar, "org/x/Short.html", page.formatted("Short", "Small.", "Too short to tell."));
      add(jar, "org/x/Long.html", page.formatted("Long", "A long description.", method));
      add(jar, "org/x/class-use/Long.html", page.formatted("Use", "Not one.", method));
      add(jar, "index.html", "<p>no class</p>");
    }
    List<JavadocJars.Page> pages = JavadocJars.read(folder, 10);
    assertThat(pages)
        .extracting(JavadocJars.Page::source)
        .containsExactly("a-javadoc.jar!/org/x/Long.html", "a-javadoc.jar!/org/x/Short.html");
    assertThat(pages.getFirst().markdown())
        .isEqualTo("# Class Long\n\nA long description.\n\n## go\n\n" + method.strip() + "\n");
    assertThat(pages.getLast().markdown()).isEqualTo("# Class Short\n\nSmall.\n");
    assertThat(JavadocJars.read(folder, 1)).hasSize(1);
  }

  @Test
  void aFolderWithoutDocumentationIsTold() {
    assertThatThrownBy(() -> JavadocJars.read(folder, 1)).hasMessageContaining("no documentation");
  }

  private static void add(ZipOutputStream jar, String name, String html) throws IOException {
    jar.putNextEntry(new ZipEntry(name));
    jar.write(html.getBytes(StandardCharsets.UTF_8));
  }
}
