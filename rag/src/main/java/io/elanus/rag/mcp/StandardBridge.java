package io.elanus.rag.mcp;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The tools of a running server for programs that speak over a process's standard input and output.
 * What is a tool, and what a caller may see, stays the server's to say.
 */
public final class StandardBridge implements AutoCloseable {
  private static final Duration CALL_MAX = Duration.ofMinutes(6);
  private static final int RESULT_BYTES_MAX = 16 << 20;

  private final McpSyncClient upstream;
  private final McpSyncServer server;

  /**
   * Fails where the server cannot be reached.
   *
   * @param base of the server, as {@code http://127.0.0.1:19530}
   * @param authorization the value of that header, where the server asks for one
   * @param customizer of the connection: its certificates
   */
  public StandardBridge(
      URI base,
      Optional<String> authorization,
      Consumer<HttpClient.Builder> customizer,
      InputStream in,
      OutputStream out,
      String version) {
    McpJsonMapper mapper = new JacksonMcpJsonMapper(new ObjectMapper());
    HttpClientStreamableHttpTransport.Builder transport =
        HttpClientStreamableHttpTransport.builder(base.toString())
            .endpoint(McpEndpoint.PATH)
            .jsonMapper(mapper)
            .customizeClient(customizer)
            .maxResponseSize(RESULT_BYTES_MAX)
            .openConnectionOnStartup(false);
    authorization.ifPresent(
        value ->
            transport.httpRequestCustomizer(
                (request, method, endpoint, body, context) ->
                    request.header("authorization", value)));
    upstream =
        McpClient.sync(transport.build())
            .clientInfo(Implementation.builder("elanus-bridge", version).build())
            .requestTimeout(CALL_MAX)
            .build();
    upstream.initialize();
    McpServer.SyncSpecification<?> building =
        McpServer.sync(new StdioServerTransportProvider(mapper, in, out))
            .serverInfo("elanus", version)
            .capabilities(ServerCapabilities.builder().tools(false).build())
            .requestTimeout(CALL_MAX)
            .jsonMapper(mapper)
            .validateToolInputs(false);
    String instructions = upstream.getServerInstructions();
    if (instructions != null) {
      building.instructions(instructions);
    }
    for (Tool tool : upstream.listTools().tools()) {
      building.toolCall(tool, (exchange, request) -> forwarded(request));
    }
    server = building.build();
  }

  private CallToolResult forwarded(io.modelcontextprotocol.spec.McpSchema.CallToolRequest request) {
    try {
      return upstream.callTool(request);
    } catch (RuntimeException e) {
      return CallToolResult.builder()
          .addTextContent("the server cannot be asked: " + e.getMessage())
          .isError(true)
          .build();
    }
  }

  @Override
  public void close() {
    server.closeGracefully();
    upstream.closeGracefully();
  }
}
