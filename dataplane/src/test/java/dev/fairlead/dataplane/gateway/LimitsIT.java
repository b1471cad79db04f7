package dev.fairlead.dataplane.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.dataplane.openai.ScanLimits;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is too much is refused before it reaches a replica, as an error of OpenAI's with all four
/// keys.
final class LimitsIT {
  private static final ScanLimits LIMITS = new ScanLimits(1 << 20, 64, 64 << 10, 8, 4, 4, 4, 1000);

  @RegisterExtension final GatewayUnderTest gateway = new GatewayUnderTest(LIMITS);

  /// @param refusal status, code and param
  record Row(String what, String request, String refusal) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static final String CHAT = "/v1/chat/completions";
  private static final String MESSAGE = "{\"role\":\"user\",\"content\":\"Hi\"}";
  private static final String HI = "\"messages\":[" + MESSAGE + "]";

  static Stream<Row> rows() {
    String many = "x".repeat(40 << 10);
    return Stream.of(
        new Row(
            "a long request line",
            "GET /v1/" + many + " HTTP/1.1\r\nhost: a\r\n\r\n",
            "414 request_line_too_long null"),
        new Row(
            "a long header",
            "GET /v1/models HTTP/1.1\r\nhost: a\r\nx: " + many + "\r\n\r\n",
            "431 headers_too_large null"),
        new Row(
            "many headers",
            "GET /v1/models HTTP/1.1\r\nhost: a\r\n" + "x: y\r\n".repeat(101) + "\r\n",
            "431 too_many_headers null"),
        new Row(
            "a body over the server's limit",
            "POST %s HTTP/1.1\r\nhost: a\r\ncontent-length: 40000000\r\n\r\n".formatted(CHAT),
            "413 body_too_large null"),
        chat(
            "a body over the scanner's limit",
            HI + ",\"x\":[" + "\"%s\",".formatted("y".repeat(60_000)).repeat(18) + "1]",
            "413 request_too_large null"),
        chat(
            "a deep body",
            HI + ",\"x\":" + "[".repeat(64) + "]".repeat(64),
            "400 invalid_request null"),
        chat(
            "a long string",
            HI + ",\"x\":\"" + "y".repeat(65 << 10) + "\"",
            "400 invalid_request null"),
        chat(
            "many messages",
            "\"messages\":[" + (MESSAGE + ",").repeat(8) + MESSAGE + "]",
            "400 too_many messages"),
        chat("several choices", HI + ",\"n\":2", "400 unsupported_value n"),
        chat("no choice", HI + ",\"n\":0", "400 invalid_value n"),
        chat(
            "many stop sequences",
            HI + ",\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]",
            "400 too_many stop"),
        chat(
            "many tools",
            HI
                + ",\"tools\":["
                + "{\"type\":\"function\",\"function\":{\"name\":\"f\"}},".repeat(5)
                + "{}]",
            "400 too_many tools"),
        chat("many tokens", HI + ",\"max_tokens\":1001", "400 invalid_value max_tokens"),
        chat(
            "no tokens",
            HI + ",\"max_completion_tokens\":0",
            "400 invalid_value max_completion_tokens"),
        chat(
            "a prompt far over the context",
            "\"messages\":[{\"role\":\"user\",\"content\":\"" + "y".repeat(64 * 128 + 128) + "\"}]",
            "400 context_length_exceeded messages"),
        post(
            "many texts",
            "/v1/embeddings",
            "\"input\":[\"a\",\"b\",\"c\",\"d\",\"e\"]",
            "400 too_many input"),
        post(
            "many texts to rank",
            "/v1/rerank",
            "\"query\":\"q\",\"documents\":[\"a\",\"b\",\"c\",\"d\",\"e\"]",
            "400 too_many documents"),
        post(
            "a ranking without a query",
            "/v1/rerank",
            "\"documents\":[\"a\"]",
            "400 missing query"),
        post(
            "many items",
            "/v1/responses",
            "\"input\":[" + (MESSAGE + ",").repeat(8) + MESSAGE + "]",
            "400 too_many input"),
        post(
            "many tokens of a response",
            "/v1/responses",
            "\"input\":\"Hi\",\"max_output_tokens\":1001",
            "400 invalid_value max_output_tokens"),
        post(
            "a stored response",
            "/v1/responses",
            "\"input\":\"Hi\",\"previous_response_id\":\"resp_1\"",
            "400 unsupported_value previous_response_id"),
        post(
            "a response in the background",
            "/v1/responses",
            "\"input\":\"Hi\",\"background\":true",
            "400 invalid_type background"),
        post(
            "a prompt far over the context of a response",
            "/v1/responses",
            "\"input\":\"%s\"".formatted("y".repeat(64 * 128 + 128)),
            "400 context_length_exceeded input"),
        post(
            "many stop sequences of a message",
            "/v1/messages",
            HI + ",\"stop_sequences\":[\"a\",\"b\",\"c\",\"d\",\"e\"]",
            "400 too_many stop_sequences"),
        post(
            "a message that is a number",
            "/v1/messages",
            "\"messages\":3",
            "400 invalid_type messages"));
  }

  private static Row chat(String what, String rest, String refusal) {
    return post(what, CHAT, rest, refusal);
  }

  private static Row post(String what, String path, String rest, String refusal) {
    String body = "{\"model\":\"chat\"," + rest + "}";
    String head =
        "POST %s HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
            .formatted(path, body.length());
    return new Row(what, head + body, refusal);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whatIsTooMuchIsRefusedInWordsBeforeAReplicaSeesIt(Row row) throws IOException {
    ScriptedAgent agent = gateway.agent("a");
    agent.ready(4);
    gateway.route(agent);

    String answer = answer(row.request());

    int status = Integer.parseInt(answer.split(" ", 3)[1]);
    JsonNode error =
        new ObjectMapper().readTree(answer.substring(answer.indexOf("\r\n\r\n"))).path("error");
    assertThat(error.properties())
        .extracting(Map.Entry::getKey)
        .as(answer)
        .containsExactlyInAnyOrder("message", "type", "param", "code");
    assertThat(error.path("message").asText()).isNotBlank();
    assertThat(error.path("type").asText()).isNotBlank();
    assertThat(
            "%d %s %s".formatted(status, error.path("code").asText(), error.path("param").asText()))
        .as(answer)
        .isEqualTo(row.refusal());
    assertThat(agent.unread()).isZero();
  }

  /// The answer to these bytes; the server may have closed before it has read all of them.
  private String answer(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
      socket.setSoTimeout(5_000);
      Thread writer =
          Thread.startVirtualThread(() -> {
            try {
              socket.getOutputStream().write(request.getBytes(UTF_8));
            } catch (IOException e) {
              // It has answered already.
              assertThat(e).isNotNull();
            }
          });
      assertThat(writer).isNotNull();
      return read(socket.getInputStream());
    }
  }

  private static String read(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      assertThat(next).as("the connection ended after: %s", head).isNotNegative();
      head.append((char) next);
    }
    String lower = head.toString().toLowerCase(Locale.ROOT);
    int at = lower.indexOf("content-length: ") + "content-length: ".length();
    int length = Integer.parseInt(lower.substring(at, lower.indexOf('\r', at)));
    return head + new String(in.readNBytes(length), UTF_8);
  }
}
