package dev.fairlead.dataplane.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.core.model.Artifact.Purpose;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AgentRelayIT {
  private static final String VECTORS =
      "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[1.0,2.0]}],"
          + "\"model\":\"x\",\"usage\":{\"prompt_tokens\":3,\"total_tokens\":3}}";

  @Test
  void aStreamArrivesPieceByPieceUnderTheClientsNameOfTheModel() throws Exception {
    try (var test = new AgentUnderTest(1).ready();
        var gateway =
            RawGateway.chat(
                test.port(),
                "fairlead-model: gpt-x",
                "fairlead-usage: asked",
                "x-request-id: r9")) {
      ScriptedEngine.Call call = test.engine.next();
      call.startEvents().text("one");
      gateway.until("one");
      assertThat(gateway.seen())
          .startsWith("HTTP/1.1 200")
          .contains("text/event-stream")
          .contains("x-request-id: r9")
          .contains("gpt-x")
          .doesNotContain("two");
      call.text("two").complete();
      assertThat(gateway.all())
          .contains("two")
          .contains("\"finish_reason\":\"stop\"")
          .contains("\"prompt_tokens\":12")
          .contains("data: [DONE]")
          .endsWith("0\r\n\r\n");
    }
  }

  @Test
  void aWholeAnswerIsOneJsonWithItsTokensInAHeader() throws Exception {
    try (var test = new AgentUnderTest(1).ready();
        var gateway = RawGateway.chat(test.port(), "fairlead-answer: whole")) {
      test.engine.next().startEvents().text("Hello").text(" you").complete();
      assertThat(gateway.all())
          .startsWith("HTTP/1.1 200")
          .contains("content-type: application/json")
          .contains("fairlead-tokens: prompt=12, completion=5, cached=4")
          .contains("\"chat.completion\"")
          .contains("Hello you");
    }
  }

  @Test
  void vectorsComeInTheEncodingThatWasAskedFor() throws Exception {
    try (var test =
        new AgentUnderTest(1, options -> options.withPurpose(Purpose.EMBEDDING)).ready()) {
      assertThat(test.engine.nextWarmUp().path).isEqualTo("/v1/embeddings");
      try (var gateway =
          RawGateway.post(
              test.port(),
              "/v1/embeddings",
              "{\"input\":\"a\"}",
              "fairlead-encoding: base64",
              "fairlead-model: emb")) {
        ScriptedEngine.Call call = test.engine.next();
        assertThat(call.path).isEqualTo("/v1/embeddings");
        call.whole(200, "application/json", VECTORS);
        assertThat(gateway.all())
            .startsWith("HTTP/1.1 200")
            .contains("fairlead-tokens: prompt=3, completion=0, cached=0")
            .contains("\"AACAPwAAAEA=\"")
            .contains("\"emb\"");
      }
    }
  }

  @Test
  void anErrorOfTheEngineKeepsItsStatusForStreamsToo() throws Exception {
    try (var test = new AgentUnderTest(1).ready();
        var gateway = RawGateway.chat(test.port(), "x-request-id: r3")) {
      test.engine
          .next()
          .whole(
              400,
              "application/json",
              "{\"error\":{\"code\":400,\"message\":\"the request exceeds the available context size\","
                  + "\"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":900,\"n_ctx\":512}}");
      assertThat(gateway.all())
          .startsWith("HTTP/1.1 400")
          .contains("context_length_exceeded")
          .contains("x-request-id: r3")
          .doesNotContain("fairlead-refusal");
    }
  }

  @Test
  void anEngineThatDiesBeforeItsFirstByteCostsNothing() throws Exception {
    try (var test = new AgentUnderTest(1).ready();
        var gateway = RawGateway.chat(test.port())) {
      test.engine.next();
      test.engine.close();
      assertThat(gateway.all())
          .startsWith("HTTP/1.1 502")
          .contains("fairlead-refusal: engine-failed");
    }
  }

  @Test
  void anEngineThatDiesBetweenItsHeadAndItsFirstEventCostsNothing() throws Exception {
    try (var test = new AgentUnderTest(1).ready();
        var gateway = RawGateway.chat(test.port())) {
      test.engine.next().startEvents().reset();
      assertThat(gateway.all())
          .startsWith("HTTP/1.1 502")
          .contains("fairlead-refusal: engine-failed");
    }
  }

  @Test
  void anEngineThatDiesWhileItBuildsAWholeAnswerCostsNothing() throws Exception {
    try (var test = new AgentUnderTest(1).ready();
        var gateway = RawGateway.chat(test.port(), "fairlead-answer: whole")) {
      test.engine.next().startEvents().text("Hel").reset();
      assertThat(gateway.all())
          .startsWith("HTTP/1.1 502")
          .contains("fairlead-refusal: engine-failed")
          .doesNotContain("Hel");
    }
  }

  @Test
  void anEngineThatDiesInMidStreamEndsItWithAnErrorAndNoCleanEnd() throws Exception {
    try (var test = new AgentUnderTest(1).ready();
        var gateway = RawGateway.chat(test.port())) {
      ScriptedEngine.Call call = test.engine.next();
      call.startEvents().text("one");
      gateway.until("one");
      call.reset();
      assertThat(gateway.all())
          .contains("event: error")
          .contains("\"error\"")
          .doesNotContain("[DONE]")
          .doesNotEndWith("0\r\n\r\n");
    }
  }

  @Test
  void anEngineThatIsSaidToBeGoneEndsEverythingAtOnce() throws Exception {
    try (var test = new AgentUnderTest(2).ready();
        var served = RawGateway.chat(test.port())) {
      test.engine.next().startEvents().text("one");
      served.until("one");
      try (var unserved = RawGateway.chat(test.port())) {
        test.engine.next().startEvents();
        try (var waiting = RawGateway.chat(test.port())) {
          test.awaitLoad(2, 1);
          test.agent.engineGone("exit code 139");
          assertThat(waiting.all()).contains("fairlead-refusal: engine-failed");
          assertThat(unserved.all()).contains("fairlead-refusal: engine-failed");
          assertThat(served.all()).contains("event: error").doesNotEndWith("0\r\n\r\n");
          assertThat(test.engine.unread()).isZero();
        }
      }
    }
  }

  @Test
  void aGatewayThatLeavesDuringPrefillStopsTheEngineWithinASecond() throws Exception {
    try (var test = new AgentUnderTest(1).ready()) {
      RawGateway gateway = RawGateway.chat(test.port());
      ScriptedEngine.Call call = test.engine.next();
      gateway.close();
      assertThat(call.leftWithin(1)).isTrue();
    }
  }

  @Test
  void aGatewayThatLeavesInMidStreamStopsTheEngineWithinASecond() throws Exception {
    try (var test = new AgentUnderTest(1).ready()) {
      RawGateway gateway = RawGateway.chat(test.port());
      ScriptedEngine.Call call = test.engine.next();
      call.startEvents().text("one");
      gateway.until("one").close();
      assertThat(call.leftWithin(1)).isTrue();
    }
  }

  @Test
  void anEngineThatNeverAnswersIsGivenUp() throws Exception {
    try (var test =
            new AgentUnderTest(1, options -> options.withRelay(limits(Duration.ofMillis(50))))
                .ready();
        var gateway = RawGateway.chat(test.port())) {
      ScriptedEngine.Call call = test.engine.next();
      assertThat(gateway.all()).startsWith("HTTP/1.1 504").contains("engine_timeout");
      assertThat(call.leftWithin(1)).isTrue();
    }
  }

  @Test
  void anEngineThatDoesNotEndItsAnswerLosesItsConnectionNotItsSlot() throws Exception {
    try (var test = new AgentUnderTest(1).ready();
        var gateway = RawGateway.chat(test.port())) {
      ScriptedEngine.Call call = test.engine.next();
      call.startEvents().text("one").completeWithoutEnd();
      assertThat(gateway.all()).contains("[DONE]").endsWith("0\r\n\r\n");
      assertThat(call.leftWithin(5)).isTrue();
      test.awaitLoad(0, 0);
    }
  }

  @Test
  void aGatewayThatReadsSlowlyStopsTheEngineAndLosesNothing() throws Exception {
    String word = "x".repeat(4_000);
    int count = 4_000;
    try (var test = new AgentUnderTest(1).ready();
        var gateway = RawGateway.chat(test.port())) {
      ScriptedEngine.Call call = test.engine.next();
      call.startEvents();
      var progress = new AtomicInteger();
      Thread writer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (int i = 0; i < count; i++) {
                    call.text(word);
                    progress.incrementAndGet();
                  }
                  call.complete();
                } catch (IOException e) {
                  progress.set(-1);
                }
              });
      int[] last = {-1};
      await()
          .pollInterval(Duration.ofMillis(300))
          .atMost(AgentUnderTest.DEADLINE)
          .until(() -> {
            boolean stands = progress.get() > 0 && progress.get() == last[0];
            last[0] = progress.get();
            return stands;
          });
      assertThat(progress.get()).isBetween(1, count - 1);
      String answer = gateway.all();
      writer.join(10_000);
      assertThat(progress.get()).isEqualTo(count);
      assertThat(answer).endsWith("0\r\n\r\n").contains("[DONE]");
      assertThat(answer.chars().filter(c -> c == 'x').count()).isGreaterThanOrEqualTo(16_000_000);
    }
  }

  @Test
  void metricsUseTheNamesOfVllm() throws Exception {
    try (var test = new AgentUnderTest(1).ready();
        var gateway = RawGateway.chat(test.port())) {
      test.engine.next().startEvents().text("a").text("b").complete();
      assertThat(gateway.all()).endsWith("0\r\n\r\n");
      test.awaitLoad(0, 0);
      try (var scrape = RawGateway.get(test.port(), "/metrics", "connection: close")) {
        assertThat(scrape.all())
            .contains("text/plain")
            .contains("vllm:num_requests_running{model_name=\"tiny\"} 0.0")
            .contains("vllm:num_requests_waiting{model_name=\"tiny\"} 0.0")
            .contains("vllm:prompt_tokens_total{model_name=\"tiny\"} 12.0")
            .contains("vllm:generation_tokens_total{model_name=\"tiny\"} 5.0")
            .contains("vllm:time_to_first_token_seconds_count{model_name=\"tiny\"} 1")
            .contains("vllm:request_queue_time_seconds_count{model_name=\"tiny\"} 1")
            .contains("vllm:e2e_request_latency_seconds_count{model_name=\"tiny\"} 1")
            .contains(
                "vllm:request_success_total{finished_reason=\"stop\",model_name=\"tiny\"} 1.0");
      }
    }
  }

  private static RelayLimits limits(Duration head) {
    return new RelayLimits(
        Duration.ofSeconds(2), Optional.of(head), Optional.empty(), 1 << 20, 1 << 20, 1 << 20);
  }
}
