package io.elanus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.elanus.e2e.campaign.Checkout;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SDK's own client against the built server, over HTTP and through {@code elanus mcp}. */
class McpTest {
  private static final McpJsonMapper JSON = new JacksonMcpJsonMapper(new ObjectMapper());

  @TempDir Path data;

  @Test
  void toolsWorkOverHttpAndOverStandardInputAndOutput() throws Exception {
    try (ServerProcess server = ServerProcess.start(data)) {
      use(
          HttpClientStreamableHttpTransport.builder(server.uri())
              .endpoint("/mcp")
              .jsonMapper(JSON)
              .build());
      use(
          new StdioClientTransport(
              ServerParameters.builder(Checkout.folder().resolve("elanus").toString())
                  .args("mcp", "--uri", server.uri())
                  .env(Map.of("ELANUS_BUILT", "1"))
                  .build(),
              JSON));
    }
  }

  private static void use(McpClientTransport transport) {
    try (McpSyncClient client =
        McpClient.sync(transport).requestTimeout(Duration.ofMinutes(2)).build()) {
      client.initialize();
      assertThat(client.listTools().tools())
          .extracting(Tool::name)
          .containsExactlyInAnyOrder("search", "ingest", "list", "fetch");
      String document = "Kites nest in tall trees. " + "More about kites. ".repeat(20);
      assertThat(
              call(
                  client,
                  "ingest",
                  Map.of(
                      "collection",
                      "birds",
                      "documents",
                      List.of(Map.of("source_id", "kites", "text", document)))))
          .contains("\"state\":\"done\"");
      assertThat(
              call(client, "search", Map.of("query", "where do kites nest", "collection", "birds")))
          .contains("\"source_id\":\"kites\"");
      assertThat(call(client, "list", Map.of("collection", "birds"))).contains("kites");
      assertThat(
              call(
                  client,
                  "fetch",
                  Map.of("collection", "birds", "source_id", "kites", "length", 10)))
          .contains("\"text\":\"Kites nest\"", "\"next_offset\":10");
      CallToolResult wrong =
          client.callTool(
              new CallToolRequest("search", Map.of("query", "x", "collection", "none")));
      assertThat(wrong.isError()).isTrue();
      assertThat(text(wrong)).contains("none");
    }
  }

  private static String call(McpSyncClient client, String tool, Map<String, Object> arguments) {
    CallToolResult result = client.callTool(new CallToolRequest(tool, arguments));
    assertThat(result.isError()).as(text(result)).isFalse();
    return text(result);
  }

  private static String text(CallToolResult result) {
    return ((TextContent) result.content().getFirst()).text();
  }
}
