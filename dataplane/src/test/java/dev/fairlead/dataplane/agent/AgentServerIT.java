package dev.fairlead.dataplane.agent;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.dataplane.link.AgentState;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// A server elsewhere in the place of an engine.
class AgentServerIT {
  private static EngineTarget server(AgentUnderTest test, String key) {
    return EngineTarget.server(
        "http://127.0.0.1:%d/api/v1/".formatted(test.engine.port()), () -> Optional.of(key));
  }

  @Test
  void itIsAskedForItsModelsWithItsKeyAndIsNotWarmedUp() throws Exception {
    try (var test = new AgentUnderTest(2)) {
      test.agent.engineElsewhere(server(test, "server-key"));
      test.awaitState(AgentState::ready);
      ScriptedEngine.Call check = requireNonNull(test.engine.healthCheck());
      assertThat(check.path).isEqualTo("/api/v1/models");
      assertThat(check.header("authorization")).isEqualTo("Bearer server-key");
      assertThat(test.engine.warmUps()).isZero();
    }
  }

  @Test
  void requestsGoBelowItsUrlWithTheKeyOfTheMoment() throws Exception {
    try (var test = new AgentUnderTest(2)) {
      var key = new AtomicReference<>("old");
      test.agent.engineElsewhere(
          EngineTarget.server(
              "http://127.0.0.1:%d/api/v1".formatted(test.engine.port()),
              () -> Optional.of(key.get())));
      test.awaitState(AgentState::ready);
      key.set("new");
      try (var gateway = RawGateway.chat(test.port())) {
        ScriptedEngine.Call call = test.engine.next();
        assertThat(call.path).isEqualTo("/api/v1/chat/completions");
        assertThat(call.header("authorization")).isEqualTo("Bearer new");
        call.startEvents().text("x").complete();
        assertThat(gateway.all()).contains("[DONE]").endsWith("0\r\n\r\n");
      }
    }
  }

  @Test
  void itIsToldWhyItDoesNotAnswerAndTakenUpWhenItDoes() throws Exception {
    try (var test = new AgentUnderTest(1)) {
      test.engine.health(401);
      test.agent.engineElsewhere(server(test, "wrong"));
      await()
          .atMost(AgentUnderTest.DEADLINE)
          .until(() ->
              test.events.stream()
                  .anyMatch(event -> event.endsWith("/api/v1/models answered 401")));
      assertThat(test.agent.state().ready()).isFalse();
      test.engine.health(200);
      test.awaitState(AgentState::ready);
      assertThat(String.join("\n", test.events)).doesNotContain("wrong");
    }
  }

  @Test
  void itsUrlSaysWhereAndHow() {
    assertThatThrownBy(() -> EngineTarget.server("ftp://host/v1", Optional::empty))
        .hasMessageContaining("not an http or https URL");
    assertThat(EngineTarget.server("https://host/v1/", Optional::empty))
        .satisfies(target -> {
          assertThat(target.tls()).isTrue();
          assertThat(target.port()).isEqualTo(443);
          assertThat(target.base()).isEqualTo("/v1");
        });
  }
}
