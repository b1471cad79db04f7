package dev.fairlead.dataplane.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a browser is told about pages of other origins.
final class CrossOriginIT {
  private static final String PAGE = "https://chat.example.com";
  private static final String PREFLIGHT =
      """
      OPTIONS /v1/chat/completions HTTP/1.1\r
      Host: x\r
      Origin: %s\r
      Access-Control-Request-Method: POST\r
      Access-Control-Request-Headers: authorization, content-type, x-stainless-os\r
      \r
      """;

  @RegisterExtension private static final Net NET = new Net();

  private final AtomicInteger handled = new AtomicInteger();

  @BeforeEach
  void reset() {
    handled.set(0);
  }

  private HttpServer serve(String... origins) {
    return NET.serve(
        Net.options()
            .withLimits(RequestLimits.defaults().withMaxBodyBytes(10))
            .withCrossOrigin(new CrossOriginRule(Set.of(origins), Duration.ofMinutes(5))),
        exchange -> {
          handled.incrementAndGet();
          switch (exchange.path()) {
            case "/stream" -> {
              exchange.start(200, Sse.headers());
              exchange.finish();
            }
            case "/error" -> exchange.refuse(new Refusal(401, "no_key", "No key."));
            default -> exchange.respond(200, Handlers.plain(), Handlers.text("in"));
          }
          return BodyReceiver.ignore();
        });
  }

  private String ask(HttpServer server, String request) {
    return NET.dial(server).say(request).answer();
  }

  private static String get(String path, String origin) {
    return "GET %s HTTP/1.1\r\nHost: x\r\nOrigin: %s\r\n\r\n".formatted(path, origin);
  }

  @Test
  void aPreflightIsAnsweredWithoutAKeyAndBeforeAnyHandler() {
    String answer = ask(serve(PAGE), PREFLIGHT.formatted(PAGE));

    assertThat(answer)
        .startsWith("HTTP/1.1 204 ")
        .contains("access-control-allow-origin: " + PAGE)
        .contains("access-control-allow-methods: GET, POST")
        .contains("access-control-allow-headers: authorization, content-type, x-stainless-os")
        .contains("access-control-max-age: 300")
        .contains("vary: origin")
        .doesNotContain("credentials");
    assertThat(handled).hasValue(0);
  }

  @Test
  void anotherOriginIsForTheHandlerAndGetsNothing() {
    HttpServer server = serve(PAGE);

    for (String origin :
        new String[] {
          "https://evil.example", "null", PAGE + ".evil.example", "http://chat.example.com"
        }) {
      assertThat(ask(server, PREFLIGHT.formatted(origin)))
          .startsWith("HTTP/1.1 200 ")
          .contains("vary: origin")
          .doesNotContain("access-control");
    }
    assertThat(handled).hasValue(4);
  }

  @Test
  void streamsErrorsAndTheServersOwnRefusalsCanBeRead() {
    HttpServer server = serve(PAGE);

    for (String request :
        new String[] {
          get("/stream", PAGE),
          get("/error", PAGE),
          "POST / HTTP/1.1\r\nHost: x\r\nOrigin: %s\r\nContent-Length: 11\r\n\r\n".formatted(PAGE)
        }) {
      assertThat(ask(server, request))
          .contains("access-control-allow-origin: " + PAGE)
          .contains("access-control-expose-headers: *")
          .contains("vary: origin");
    }
  }

  @Test
  void allOriginsAreOneWordAndNeverCredentials() {
    HttpServer server = serve("*");

    assertThat(ask(server, get("/", "null")))
        .contains("access-control-allow-origin: *")
        .doesNotContain("vary")
        .doesNotContain("credentials");
    assertThat(ask(server, PREFLIGHT.formatted("http://any.example")))
        .startsWith("HTTP/1.1 204 ")
        .contains("access-control-allow-origin: *");
  }

  @Test
  void withoutARuleNothingIsSaid() {
    HttpServer server = serve();

    assertThat(ask(server, get("/", PAGE))).doesNotContain("access-control").doesNotContain("vary");
    assertThat(ask(server, PREFLIGHT.formatted(PAGE))).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void aHeaderThatIsNoListOfNamesIsNotEchoed() {
    String answer =
        ask(serve(PAGE), PREFLIGHT.formatted(PAGE).replace("x-stainless-os", "x<script>"));

    assertThat(answer).startsWith("HTTP/1.1 204 ").doesNotContain("allow-headers");
  }

  @Test
  void aChangedRuleHoldsForTheNextRequestOfAConnection() {
    HttpServer server = serve(PAGE);
    RawClient client = NET.dial(server);
    assertThat(client.say(get("/", PAGE)).answer()).contains("allow-origin: " + PAGE);

    server.reconfigure(options -> options.withCrossOrigin(CrossOriginRule.NONE));

    assertThat(client.say(get("/", PAGE)).answer()).doesNotContain("allow-origin");
  }

  @Test
  void aServerCannotMove() {
    HttpServer server = serve();

    assertThatThrownBy(() -> server.reconfigure(_ -> ServerOptions.of("127.0.0.1", 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a server cannot move");
  }
}
