package dev.fairlead.dataplane.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class AgentAdmissionIT {
  @Test
  void withoutTheGatewaysTokenNothingReachesTheEngine() throws Exception {
    try (var test = new AgentUnderTest(1).ready();
        var wrong = RawGateway.get(test.port(), "/fairlead/v1/state", "connection: close");
        var post =
            RawGateway.withoutToken(
                test.port(), RawGateway.CHAT, "authorization: Bearer guessed")) {
      assertThat(wrong.all()).startsWith("HTTP/1.1 401");
      assertThat(post.all()).startsWith("HTTP/1.1 401");
    }
  }

  @Test
  void aRequestForAnotherReplicaIsMisdirected() throws Exception {
    try (var test = new AgentUnderTest(1).ready();
        var gateway = RawGateway.chat(test.port(), "fairlead-replica: other", "x-request-id: r7")) {
      assertThat(gateway.all())
          .startsWith("HTTP/1.1 421")
          .contains("fairlead-refusal: misdirected")
          .contains("x-request-id: r7")
          .contains("misdirected_request");
    }
  }

  @Test
  void aRequestBeforeTheEngineIsReadyGoesElsewhere() throws Exception {
    try (var test = new AgentUnderTest(1);
        var gateway = RawGateway.chat(test.port())) {
      assertThat(gateway.all())
          .startsWith("HTTP/1.1 503")
          .contains("fairlead-refusal: not-ready")
          .contains("model_unavailable");
    }
  }

  @Test
  void oneBatchRunsOneWaitsInOrderAndTheNextIsBusy() throws Exception {
    try (var test = new AgentUnderTest(1).ready();
        var first = RawGateway.chat(test.port(), "fairlead-prompt-tokens: 100")) {
      ScriptedEngine.Call running = test.engine.next();
      assertThat(running.body).isEqualTo(RawGateway.BODY);
      try (var second =
          RawGateway.post(
              test.port(),
              RawGateway.CHAT,
              "{\"second\":1}",
              "fairlead-prompt-tokens: 20",
              "fairlead-replica: " + AgentUnderTest.REPLICA)) {
        test.awaitLoad(1, 1);
        assertThat(test.agent.state().queuedPrefillTokens()).isEqualTo(120);
        try (var third = RawGateway.chat(test.port())) {
          assertThat(third.all()).startsWith("HTTP/1.1 503").contains("fairlead-refusal: busy");
        }
        assertThat(test.engine.unread()).isZero();
        running.startEvents().text("one");
        test.awaitState(state -> state.queuedPrefillTokens() == 20);
        running.complete();
        assertThat(first.all()).contains("one").endsWith("0\r\n\r\n");
        ScriptedEngine.Call next = test.engine.next();
        assertThat(next.body).isEqualTo("{\"second\":1}");
        next.startEvents().text("two").complete();
        assertThat(second.all()).contains("two").endsWith("0\r\n\r\n");
      }
    }
  }

  @Test
  void theQueueIsFirstComeFirstServed() throws Exception {
    try (var test = new AgentUnderTest(2).ready();
        var a = RawGateway.chat(test.port());
        var b = RawGateway.chat(test.port())) {
      ScriptedEngine.Call callA = test.engine.next();
      ScriptedEngine.Call callB = test.engine.next();
      try (var c = RawGateway.post(test.port(), RawGateway.CHAT, "{\"c\":1}")) {
        test.awaitLoad(2, 1);
        try (var d = RawGateway.post(test.port(), RawGateway.CHAT, "{\"d\":1}")) {
          test.awaitLoad(2, 2);
          callB.startEvents().text("b").complete();
          ScriptedEngine.Call callC = test.engine.next();
          assertThat(callC.body).isEqualTo("{\"c\":1}");
          callA.startEvents().text("a").complete();
          ScriptedEngine.Call callD = test.engine.next();
          assertThat(callD.body).isEqualTo("{\"d\":1}");
          callC.startEvents().text("c").complete();
          callD.startEvents().text("d").complete();
          for (RawGateway gateway : new RawGateway[] {a, b, c, d}) {
            assertThat(gateway.all()).endsWith("0\r\n\r\n");
          }
        }
      }
    }
  }

  @Test
  void aGatewayThatLeavesWhileItWaitsFreesItsPlaceAndTheEngineNeverHearsOfIt() throws Exception {
    try (var test = new AgentUnderTest(1).ready();
        var first = RawGateway.chat(test.port())) {
      ScriptedEngine.Call running = test.engine.next();
      RawGateway leaving = RawGateway.chat(test.port());
      test.awaitLoad(1, 1);
      leaving.close();
      test.awaitLoad(1, 0);
      running.startEvents().text("x").complete();
      assertThat(first.all()).endsWith("0\r\n\r\n");
    }
  }

  @Test
  void aSlowBodyTakesNoSlot() throws Exception {
    try (var test = new AgentUnderTest(1).ready();
        var slow = RawGateway.unfinished(test.port(), RawGateway.CHAT, 100);
        var quick = RawGateway.chat(test.port())) {
      test.engine.next().startEvents().text("x").complete();
      assertThat(quick.all()).endsWith("0\r\n\r\n");
      assertThat(slow.seen()).isEmpty();
    }
  }

  @Test
  void theEngineSeesNothingOfOurHeadersNorOfTheClients() throws Exception {
    try (var test = new AgentUnderTest(1).ready();
        var gateway =
            RawGateway.chat(
                test.port(),
                "cookie: a=b",
                "x-conversation-id: 1",
                "x-request-id: r1",
                "fairlead-model: m",
                "fairlead-replica: " + AgentUnderTest.REPLICA)) {
      ScriptedEngine.Call call = test.engine.next();
      assertThat(call.headers.keySet())
          .containsOnly("host", "content-type", "accept", "content-length");
      assertThat(call.header("accept")).isEqualTo("text/event-stream");
      call.startEvents().text("x").complete();
      assertThat(gateway.all()).contains("x-request-id: r1");
    }
  }

  @Test
  void readinessFollowsTheEngineAndLivenessDoesNot() throws Exception {
    try (var test = new AgentUnderTest(1)) {
      assertThat(status(test, "/health")).startsWith("HTTP/1.1 200");
      assertThat(status(test, "/ready")).startsWith("HTTP/1.1 503");
      test.engine.health(503);
      test.agent.engineListening("127.0.0.1", test.engine.port());
      await().until(() -> test.events.contains("LOADING"));
      assertThat(status(test, "/ready")).startsWith("HTTP/1.1 503");
      test.engine.health(200);
      test.awaitState(state -> state.ready());
      assertThat(test.engine.nextWarmUp().path).isEqualTo("/v1/completions");
      assertThat(status(test, "/ready")).startsWith("HTTP/1.1 200");
      test.agent.engineGone("exit code 1");
      test.awaitState(state -> !state.ready());
      assertThat(status(test, "/ready")).startsWith("HTTP/1.1 503");
      assertThat(status(test, "/health")).startsWith("HTTP/1.1 200");
      assertThat(test.events).containsExactly("LOADING", "WARMING", "READY", "ABSENT");
    }
  }

  @Test
  void anEngineThatFailsItsWarmUpIsNotReadyUntilItAnswers() throws Exception {
    try (var test = new AgentUnderTest(1)) {
      test.engine.warmUp(500);
      test.agent.engineListening("127.0.0.1", test.engine.port());
      await().until(() -> test.events.contains("warm-up failed: the engine answered 500"));
      assertThat(test.agent.state().ready()).isFalse();
      test.engine.warmUp(200);
      test.awaitState(state -> state.ready());
    }
  }

  private static String status(AgentUnderTest test, String path) throws IOException {
    try (var gateway = RawGateway.get(test.port(), path, "connection: close")) {
      return gateway.all();
    }
  }
}
