package io.elanus.app;

import io.elanus.app.backup.BackupCommand;
import io.elanus.app.backup.DoctorCommand;
import io.elanus.app.backup.RestoreCommand;
import io.elanus.app.bench.BenchCommand;
import io.elanus.app.demo.DemoCommand;
import io.elanus.app.eval.EvalCommand;
import io.elanus.app.export.ExportCommand;
import io.elanus.app.ingest.IngestCommand;
import io.elanus.app.load.LoadCommand;
import io.elanus.app.mcp.McpCommand;
import io.elanus.app.reembed.ReembedCommand;
import io.elanus.app.serve.RehearseCommand;
import io.elanus.app.serve.ServeCommand;
import io.elanus.app.serve.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code elanus}: one command with verbs. */
@Command(
    name = "elanus",
    description = "A vector database that speaks Milvus's protocol.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ServeCommand.class,
      DemoCommand.class,
      BenchCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      DoctorCommand.class,
      ExportCommand.class,
      IngestCommand.class,
      EvalCommand.class,
      ReembedCommand.class,
      LoadCommand.class,
      McpCommand.class,
      RehearseCommand.class
    })
public final class Main {
  private Main() {}

  /** Exits with 0, 1 for a failure told in a sentence, 2 for wrong arguments. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  private static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          command.getErr().println(command.getColorScheme().errorText(sentence(e)));
          return 1;
        });
    return line;
  }

  private static String sentence(Throwable e) {
    String message = e.getMessage();
    return "elanus: " + (message == null ? e.toString() : message);
  }
}
