package io.elanus.extract.office;

import io.elanus.extract.markup.BlockWriter;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.parse.Extracted;
import io.elanus.rag.parse.ParseLimits;
import io.elanus.rag.parse.Source;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import org.apache.tika.config.ServiceLoader;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.TikaException;
import org.apache.tika.exception.UnsupportedFormatException;
import org.apache.tika.exception.WriteLimitReachedException;
import org.apache.tika.exception.ZeroByteFileException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.HttpHeaders;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MediaType;
import org.apache.tika.mime.MediaTypeRegistry;
import org.apache.tika.parser.AutoDetectParser;
import org.apache.tika.parser.DefaultParser;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.executable.ExecutableParser;
import org.apache.tika.parser.executable.UniversalExecutableParser;
import org.apache.tika.parser.external.CompositeExternalParser;
import org.apache.tika.parser.ocr.TesseractOCRParser;
import org.apache.tika.parser.pdf.PDFParserConfig;
import org.apache.tika.parser.pkg.CompressorParser;
import org.apache.tika.parser.pkg.PackageParser;
import org.apache.tika.parser.pkg.RarParser;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Whatever Tika's standard parsers read, by the bytes' own signature. Documents inside of documents
 * and archives are left alone: who wants them ingested hands them in themselves.
 */
public final class TikaReader {
  private static final Set<String> NOT_TEXT = Set.of("image", "audio", "video", "font");

  private final AutoDetectParser parser;

  public TikaReader() {
    MediaTypeRegistry registry = MediaTypeRegistry.getDefaultRegistry();
    parser =
        new AutoDetectParser(
            new DefaultParser(
                registry,
                new ServiceLoader(TikaReader.class.getClassLoader()),
                List.of(
                    TesseractOCRParser.class,
                    CompositeExternalParser.class,
                    PackageParser.class,
                    CompressorParser.class,
                    RarParser.class,
                    ExecutableParser.class,
                    UniversalExecutableParser.class)));
  }

  public Extracted read(Source source, ParseLimits limits) {
    Metadata metadata = new Metadata();
    metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, source.name());
    BlockWriter writer = new BlockWriter(limits);
    try (TikaInputStream in = TikaInputStream.get(source.content(), metadata)) {
      MediaType type = parser.getDetector().detect(in, metadata);
      if (NOT_TEXT.contains(type.getType())) {
        throw refused("it is of type %s, which holds no text".formatted(type));
      }
      metadata.set(HttpHeaders.CONTENT_TYPE, type.toString());
      parser.parse(in, new Events(writer), metadata, context());
    } catch (IOException | SAXException | TikaException e) {
      throw sentence(e, String.valueOf(metadata.get(HttpHeaders.CONTENT_TYPE)));
    }
    String title = metadata.get(TikaCoreProperties.TITLE);
    if (title != null) {
      writer.title(title);
    }
    return writer.finish();
  }

  private static ParseContext context() {
    PDFParserConfig pdf = new PDFParserConfig();
    pdf.setOcrStrategy(PDFParserConfig.OCR_STRATEGY.NO_OCR);
    pdf.setExtractInlineImages(false);
    ParseContext context = new ParseContext();
    context.set(PDFParserConfig.class, pdf);
    context.set(EmbeddedDocumentExtractor.class, new NothingInside());
    return context;
  }

  private static ElanusException sentence(Exception e, String type) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ElanusException known) {
        return known;
      }
      if (cause instanceof EncryptedDocumentException) {
        return refused("it is encrypted");
      }
      if (cause instanceof ZeroByteFileException) {
        return refused("it is empty");
      }
      if (cause instanceof UnsupportedFormatException) {
        return refused("its format, %s, is not among those that are read".formatted(type));
      }
      if (cause instanceof WriteLimitReachedException
          || String.valueOf(cause.getMessage()).contains("Zip bomb")) {
        return refused("it unpacks to far more than it holds, as bombs do");
      }
    }
    return refused("it is no sound file of type %s".formatted(type));
  }

  private static ElanusException refused(String message) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, message);
  }

  private static final class NothingInside implements EmbeddedDocumentExtractor {
    @Override
    public boolean shouldParseEmbedded(Metadata metadata) {
      return false;
    }

    @Override
    public void parseEmbedded(
        InputStream in, org.xml.sax.ContentHandler handler, Metadata metadata, boolean outputHtml) {
      throw new IllegalStateException("asked not to");
    }
  }

  /** Tika's XHTML as events; the writer's refusals pass through the parser unchanged. */
  private static final class Events extends DefaultHandler {
    private final BlockWriter writer;

    Events(BlockWriter writer) {
      this.writer = writer;
    }

    @Override
    public void startElement(String uri, String local, String name, Attributes attributes) {
      writer.start(local);
    }

    @Override
    public void endElement(String uri, String local, String name) {
      writer.end(local);
    }

    @Override
    public void characters(char[] from, int start, int length) {
      writer.characters(java.nio.CharBuffer.wrap(from, start, length));
    }

    @Override
    public void ignorableWhitespace(char[] from, int start, int length) {
      writer.characters(" ");
    }
  }
}
