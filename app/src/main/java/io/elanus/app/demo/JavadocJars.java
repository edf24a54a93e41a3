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

/**
 * The class pages in a folder of javadoc jars as documents: what each class is for, and what its
 * methods do, as Markdown.
 */
final class JavadocJars {
  private JavadocJars() {}

  /** Fewer words say hardly more than the name does. */
  private static final int METHOD_WORDS_MIN = 20;

  private static final int METHODS_MAX = 16;

  /**
   * A class.
   *
   * @param source jar and entry
   */
  record Page(String source, String title, String description, List<Method> methods) {
    String markdown() {
      StringBuilder text = new StringBuilder("# " + title + "\n\n" + description + "\n");
      for (Method method : methods) {
        text.append("\n## ").append(method.name).append("\n\n").append(method.text).append('\n');
      }
      return text.toString();
    }
  }

  record Method(String name, String text) {}

  /** At most {@code pagesMax}, the classes with the longest descriptions first. */
  static List<Page> read(Path folder, int pagesMax) throws IOException {
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
            .thenComparing(Page::source));
    return pages.stream().limit(pagesMax).toList();
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
          String source = path.getFileName() + "!/" + entry.getName();
          pages.add(new Page(source, title.text(), prose(block), methods(page)));
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
}
