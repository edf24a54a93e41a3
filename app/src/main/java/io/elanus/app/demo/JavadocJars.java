package io.elanus.app.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** Passages of the class pages in a folder of javadoc jars: descriptions, and what methods do. */
final class JavadocJars {
  private JavadocJars() {}

  /** Fewer words say hardly more than the name does. */
  private static final int METHOD_WORDS_MIN = 20;

  private static final int METHODS_MAX = 16;

  private record Page(String title, String url, String description, List<Method> methods) {}

  private record Method(String name, String text) {}

  /** At most {@code passagesMax}, the classes with the longest descriptions first. */
  static List<Passage> read(Path folder, int passagesMax) throws IOException {
    List<Path> jars = List.of();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
      }
    }
    if (jars.isEmpty()) {
      throw new IOException(
          "no documentation in " + folder + "; run ./elanus once in a checkout to fetch it");
    }
    List<Page> pages = new ArrayList<>();
    for (Path jar : jars) {
      readJar(jar, pages);
    }
    pages.sort(
        Comparator.comparingInt((Page page) -> -page.description().length())
            .thenComparing(Page::url));
    return pages.stream().flatMap(JavadocJars::passages).limit(passagesMax).toList();
  }

  private static void readJar(Path path, List<Page> pages) throws IOException {
    try (JarFile jar = new JarFile(path.toFile())) {
      for (JarEntry entry : jar.stream().filter(JavadocJars::isClassPage).toList()) {
        try (InputStream html = jar.getInputStream(entry)) {
          Document page = Jsoup.parse(html, "UTF-8", "");
          Element title = page.selectFirst("h1.title");
          Element block = page.selectFirst("section.class-description > div.block");
          if (title == null || block == null) {
            continue;
          }
          String url = path.getFileName() + "!/" + entry.getName();
          pages.add(new Page(title.text(), url, prose(block), methods(page)));
        }
      }
    }
  }

  private static List<Method> methods(Document page) {
    List<Method> methods = new ArrayList<>();
    for (Element detail : page.select("section.method-details section.detail")) {
      Element name = detail.selectFirst("h3");
      Element block = detail.selectFirst("div.block");
      if (name == null || block == null || methods.size() == METHODS_MAX) {
        continue;
      }
      String text = prose(block);
      if (text.split(" ").length >= METHOD_WORDS_MIN) {
        methods.add(new Method(name.text(), text));
      }
    }
    return methods;
  }

  /** The text without examples of code, which the model cannot read. */
  private static String prose(Element block) {
    block.select("pre").remove();
    return block.text();
  }

  private static boolean isClassPage(JarEntry entry) {
    String name = entry.getName();
    return name.endsWith(".html") && name.startsWith("org/") && !name.contains("/class-use/");
  }

  private static Stream<Passage> passages(Page page) {
    String type = page.title().replaceFirst("^.* (\\S+)$", "$1").replaceFirst("<.*", "");
    return Stream.concat(
        Passage.split(page.title(), page.url(), page.description()).stream(),
        page.methods().stream()
            .flatMap(
                method ->
                    Passage.split(
                        type + "." + method.name(), page.url() + "#method-detail", method.text())
                        .stream()));
  }
}
