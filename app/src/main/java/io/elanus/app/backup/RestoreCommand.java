package io.elanus.app.backup;

import io.elanus.store.backup.BackupRecord;
import io.elanus.store.backup.Backups;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code elanus restore}. */
@Command(
    name = "restore",
    description = {
      "Make a data folder of a backup; every checksum is verified before anything can be opened.",
      "Start a server on it afterwards: elanus serve --data DIR."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class RestoreCommand implements Callable<Integer> {
  @Option(
      names = "--from",
      required = true,
      paramLabel = "PLACE",
      description = "Folder of backups, or s3://bucket/prefix.")
  private String from;

  @Mixin private PlaceOptions places;

  @Option(names = "--backup", paramLabel = "ID", description = "Which one (default: the newest).")
  private @Nullable String backup;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "NEWDIR",
      description = "Data folder to make; absent or empty.")
  private Path data;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    try (Place place = places.readingFrom(from)) {
      Backups backups = place.backups();
      List<String> ids = backups.ids();
      if (ids.isEmpty()) {
        throw ServerOptions.bad("there are no backups in %s".formatted(from));
      }
      BackupRecord record = backups.read(backup == null ? ids.getLast() : backup);
      try (Bar bar = Bar.bytes("Restore", record.bytes())) {
        RestoredFolder.make(backups, record, data, bar);
      }
      spec.commandLine()
          .getOut()
          .printf(
              Locale.ROOT,
              "Backup %s restored into %s: %d files, %s.%n",
              record.id(),
              data,
              record.files().size(),
              BackupCommand.size(record.bytes()));
    }
    return 0;
  }
}
