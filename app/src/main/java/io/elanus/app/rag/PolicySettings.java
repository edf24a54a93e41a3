package io.elanus.app.rag;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.rag.policy.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code rag.policy}: who may see and write what.
 *
 * @param rules mandatory filters; none at all binds nobody
 * @param attributes of principals, by their names
 */
public record PolicySettings(List<Rule> rules, Map<String, Map<String, String>> attributes) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static PolicySettings of(Section section) {
    List<Rule> rules = section.sections("mandatory-filters", PolicySettings::rule);
    Map<String, Map<String, String>> attributes = new HashMap<>();
    object(section, "callers")
        .properties()
        .forEach(
            caller -> {
              Map<String, String> of = new HashMap<>();
              caller
                  .getValue()
                  .properties()
                  .forEach(one -> of.put(one.getKey(), attribute(one.getValue())));
              attributes.put(caller.getKey(), of);
            });
    return new PolicySettings(rules, attributes);
  }

  /** Several values stand between commas, as {@code ${caller.NAME[]}} reads them. */
  private static String attribute(JsonNode value) {
    if (!value.isArray()) {
      return value.asText();
    }
    List<String> parts = new ArrayList<>();
    value.forEach(part -> parts.add(part.asText()));
    return String.join(",", parts);
  }

  private static Rule rule(Section section) {
    ObjectNode stamp = object(section, "stamp");
    List<String> tags = new ArrayList<>();
    stamp.path("tags").forEach(tag -> tags.add(tag.asText()));
    if (!(stamp.path("metadata") instanceof ObjectNode) && stamp.has("metadata")) {
      throw section.mistake("stamp.metadata must be keys and values");
    }
    for (Map.Entry<String, JsonNode> entry : stamp.properties()) {
      if (!entry.getKey().equals("tags") && !entry.getKey().equals("metadata")) {
        throw section.mistake("stamp holds tags and metadata, not " + entry.getKey());
      }
    }
    if (section.raw("filter") == null) {
      throw section.mistake("a rule needs a filter; {} lets everything be seen");
    }
    return new Rule(
        names(section, "principal"),
        section.raw("except") == null ? List.of() : names(section, "except"),
        section.string("database", Rule.ANY),
        names(section, "collection"),
        object(section, "filter"),
        tags,
        stamp.path("metadata") instanceof ObjectNode metadata
            ? metadata
            : JsonNodeFactory.instance.objectNode());
  }

  /** One name, or a list; {@code *} where the key is absent. */
  private static List<String> names(Section section, String key) {
    Object value = section.raw(key);
    if (value instanceof List<?>) {
      return section.strings(key);
    }
    return List.of(section.string(key, Rule.ANY));
  }

  private static ObjectNode object(Section section, String key) {
    Object value = section.raw(key);
    if (value == null) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (JSON.valueToTree(value) instanceof ObjectNode object) {
      return object;
    }
    throw section.mistake(key + " must be keys and values");
  }
}
