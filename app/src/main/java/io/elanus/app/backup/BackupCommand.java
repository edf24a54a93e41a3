package io.elanus.app.backup;

import io.elanus.app.serve.FolderDatabase;
import io.elanus.model.Caller;
import io.elanus.model.Cut;
import io.elanus.model.error.ElanusException;
import io.elanus.store.backup.BackupRecord;
import io.elanus.store.backup.Backups;
import io.elanus.store.time.Timestamps;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code elanus backup}. */
@Command(
    name = "backup",
    description = {
      "Copy collections and their documents, all as they are at one moment, from a running server",
      "or an idle data folder, into a folder or a bucket of S3 (s3://bucket/prefix).",
      "Files that an earlier backup in the same place has are not copied again.",
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class BackupCommand implements Callable<Integer> {
  @Option(
      names = "--to",
      paramLabel = "PLACE",
      description = "Folder of backups, created if absent, or s3://bucket/prefix.")
  private @Nullable String to;

  @Mixin private PlaceOptions places;

  @Mixin private ServerOptions server;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data folder that no server has open, in place of --server.")
  private @Nullable Path data;

  @Option(names = "--database", description = "Only this database (default: all).")
  private String database = "";

  @Option(names = "--collection", description = "Only this collection; repeatable.")
  private List<String> collections = List.of();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (to == null) {
      throw ServerOptions.bad("say where to: elanus backup --to DIR or --to s3://bucket/prefix");
    }
    if (data != null && server.given()) {
      throw ServerOptions.bad("give --server or --data, not both");
    }
    try (Place place = places.writingTo(to, spec.commandLine().getErr()::println)) {
      Backups.Made made = data == null ? online(place) : offline(place, data);
      BackupRecord record = made.record();
      out()
          .printf(
              Locale.ROOT,
              "Backup %s: %d files, %s, as of %s; %d of them new, %s copied.%n",
              record.id(),
              record.files().size(),
              size(record.bytes()),
              instant(record),
              made.copied().files(),
              size(made.copied().bytes()));
    }
    return 0;
  }

  private Backups.Made online(Place place) throws IOException, InterruptedException {
    return ServerCut.copy(
        server, database, collections, place, bytes -> Bar.bytes("Backup", bytes));
  }

  private Backups.Made offline(Place place, Path folder) throws IOException {
    if (!Files.isRegularFile(folder.resolve(FolderDatabase.CATALOG))) {
      throw ServerOptions.bad("%s is not a data folder: it has no catalog.db".formatted(folder));
    }
    try (FolderDatabase opened = FolderDatabase.open(folder);
        Cut cut = opened.cut(Caller.SYSTEM, database, collections)) {
      long bytes = cut.parts().stream().mapToLong(Cut.Part::bytes).sum();
      try (Bar bar = Bar.bytes("Backup", bytes)) {
        return place.backups().copy(cut, bar, place::stillMine);
      }
    }
  }

  /** {@code elanus backup list}. */
  @Command(name = "list", description = "List the backups of a place.")
  int list(
      @Option(
              names = "--from",
              required = true,
              paramLabel = "PLACE",
              description = "Folder of backups, or s3://bucket/prefix.")
          String from,
      @Mixin PlaceOptions options) {
    try (Place place = options.readingFrom(from)) {
      int damaged = 0;
      for (String id : place.backups().ids()) {
        try {
          BackupRecord record = place.backups().read(id);
          out()
              .printf(
                  Locale.ROOT,
                  "%s  %d collections  %d files  %s%n",
                  id,
                  record.entries().stream().filter(e -> e.key().startsWith("collection/")).count(),
                  record.files().size(),
                  size(record.bytes()));
        } catch (ElanusException e) {
          out().printf("%s  damaged: %s%n", id, e.getMessage());
          damaged++;
        }
      }
      return damaged == 0 ? 0 : 1;
    }
  }

  /** {@code elanus backup verify}. */
  @Command(
      name = "verify",
      description =
          "Read every byte of backups and compare checksums; exits with 1 where one is damaged.")
  int verify(
      @Option(
              names = "--from",
              required = true,
              paramLabel = "PLACE",
              description = "Folder of backups, or s3://bucket/prefix.")
          String from,
      @Option(names = "--backup", paramLabel = "ID", description = "Only this one (default: all).")
          @Nullable String backup,
      @Mixin PlaceOptions options) {
    try (Place place = options.readingFrom(from)) {
      Backups backups = place.backups();
      List<String> ids = backup == null ? backups.ids() : List.of(backup);
      List<String> problems = new ArrayList<>();
      try (Bar bar = Bar.bytes("Verify", -1)) {
        for (String id : ids) {
          problems.addAll(backups.verify(id, bar));
        }
      }
      problems.forEach(out()::println);
      if (problems.isEmpty()) {
        out().printf("%d backups verified, every byte is as it was written.%n", ids.size());
      }
      return problems.isEmpty() ? 0 : 1;
    }
  }

  /** {@code elanus backup delete}. */
  @Command(
      name = "delete",
      description = "Delete a backup, and the files that no other backup needs.")
  int delete(
      @Option(
              names = "--from",
              required = true,
              paramLabel = "PLACE",
              description = "Folder of backups, or s3://bucket/prefix.")
          String from,
      @Parameters(paramLabel = "ID", description = "As elanus backup list shows it.") String id,
      @Mixin PlaceOptions options) {
    options.readingFrom(from).close();
    try (Place place = options.writingTo(from, spec.commandLine().getErr()::println)) {
      Backups.Removed removed = place.backups().delete(id, place::stillMine);
      out()
          .printf(
              "Backup %s deleted; %d files went with it, %s.%n",
              id, removed.files(), size(removed.bytes()));
      return 0;
    }
  }

  private static Instant instant(BackupRecord record) {
    return Instant.ofEpochMilli(Timestamps.physicalMillis(record.timestamp()));
  }

  static String size(long bytes) {
    if (bytes < 1 << 20) {
      return "%.1f KiB".formatted(bytes / 1024.0);
    }
    return bytes < 1 << 30
        ? "%.1f MiB".formatted(bytes / (double) (1 << 20))
        : "%.2f GiB".formatted(bytes / (double) (1 << 30));
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
