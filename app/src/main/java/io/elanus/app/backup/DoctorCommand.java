package io.elanus.app.backup;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.app.rag.StoredDocuments;
import io.elanus.app.serve.FolderDatabase;
import io.elanus.app.serve.RestoreMark;
import io.elanus.engine.database.Doctor;
import io.elanus.engine.database.FolderLogs;
import io.elanus.model.error.ElanusException;
import io.elanus.rag.ingest.DocumentKey;
import io.elanus.rag.ingest.Shelves;
import io.elanus.rag.ingest.StoredIngestion;
import io.elanus.store.catalog.SqliteCatalog;
import io.elanus.store.format.Finding;
import io.elanus.store.format.Finding.Severity;
import io.elanus.store.log.LocalLog;
import io.elanus.store.log.Log;
import io.elanus.store.log.ReadOnlyLogFiles;
import io.elanus.store.object.DataFolderLock;
import io.elanus.store.object.LocalFolders;
import io.elanus.store.object.ReadOnlyObjects;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code elanus doctor}. */
@Command(
    name = "doctor",
    description = {
      "Examine a data folder that no server has open: every file, every checksum, every reference.",
      "Changes nothing. Exits with 0 where all is well (notes are of what the next start clears),",
      "1 where something is damaged, 2 where it could not look."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class DoctorCommand implements Callable<Integer> {
  private static final int CANNOT_LOOK = 2;
  private static final String DOCUMENTS = FolderDatabase.OBJECTS + "/" + StoredDocuments.PREFIX;

  @Option(names = "--data", paramLabel = "DIR", description = "Data folder (default: ./data).")
  private Path data = Path.of("data");

  @Option(names = "--json", description = "Print the findings as JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  private final List<Finding> findings = new ArrayList<>();
  private int collections;
  private int documents;

  @Override
  public Integer call() {
    if (!Files.isDirectory(data)) {
      return cannotLook("there is no folder %s".formatted(data));
    }
    try (AutoCloseable lock = DataFolderLock.look(data)) {
      if (RestoreMark.isIn(data)) {
        findings.add(
            Finding.damage(
                "RESTORE",
                "a restore into this folder was not finished",
                "run elanus restore again, it begins anew"));
      } else if (!Files.isRegularFile(data.resolve(FolderDatabase.CATALOG))) {
        return cannotLook("%s is not a data folder: it has no catalog.db".formatted(data));
      } else {
        examine();
      }
    } catch (Exception e) {
      return cannotLook(String.valueOf(e.getMessage()));
    }
    findings.sort(Comparator.comparing(Finding::severity).reversed());
    if (json) {
      printJson();
    } else {
      print();
    }
    return findings.stream().anyMatch(f -> f.severity() != Severity.NOTE) ? 1 : 0;
  }

  private int cannotLook(String why) {
    spec.commandLine().getErr().println("elanus: " + why);
    return CANNOT_LOOK;
  }

  private void examine() throws IOException {
    Path copy = Files.createTempDirectory("elanus-doctor");
    try {
      // Opening a catalog brings its log home, so a copy is opened.
      for (String suffix : List.of("", "-wal", "-journal")) {
        Path from = data.resolve(FolderDatabase.CATALOG + suffix);
        if (Files.exists(from)) {
          Files.copy(from, copy.resolve(FolderDatabase.CATALOG + suffix));
        }
      }
      try (SqliteCatalog catalog = SqliteCatalog.open(copy.resolve(FolderDatabase.CATALOG))) {
        ReadOnlyObjects objects = new ReadOnlyObjects(data.resolve(FolderDatabase.OBJECTS));
        Doctor doctor =
            new Doctor(
                catalog,
                objects,
                new LogsToLookAt(data.resolve(FolderDatabase.LOG), findings),
                findings::add);
        collections = doctor.catalog();
        try (Bar bar = Bar.of("Examine", collections, "collections", 1)) {
          doctor.shards(name -> bar.advance(1));
        }
        documents(catalog, new StoredDocuments(objects));
      } catch (ElanusException e) {
        findings.add(
            Finding.damage(
                FolderDatabase.CATALOG, e.getMessage(), "restore the folder from a backup"));
      }
    } finally {
      LocalFolders.remove(copy);
    }
  }

  private void documents(SqliteCatalog catalog, StoredDocuments stored) {
    StoredIngestion ingestion = new StoredIngestion(stored);
    Shelves shelves = new Shelves(stored);
    documents =
        ingestion.examine(
            (key, problem, remedy) ->
                findings.add(Finding.damage(DOCUMENTS + key, problem, remedy)));
    for (long shelf : ingestion.shelves()) {
      String folder = DOCUMENTS + DocumentKey.folderOf(shelf);
      Set<Long> owners = shelves.collectionsOn(shelf);
      if (owners.stream().anyMatch(id -> catalog.get("collection/" + id).isPresent())) {
        continue;
      }
      if (owners.stream().anyMatch(id -> catalog.get("dropped/" + id).isPresent())) {
        findings.add(Finding.note(folder, "documents of a collection that was dropped"));
      } else {
        findings.add(
            Finding.warning(
                folder,
                "the catalog does not know the collection of these documents",
                "restore the catalog from a backup, or remove the folder"));
      }
    }
  }

  private record LogsToLookAt(Path folder, List<Finding> findings) implements Doctor.Logs {
    @Override
    public List<Long> collections() {
      try {
        return FolderLogs.collectionsIn(folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public @Nullable Log open(long collectionId) {
      String name = "log/" + collectionId;
      Path own = folder.resolve(Long.toString(collectionId));
      try {
        return LocalLog.open(
            new ReadOnlyLogFiles(own, name, findings::add), Long.MAX_VALUE, collectionId);
      } catch (ElanusException e) {
        findings.add(Finding.damage(name, e.getMessage(), "restore the collection from a backup"));
        return null;
      }
    }
  }

  private void print() {
    PrintWriter out = spec.commandLine().getOut();
    for (Finding finding : findings) {
      out.printf(
          "%-8s%s: %s%n        What to do: %s.%n",
          finding.severity().name().toLowerCase(Locale.ROOT),
          finding.where(),
          finding.problem(),
          finding.remedy());
    }
    long worse = findings.stream().filter(f -> f.severity() != Severity.NOTE).count();
    out.printf(
        "%s: %d collections and %d documents examined, %s.%n",
        data, collections, documents, worse == 0 ? "all is well" : worse + " findings");
  }

  private void printJson() {
    ObjectNode report = new ObjectMapper().createObjectNode();
    report.put("data", data.toString()).put("collections", collections);
    report.put("documents", documents);
    ArrayNode list = report.putArray("findings");
    for (Finding finding : findings) {
      list.addObject()
          .put("severity", finding.severity().name().toLowerCase(Locale.ROOT))
          .put("where", finding.where())
          .put("problem", finding.problem())
          .put("remedy", finding.remedy());
    }
    spec.commandLine().getOut().println(report.toPrettyString());
  }
}
