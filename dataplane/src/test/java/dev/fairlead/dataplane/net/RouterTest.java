package dev.fairlead.dataplane.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {
  private final Router router =
      Router.builder()
          .route("GET", "/models", says("models"))
          .route("POST", "/models", says("create"))
          .route("POST", "/console/act", says("act"))
          .prefix("GET", "/console/", says("console"))
          .prefix("GET", "/console/js/", says("js"))
          .build();

  private static Handler says(String text) {
    return exchange -> {
      exchange.respond(200, Handlers.plain(), Handlers.text(text));
      return BodyReceiver.ignore();
    };
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /models, 200, models",
    "GET, /models?limit=3, 200, models",
    "HEAD, /models, 200, models",
    "POST, /models, 200, create",
    "GET, /console/, 200, console",
    "GET, /console/js/a.js, 200, js",
    "POST, /console/act, 200, act",
    "GET, /console/act, 200, console",
    "GET, /models/, 404, not_found Nothing is served at /models/.",
    "GET, /console, 404, not_found Nothing is served at /console.",
  })
  void aRequestGoesToTheExactPathOrTheLongestPrefix(
      String method, String target, int status, String body) {
    var exchange = new FakeExchange(method, target);
    router.accept(exchange);
    assertThat(exchange.status()).isEqualTo(status);
    assertThat(exchange.body()).isEqualTo(body);
  }

  @Test
  void aWrongMethodIsToldWhichOnesAreAllowed() {
    var exchange = new FakeExchange("DELETE", "/models");
    router.accept(exchange);
    assertThat(exchange.status()).isEqualTo(405);
    assertThat(exchange.answerHeaders().get("allow")).isEqualTo("GET, HEAD, POST");
    assertThat(exchange.body()).contains("/models does not take DELETE, only GET, HEAD, POST.");
  }

  @Test
  void twoHandlersForOneRouteAreAMistake() {
    var builder = Router.builder().route("GET", "/a", says("a"));
    assertThatThrownBy(() -> builder.route("GET", "/a", says("b")))
        .hasMessage("two routes for GET /a");
  }
}
