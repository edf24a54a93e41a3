package io.elanus.rag.mcp;

/** The tools, with what a model is told of them. */
public enum ToolKind {
  SEARCH(
      "search",
      "Searches the documents by meaning and by words together, and answers with the passages that"
          + " fit best, each with its document, heading and text. Ask in a full question. To read"
          + " more around a hit, fetch its document from about its start offset.",
      true,
      """
      {"type":"object","properties":{
        "query":{"type":"string","description":"what is looked for, in words"},
        "top_k":{"type":"integer","minimum":1,"maximum":50,"description":"how many passages; 5 where absent"},
        "collection":{"type":"string","description":"which collection of documents; the server's own where absent"},
        "filter":{"type":"object","description":"in Mongo's words, over source_id, title, tags, timestamp and the documents' metadata: {\\"tags\\": [\\"a\\"], \\"timestamp\\": {\\"$gte\\": \\"2026-01-01\\"}}"},
        "mode":{"type":"string","enum":["hybrid","dense","text"]}},
       "required":["query"],"additionalProperties":false}"""),
  INGEST(
      "ingest",
      "Adds documents, or replaces those of the same source_id, and waits until they can be"
          + " searched. What did not change costs nothing.",
      false,
      """
      {"type":"object","properties":{
        "collection":{"type":"string"},
        "chunker":{"type":"string","enum":["fixed","sentence","semantic","heading"]},
        "documents":{"type":"array","minItems":1,"maxItems":100,"items":{"type":"object","properties":{
          "source_id":{"type":"string","description":"its name; the same name replaces it"},
          "text":{"type":"string","description":"plain text or Markdown"},
          "name":{"type":"string","description":"a file's name, whose ending tells the format, as notes.md"},
          "content_base64":{"type":"string","description":"instead of text: the bytes of a file"},
          "content_type":{"type":"string"},
          "title":{"type":"string"},
          "tags":{"type":"array","items":{"type":"string"}},
          "timestamp":{"type":"string"},
          "metadata":{"type":"object"}},
         "required":["source_id"]}}},
       "required":["documents"],"additionalProperties":false}"""),
  LIST(
      "list",
      "Lists the documents, a page at a time; next_offset is there while there are more.",
      true,
      """
      {"type":"object","properties":{
        "collection":{"type":"string"},
        "offset":{"type":"integer","minimum":0},
        "limit":{"type":"integer","minimum":1,"maximum":200}},
       "additionalProperties":false}"""),
  FETCH(
      "fetch",
      "Reads the text of one document from an offset on; next_offset is there while there is more.",
      true,
      """
      {"type":"object","properties":{
        "document_id":{"type":"string"},
        "source_id":{"type":"string","description":"instead of document_id"},
        "collection":{"type":"string"},
        "offset":{"type":"integer","minimum":0,"description":"in characters"},
        "length":{"type":"integer","minimum":1,"maximum":60000}},
       "additionalProperties":false}""");

  private final String word;
  private final String description;
  private final boolean reads;
  private final String schema;

  ToolKind(String word, String description, boolean reads, String schema) {
    this.word = word;
    this.description = description;
    this.reads = reads;
    this.schema = schema;
  }

  public String word() {
    return word;
  }

  String description() {
    return description;
  }

  /** Whether it changes nothing. */
  boolean reads() {
    return reads;
  }

  /** JSON Schema of its arguments. */
  String schema() {
    return schema;
  }
}
