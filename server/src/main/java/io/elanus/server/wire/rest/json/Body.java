package io.elanus.server.wire.rest.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON object of a request. Its members are a tree, except {@code data}: that may hold millions
 * of numbers, so only its place is kept, and who needs it streams it once the schema is known.
 */
public final class Body {
  private static final String DATA = "data";

  private final ObjectNode members;
  private final @Nullable Slice data;

  private Body(ObjectNode members, @Nullable Slice data) {
    this.members = members;
    this.data = data;
  }

  public static Body parse(byte[] bytes) {
    Slice text = Slice.of(bytes);
    try (JsonParser parser = Json.parser(text)) {
      if (parser.nextToken() == null) {
        throw RestException.malformed("the request body is empty, however {} is valid");
      }
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw RestException.malformed("the request body is not a JSON object");
      }
      ObjectNode members = Json.NODES.objectNode();
      Slice data = null;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        boolean isNull = parser.nextToken() == JsonToken.VALUE_NULL;
        if (name.equals(DATA)) {
          Slice value = Json.slice(parser, text);
          data = isNull ? null : value;
        } else {
          members.set(name, Json.tree(parser));
        }
      }
      if (parser.nextToken() != null) {
        throw RestException.malformed("the request body goes on after its object");
      }
      return new Body(members, data);
    } catch (JsonProcessingException e) {
      throw Json.malformed(e);
    } catch (IOException e) {
      throw Json.unreadable(e);
    }
  }

  /** A part of a body that is an object of its own. */
  static Body of(ObjectNode members) {
    JsonNode data = members.get(DATA);
    return new Body(
        members,
        data == null || data.isNull() ? null : Slice.of(Json.write(out -> out.writeTree(data))));
  }

  /** Refuses a body without these, naming all that are absent. Empty strings count as absent. */
  public Body require(String... names) {
    List<String> missing = new ArrayList<>();
    for (String name : names) {
      if (name.equals(DATA) ? data == null : isBlank(member(name))) {
        missing.add(name);
      }
    }
    if (!missing.isEmpty()) {
      throw RestException.missing(missing);
    }
    return this;
  }

  private static boolean isBlank(@Nullable JsonNode node) {
    return node == null
        || (node.isTextual() && node.textValue().isEmpty())
        || (node.isContainerNode() && node.isEmpty());
  }

  /** Null where the member is absent or null. */
  public @Nullable JsonNode member(String name) {
    JsonNode node = members.get(name);
    return node == null || node.isNull() ? null : node;
  }

  public boolean has(String name) {
    return member(name) != null;
  }

  public Slice data() {
    if (data == null) {
      throw RestException.missing(List.of(DATA));
    }
    return data;
  }

  /** Empty where absent. */
  public String text(String name) {
    return text(name, "");
  }

  public String text(String name, String otherwise) {
    JsonNode node = member(name);
    if (node == null) {
      return otherwise;
    }
    if (!node.isTextual()) {
      throw wrongType(name, "a string", node);
    }
    return node.textValue();
  }

  /** An integer, or a string of digits. */
  public long integer(String name, long otherwise) {
    JsonNode node = member(name);
    if (node == null) {
      return otherwise;
    }
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    }
    if (node.isTextual()) {
      try {
        return Long.parseLong(node.textValue());
      } catch (NumberFormatException e) {
        throw wrongType(name, "an integer", node);
      }
    }
    throw wrongType(name, "an integer", node);
  }

  public boolean flag(String name, boolean otherwise) {
    JsonNode node = member(name);
    if (node == null) {
      return otherwise;
    }
    if (!node.isBoolean()) {
      throw wrongType(name, "true or false", node);
    }
    return node.booleanValue();
  }

  /** Empty where absent. */
  public List<String> texts(String name) {
    JsonNode node = member(name);
    if (node == null) {
      return List.of();
    }
    if (!node.isArray()) {
      throw wrongType(name, "an array of strings", node);
    }
    List<String> texts = new ArrayList<>(node.size());
    for (JsonNode element : node) {
      if (!element.isTextual()) {
        throw wrongType(name, "an array of strings", element);
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  /** Empty where absent. */
  public ObjectNode object(String name) {
    JsonNode node = member(name);
    if (node == null) {
      return Json.NODES.objectNode();
    }
    if (!(node instanceof ObjectNode object)) {
      throw wrongType(name, "an object", node);
    }
    return object;
  }

  public Body part(String name) {
    return of(object(name));
  }

  /** The objects of an array; empty where absent. */
  public List<Body> parts(String name) {
    JsonNode node = member(name);
    if (node == null) {
      return List.of();
    }
    if (!node.isArray()) {
      throw wrongType(name, "an array of objects", node);
    }
    List<Body> parts = new ArrayList<>(node.size());
    for (JsonNode element : node) {
      if (!(element instanceof ObjectNode object)) {
        throw wrongType(name, "an array of objects", element);
      }
      parts.add(of(object));
    }
    return parts;
  }

  public static RestException wrongType(String name, String expected, JsonNode found) {
    return RestException.malformed(
        name + " must be " + expected + ", but is " + Json.describe(found));
  }
}
