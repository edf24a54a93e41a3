package io.elanus.rag.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts a caller's attributes into a rule. Only whole values are replaced, and by values: an
 * attribute can say nothing but a text, whatever is written in it. One that is missing denies.
 */
final class Attributes {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\{caller\\.([A-Za-z_][A-Za-z0-9_-]*)(\\[])?}");
  private static final String PRINCIPAL = "principal";

  private final Caller caller;

  Attributes(Caller caller) {
    this.caller = caller;
  }

  ObjectNode filled(ObjectNode object) {
    ObjectNode filled = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      filled.set(entry.getKey(), filled(entry.getValue()));
    }
    return filled;
  }

  /** Rules are the administrator's and shallow. */
  private JsonNode filled(JsonNode value) {
    return switch (value) {
      case ObjectNode object -> filled(object);
      case ArrayNode array -> {
        ArrayNode filled = JsonNodeFactory.instance.arrayNode();
        for (JsonNode item : array) {
          JsonNode one = filled(item);
          if (one instanceof ArrayNode parts && !(item instanceof ArrayNode)) {
            filled.addAll(parts);
          } else {
            filled.add(one);
          }
        }
        yield filled;
      }
      case TextNode text -> reference(text);
      default -> value;
    };
  }

  private JsonNode reference(TextNode text) {
    Matcher reference = REFERENCE.matcher(text.textValue());
    if (!reference.matches()) {
      return text;
    }
    String name = reference.group(1);
    String value =
        name.equals(PRINCIPAL) ? caller.principal() : caller.attributes().getOrDefault(name, "");
    if (value.isBlank()) {
      throw new ElanusException(
          ErrorCode.NOT_PERMITTED,
          "the policy asks for the caller's attribute %s, and this caller has none"
              .formatted(name));
    }
    if (reference.group(2) == null) {
      return JsonNodeFactory.instance.textNode(value);
    }
    ArrayNode parts = JsonNodeFactory.instance.arrayNode();
    for (String part : value.split(",", -1)) {
      if (!part.isBlank()) {
        parts.add(part.strip());
      }
    }
    return parts;
  }
}
