package io.elanus.extract;

import io.elanus.extract.confine.Confinement;
import io.elanus.extract.markup.HtmlReader;
import io.elanus.extract.markup.MarkdownReader;
import io.elanus.extract.office.TikaReader;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.parse.ChildFrames;
import io.elanus.rag.parse.Extracted;
import io.elanus.rag.parse.Formats;
import io.elanus.rag.parse.ParseLimits;
import io.elanus.rag.parse.Source;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The child's life: one document after the other from standard input to standard output, until the
 * input ends. What hangs or outgrows its memory ends the process; the parent sees to that, or a
 * document's own time does where the parent is gone.
 */
public final class ExtractCommand {
  private static final int EXIT_LATE = 4;
  private static final int STACK_BYTES = 8 << 20;

  private final DataInputStream in;
  private final DataOutputStream out;
  private @Nullable TikaReader tika;

  private ExtractCommand(DataInputStream in, DataOutputStream out) {
    this.in = in;
    this.out = out;
  }

  /** Exits with 0 at the end of its input, 3 out of memory, 4 when a document took too long. */
  public static void main(String[] arguments) throws InterruptedException {
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
    DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16));
    // Whatever a library prints must not look like a reply.
    System.setOut(System.err);
    boolean confined = Confinement.apply();
    Thread reader =
        new Thread(null, () -> new ExtractCommand(in, out).serve(confined), "reader", STACK_BYTES);
    reader.start();
    reader.join();
    Runtime.getRuntime().halt(0);
  }

  private void serve(boolean confined) {
    try {
      ChildFrames.writeReady(out, confined);
      while (true) {
        ChildFrames.Asked asked =
            ChildFrames.readRequest(in, ParseLimits.DEFAULT.documentBytesMax());
        Thread limit = limit(asked.limits().time());
        answer(asked);
        limit.interrupt();
      }
    } catch (EOFException e) {
      Runtime.getRuntime().halt(0);
    } catch (IOException e) {
      Runtime.getRuntime().halt(1);
    }
  }

  /** The parent has killed this process long before, unless it is gone itself. */
  private static Thread limit(Duration time) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                Thread.sleep(time.multipliedBy(2));
              } catch (InterruptedException e) {
                return;
              }
              Runtime.getRuntime().halt(EXIT_LATE);
            });
  }

  private void answer(ChildFrames.Asked asked) throws IOException {
    Extracted extracted;
    try {
      extracted = read(asked.source(), asked.limits());
    } catch (ElanusException e) {
      ChildFrames.writeFailure(out, e.getMessage());
      return;
    } catch (StackOverflowError e) {
      ChildFrames.writeFailure(out, "its parts are nested too deep");
      return;
    } catch (RuntimeException | LinkageError e) {
      ChildFrames.writeFailure(out, "it is damaged, or not of the format it claims");
      return;
    }
    ChildFrames.writeDocument(out, extracted);
  }

  private Extracted read(Source source, ParseLimits limits) {
    Extracted extracted =
        switch (Formats.of(source)) {
          case Formats.MARKDOWN -> MarkdownReader.read(source.content(), limits);
          case Formats.HTML -> HtmlReader.read(source.content(), source.contentType(), limits);
          default -> {
            if (tika == null) {
              tika = new TikaReader();
            }
            yield tika.read(source, limits);
          }
        };
    if (extracted.blocks().isEmpty()) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT, "no text was found in it; is it a scan, or empty?");
    }
    return extracted;
  }
}
