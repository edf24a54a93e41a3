package io.elanus.app.rag;

import io.elanus.app.serve.Version;
import io.elanus.rag.http.Route;
import io.elanus.rag.mcp.KnowledgeTools;
import io.elanus.rag.mcp.McpEndpoint;
import java.time.InstantSource;
import java.util.List;

/** Tools for language models' own programs, under {@code /mcp}. */
public final class McpParts implements AutoCloseable {
  private final McpEndpoint endpoint;

  private McpParts(McpEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * @param collection that is meant where a call names none
   */
  public static McpParts start(
      RetrieveParts retrieve, IngestParts ingest, String collection, InstantSource clock) {
    return new McpParts(
        new McpEndpoint(
            new KnowledgeTools(
                retrieve.retriever(),
                ingest.ingestion(),
                ingest.documents()::submission,
                collection,
                clock),
            Version.NUMBER));
  }

  public List<Route> routes() {
    return endpoint.routes();
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
