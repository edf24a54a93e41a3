package io.elanus.app.export;

import io.elanus.app.backup.ServerOptions;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.FieldData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A file that rows are written to, a page at a time. */
interface RowFile extends AutoCloseable {
  /** Columns of a page, of one length. */
  void write(List<FieldData> columns, int rows) throws IOException;

  @Override
  void close() throws IOException;

  /** The format that a name ends in. */
  enum Format {
    PARQUET,
    JSONL,
    CSV;

    static Format of(Path file) {
      String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
      for (Format format : values()) {
        if (name.endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
          return format;
        }
      }
      throw ServerOptions.bad(
          "the name %s must end in .parquet, .jsonl or .csv, which says the format"
              .formatted(file));
    }

    RowFile create(Path file, CollectionSchema schema) throws IOException {
      return switch (this) {
        case PARQUET -> new ParquetRows(file, schema);
        case JSONL -> new JsonRows(file);
        case CSV -> new CsvRows(file, ExportedField.of(schema));
      };
    }
  }
}
