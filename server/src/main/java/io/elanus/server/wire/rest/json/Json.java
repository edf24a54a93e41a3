package io.elanus.server.wire.rest.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The one reader and writer of JSON at this door, with its limits. */
public final class Json {
  /** Deeper bodies are refused. A row's own JSON lies three levels down. */
  public static final int DEPTH_MAX = 64;

  public static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxStringLength(64 << 20)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);

  private Json() {}

  /** Writes one JSON value. */
  @FunctionalInterface
  public interface Writing {
    void to(JsonGenerator out) throws IOException;
  }

  public static JsonParser parser(Slice text) {
    try {
      return FACTORY.createParser(text.bytes(), text.offset(), text.length());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * Bytes in memory that are no text: what begins with zeros passes for UTF-32, as JSON allows, and
   * may not be it.
   */
  public static RestException unreadable(IOException error) {
    return RestException.malformed("the body is no text in UTF-8: " + error.getMessage());
  }

  /** The value at the parser, which stands on its first token and then on its last. */
  public static JsonNode tree(JsonParser parser) throws IOException {
    return MAPPER.readTree(parser);
  }

  public static byte[] write(Writing value) {
    return write(Integer.MAX_VALUE, value);
  }

  /**
   * @throws ElanusException TOO_LARGE when the text would be longer than that
   */
  public static byte[] write(int bytesMax, Writing value) {
    Bounded bytes = new Bounded(bytesMax);
    try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
      out.setCodec(MAPPER);
      value.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Refuses to grow beyond what may be sent, long before memory ends. */
  private static final class Bounded extends ByteArrayOutputStream {
    private final int bytesMax;

    Bounded(int bytesMax) {
      super(512);
      this.bytesMax = bytesMax;
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      if (length > bytesMax - count) {
        throw new ElanusException(
            ErrorCode.TOO_LARGE,
            "the answer is longer than "
                + bytesMax
                + " bytes; ask for fewer rows or leave fields out of outputFields");
      }
      super.write(bytes, offset, length);
    }
  }

  /**
   * The text of the value that the parser stands on, as it was sent: numbers keep every digit.
   *
   * @param source what the parser reads
   */
  public static Slice slice(JsonParser parser, Slice source) throws IOException {
    long start = parser.currentTokenLocation().getByteOffset();
    if (start < 0) {
      throw RestException.malformed("the body is not UTF-8");
    }
    parser.skipChildren();
    // Strings are scanned lazily: without this their end is not known yet.
    parser.finishToken();
    long end = parser.currentLocation().getByteOffset();
    return source.part((int) start, (int) (end - start));
  }

  /** What is wrong with the text, in one line, without the reader's own words about itself. */
  public static RestException malformed(JsonProcessingException error) {
    if (error instanceof StreamConstraintsException) {
      return RestException.malformed(
          "the body nests deeper than "
              + DEPTH_MAX
              + " levels or holds a number or name that is too long");
    }
    String where = "";
    if (error.getLocation() != null) {
      where =
          " at line "
              + error.getLocation().getLineNr()
              + ", column "
              + error.getLocation().getColumnNr();
    }
    String what = error instanceof JsonParseException ? error.getOriginalMessage() : "not JSON";
    return RestException.malformed(what.lines().findFirst().orElse("not JSON") + where);
  }

  /** What a token is, in words for an error. */
  public static String describe(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      return "nothing";
    }
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_NULL -> "null";
      case VALUE_TRUE, VALUE_FALSE -> parser.getText();
      case VALUE_STRING -> "the string \"" + shortened(parser.getText()) + "\"";
      default -> shortened(parser.getText());
    };
  }

  /** What a node is, in words for an error. */
  public static String describe(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> "an object";
      case ARRAY -> "an array";
      case STRING -> "the string \"" + shortened(node.textValue()) + "\"";
      default -> shortened(node.asText());
    };
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }
}
