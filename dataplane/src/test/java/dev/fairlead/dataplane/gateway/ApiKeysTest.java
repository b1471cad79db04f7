package dev.fairlead.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.admit.Caller;
import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.FakeExchange;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ApiKeysTest {
  private final ApiKeys keys =
      new ApiKeys(
          header ->
              "Bearer right".equals(header) ? Optional.of(Caller.ANONYMOUS) : Optional.empty(),
          path -> path.equals("/"),
          (exchange, _) -> {
            Answers.json(exchange, "id", "{}");
            return BodyReceiver.ignore();
          },
          new Door(List.of(), new PrometheusRegistry(), InstantSource.system(), () -> "req_1"));

  private FakeExchange ask(FakeExchange exchange) {
    keys.accept(exchange);
    return exchange;
  }

  private static FakeExchange post(String path) {
    return new FakeExchange("POST", path);
  }

  @Test
  void aKeyIsTakenFromEitherHeaderAndAuthorizationComesFirst() {
    String path = "/v1/messages";
    assertThat(ask(post(path).with("authorization", "Bearer right")).status()).isEqualTo(200);
    assertThat(ask(post(path).with("x-api-key", "right")).status()).isEqualTo(200);
    assertThat(ask(post(path).with("x-api-key", "wrong")).status()).isEqualTo(401);
    assertThat(
            ask(post(path).with("x-api-key", "right").with("authorization", "Bearer wrong"))
                .status())
        .isEqualTo(401);
  }

  @Test
  void whoHasNoKeyIsToldSoInTheFormOfTheApi() {
    assertThat(ask(post("/v1/messages")).body()).contains("\"type\":\"authentication_error\"");
    assertThat(ask(post("/v1/chat/completions")).body()).contains("\"code\":\"invalid_api_key\"");
    assertThat(ask(post("/")).status()).isEqualTo(200);
  }
}
