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

/** Passages of the class pages in a folder of javadoc jars: descriptions and method summaries. */
final class JavadocJars {
  private JavadocJars() {}

  private record Page(String title, String url, String description, String methods) {}

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
          String methods = page.select("section.method-summary div.col-last div.block").text();
          String url = path.getFileName() + "!/" + entry.getName();
          pages.add(new Page(title.text(), url, block.text(), methods));
        }
      }
    }
  }

  private static boolean isClassPage(JarEntry entry) {
    String name = entry.getName();
    return name.endsWith(".html") && name.startsWith("org/") && !name.contains("/class-use/");
  }

  private static Stream<Passage> passages(Page page) {
    return Stream.concat(
        Passage.split(page.title(), page.url(), page.description()).stream(),
        Passage.split(page.title(), page.url() + "#method-summary", page.methods()).stream());
  }
}
