package dev.fairlead.dataplane.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoorGuardTest {
  private final DoorGuard guard =
      new DoorGuard(
          exchange -> {
            exchange.respond(200, Handlers.plain(), Handlers.text("in"));
            return BodyReceiver.ignore();
          },
          Set.of(9000),
          Set.of("http://localhost:5173"));

  @ParameterizedTest
  @CsvSource({
    "localhost:8080, -, in",
    "LOCALHOST:8080, -, in",
    "127.0.0.1:8080, -, in",
    "[::1]:8080, -, in",
    "localhost:9000, -, in",
    "localhost:8080, http://localhost:8080, in",
    "127.0.0.1:8080, http://127.0.0.1:8080, in",
    "localhost:9000, http://localhost:9000, in",
    "localhost:8080, http://localhost:5173, in",
    "localhost:8080, null, origin_not_allowed",
    "localhost:8080, '', origin_not_allowed",
    "localhost:8080, http://127.0.0.1:8080, origin_not_allowed",
    "localhost:8080, https://localhost:8080, origin_not_allowed",
    "localhost:8080, http://localhost:8081, origin_not_allowed",
    "localhost:8080, http://localhost, origin_not_allowed",
    "localhost:8080, http://evil.example, origin_not_allowed",
    "localhost:8080, http://localhost:8080.evil.example, origin_not_allowed",
    "localhost:8080, http://localhost:8080@evil.example, origin_not_allowed",
    "localhost, -, host_not_allowed",
    "localhost:, -, host_not_allowed",
    "localhost:8081, -, host_not_allowed",
    "localhost:080801, -, host_not_allowed",
    "localhost.:8080, -, host_not_allowed",
    "evil.example:8080, http://evil.example:8080, host_not_allowed",
    "127.0.0.1.evil.example:8080, -, host_not_allowed",
    "127.0.0.2:8080, -, host_not_allowed",
    "0.0.0.0:8080, -, host_not_allowed",
    "'', -, host_not_allowed",
    "-, -, host_not_allowed",
  })
  void onlyLocalNamesAndTheirOwnPagesComeIn(String host, String origin, String outcome) {
    var exchange = new FakeExchange("POST", "/v1/chat/completions");
    exchange.headers().remove("host");
    if (!host.equals("-")) {
      exchange.with("host", host);
    }
    if (!origin.equals("-")) {
      exchange.with("origin", origin);
    }
    guard.accept(exchange);
    assertThat(exchange.body()).startsWith(outcome);
    assertThat(exchange.status()).isEqualTo(outcome.equals("in") ? 200 : 403);
  }

  @Test
  void anOriginThatIsNoOriginCannotBeListed() {
    assertThatThrownBy(() -> new DoorGuard(_ -> BodyReceiver.ignore(), Set.of(), Set.of("null")))
        .hasMessage("origin is not http(s)://host[:port]: null");
  }
}
