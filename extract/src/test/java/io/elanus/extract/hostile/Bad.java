package io.elanus.extract.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Documents made by hand, good ones and others. */
final class Bad {
  private Bad() {}

  /** Writes a part of a file. */
  interface Part {
    void to(OutputStream out) throws IOException;
  }

  static final Part WORD_PARAGRAPHS =
      out ->
          out.write(
              ("<w:p><w:pPr><w:pStyle w:val=\"Heading1\"/></w:pPr><w:r><w:t>Chapter one</w:t></w:r></w:p>"
                      + "<w:p><w:r><w:t>The first words.</w:t></w:r></w:p>")
                  .getBytes(StandardCharsets.UTF_8));

  static byte[] docx(Part body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      entry(
          zip,
          "[Content_Types].xml",
          "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
              + "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
              + "<Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>"
              + "<Override PartName=\"/word/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/></Types>");
      entry(
          zip,
          "_rels/.rels",
          "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
              + "<Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>");
      entry(
          zip,
          "word/_rels/document.xml.rels",
          "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
              + "<Relationship Id=\"r2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/></Relationships>");
      entry(
          zip,
          "word/styles.xml",
          "<?xml version=\"1.0\"?><w:styles xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"
              + "<w:style w:type=\"paragraph\" w:styleId=\"Heading1\"><w:name w:val=\"heading 1\"/></w:style></w:styles>");
      zip.putNextEntry(new ZipEntry("word/document.xml"));
      zip.write(
          "<?xml version=\"1.0\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>"
              .getBytes(StandardCharsets.UTF_8));
      body.to(zip);
      zip.write("</w:body></w:document>".getBytes(StandardCharsets.UTF_8));
      zip.closeEntry();
    }
    return bytes.toByteArray();
  }

  private static void entry(ZipOutputStream zip, String name, String content) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(content.getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }

  static void repeat(OutputStream out, String text, int times) throws IOException {
    byte[] many = text.repeat(1_000).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < times / 1_000; i++) {
      out.write(many);
    }
  }

  static byte[] pdf(String words) {
    String page = "BT /F1 24 Tf 72 720 Td (" + words + ") Tj ET";
    return pdf(
        List.of(
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
                + " /Resources << /Font << /F1 5 0 R >> >> >>",
            "<< /Length %d >>\nstream\n%s\nendstream".formatted(page.length(), page),
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"));
  }

  /** An array in an array in an array, where a page's box should be. */
  static byte[] nestedPdf(int depth) {
    return pdf(
        List.of(
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox "
                + "[".repeat(depth)
                + "]".repeat(depth)
                + " >>"));
  }

  private static byte[] pdf(List<String> objects) {
    StringBuilder file = new StringBuilder("%PDF-1.4\n");
    List<Integer> at = new ArrayList<>();
    for (int i = 0; i < objects.size(); i++) {
      at.add(file.length());
      file.append("%d 0 obj\n%s\nendobj\n".formatted(i + 1, objects.get(i)));
    }
    int table = file.length();
    file.append("xref\n0 %d\n0000000000 65535 f \n".formatted(objects.size() + 1));
    at.forEach(offset -> file.append("%010d 00000 n \n".formatted(offset)));
    file.append(
        "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
            .formatted(objects.size() + 1, table));
    return file.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
