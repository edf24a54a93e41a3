package io.elanus.app.export;

import io.milvus.grpc.FieldData;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * CSV as RFC 4180 says, with a line of names; arrays, vectors and JSON as JSON. A null is nothing
 * between two commas, an empty text a pair of quotes.
 */
final class CsvRows implements RowFile {
  private final List<ExportedField> fields;
  private final BufferedWriter out;

  CsvRows(Path file, List<ExportedField> fields) throws IOException {
    this.fields = fields;
    this.out = Files.newBufferedWriter(file);
    line(fields.stream().map(field -> quoted(field.name())).toList());
  }

  @Override
  public void write(List<FieldData> columns, int rows) throws IOException {
    Map<String, FieldData> byName = new HashMap<>();
    columns.forEach(column -> byName.put(column.getFieldName(), column));
    String[] cells = new String[fields.size()];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < cells.length; i++) {
        FieldData column = byName.get(fields.get(i).name());
        cells[i] = column == null ? "" : cell(PageValues.at(column, row));
      }
      line(List.of(cells));
    }
  }

  private static String cell(@Nullable Object value) throws IOException {
    return switch (value) {
      case null -> "";
      case String text -> quoted(text);
      case PageValues.Json(String text) -> quoted(text);
      case List<?> list -> quoted(JsonRows.text(list));
      case PageValues.Sparse sparse -> quoted(JsonRows.text(sparse));
      default -> value.toString();
    };
  }

  private static String quoted(String text) {
    boolean plain = !text.isEmpty() && text.chars().noneMatch(c -> c == '"' || c == ',' || c < ' ');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  private void line(List<String> cells) throws IOException {
    out.write(String.join(",", cells));
    out.write("\r\n");
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
