package io.elanus.app.export;

import io.elanus.app.backup.Bar;
import io.elanus.app.backup.ServerOptions;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.QueryResults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code elanus export}. */
@Command(
    name = "export",
    description = {
      "Write the rows of a collection, as they are at one moment, to a file for other programs.",
      "The file appears under its name when it is whole."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class ExportCommand implements Callable<Integer> {
  @Mixin private ServerOptions server;

  @Option(
      names = "--database",
      description = "Database (default: ${DEFAULT-VALUE}).",
      defaultValue = "default")
  private String database;

  @Option(names = "--collection", required = true, description = "Collection or alias.")
  private String collection;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FILE",
      description = "File that ends in .parquet, .jsonl or .csv; must not be there yet.")
  private Path to;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    RowFile.Format format = RowFile.Format.of(to);
    if (Files.exists(to)) {
      throw ServerOptions.bad("%s is there already; remove it or name another file".formatted(to));
    }
    Path folder = to.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw ServerOptions.bad("there is no folder %s".formatted(folder));
    }
    Path unfinished = to.resolveSibling(to.getFileName() + ".unfinished");
    Files.deleteIfExists(unfinished);
    long rows;
    try (PageClient pages = new PageClient(server, database, collection)) {
      rows = write(pages, format, unfinished);
      Files.move(unfinished, to, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
    spec.commandLine().getOut().printf("%d rows of %s written to %s.%n", rows, collection, to);
    return 0;
  }

  private static long write(PageClient pages, RowFile.Format format, Path file) throws IOException {
    long rows = 0;
    try (RowFile out = format.create(file, pages.schema());
        Bar bar = Bar.of("Export", pages.count(), "rows", 1)) {
      for (QueryResults page = pages.next(); page != null; page = pages.next()) {
        int count = count(page);
        out.write(page.getFieldsDataList(), count);
        rows += count;
        bar.advance(count);
      }
    }
    return rows;
  }

  private static int count(QueryResults page) {
    for (FieldData field : page.getFieldsDataList()) {
      if (field.getFieldName().equals(page.getPrimaryFieldName())) {
        var keys = field.getScalars();
        return keys.hasLongData()
            ? keys.getLongData().getDataCount()
            : keys.getStringData().getDataCount();
      }
    }
    throw ServerOptions.bad("the server answers rows without their keys");
  }
}
