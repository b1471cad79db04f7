package dev.fairlead.engines.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.engines.fake.Fault.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The fake against what was recorded from the real engine, and its faults.
class FakeEngineIT {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String FRANCE = "What is the capital of France?";

  private FakeEngine engine = FakeEngine.start(FakeOptions.defaults());

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void aChatStreamIsTheRecordedOne() throws Exception {
    var answer =
        client()
            .post(
                "/v1/chat/completions",
                chat(FRANCE, "\"stream_options\":{\"include_usage\":true}"));

    var recorded = Transcript.of("chat-stream-usage");
    assertThat(answer.head()).isEqualTo(recorded.head());
    assertThat(answer.contents()).isEqualTo("The capital of France is Paris.");
    // A word with its stop is one token here and two there.
    assertThat(answer.shapes().stream().distinct())
        .containsExactlyElementsOf(recorded.shapes().stream().distinct().toList());
    assertThat(answer.body()).endsWith("\n\ndata: [DONE]\n\n");
  }

  @ParameterizedTest
  @CsvSource({
    "chat-stream-length, /v1/chat/completions, true, 4",
    "chat, /v1/chat/completions, false, 30",
    "completion-stream-usage, /v1/completions, true, 3",
    "completion, /v1/completions, false, 3",
  })
  void everyFormOfAnAnswerHasTheRecordedMembersInTheirOrder(
      String transcript, String path, boolean stream, int maxTokens) throws Exception {
    var body =
        """
        {"model":"m","prompt":"one two three four five","messages":[{"role":"user","content":"%s"}],
         "stream":%s,"stream_options":{"include_usage":%s},"max_tokens":%d}\
        """
            .formatted(FRANCE, stream, transcript.contains("usage"), maxTokens);

    var answer = client().post(path, body);

    var recorded = Transcript.of(transcript);
    assertThat(answer.head()).isEqualTo(recorded.head());
    assertThat(answer.shapes()).isEqualTo(recorded.shapes());
  }

  @ParameterizedTest
  @CsvSource({
    "no-messages, /v1/chat/completions, '{\"model\":\"m\"}'",
    "bad-json, /v1/chat/completions, '{bad'",
    "no-embeddings, /v1/embeddings, '{\"input\":\"hi\"}'",
  })
  void aRefusalHasTheRecordedShapeAndClosesTheConnection(
      String transcript, String path, String body) throws Exception {
    var answer = client().post(path, body);

    var recorded = Transcript.of(transcript);
    assertThat(answer.head()).isEqualTo(recorded.head());
    assertThat(answer.shapes()).isEqualTo(recorded.shapes());
    assertThat(answer.body()).contains(recorded.body().substring(0, 30));
  }

  @Test
  void aPromptOverTheContextIsRefusedWithTheLimit() throws Exception {
    restart(FakeOptions.defaults().with("-np", "2").with("-c", "20"));

    var answer = client().post("/v1/chat/completions", chat("word ".repeat(50), "\"x\":1"));

    assertThat(answer.head()).isEqualTo(Transcript.of("too-long").head());
    assertThat(answer.shapes()).isEqualTo(Transcript.of("too-long").shapes());
    assertThat(answer.body()).contains("exceeds the available context size (10 tokens)");
  }

  @Test
  void embeddingsComeAsFloatsOrBase64OfTheSameNumbers() throws Exception {
    restart(FakeOptions.defaults().with("--embedding").with("-ub", "8"));

    var floats =
        client().post("/v1/embeddings", "{\"model\":\"m\",\"input\":[\"hi\",\"you there\"]}");
    var base64 =
        client()
            .post(
                "/v1/embeddings",
                "{\"model\":\"m\",\"input\":\"hi\",\"encoding_format\":\"base64\"}");

    assertThat(floats.head()).isEqualTo(Transcript.of("embeddings").head());
    var vector = floats.json().at("/data/0/embedding");
    var bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(base64.json().at("/data/0/embedding").asText()))
            .order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.getFloat()).isEqualTo((float) vector.get(0).asDouble());
    assertThat(bytes.capacity()).isEqualTo(4 * vector.size());
    assertThat(floats.json().at("/data/1/index").asInt()).isEqualTo(1);

    var tooLong = client().post("/v1/embeddings", "{\"input\":\"" + "a ".repeat(9) + "\"}");
    assertThat(tooLong.head()).isEqualTo(Transcript.of("embedding-too-long").head());
    assertThat(tooLong.shapes()).isEqualTo(Transcript.of("embedding-too-long").shapes());
  }

  @Test
  void untilTheModelIsLoadedEverythingIsUnavailable() throws Exception {
    restart(FakeOptions.defaults().with("--fake-load-ms", "300"));

    var early = client().get("/health");

    assertThat(early.status()).isEqualTo(503);
    assertThat(early.body())
        .isEqualTo(
            "{\"error\":{\"code\":503,\"message\":\"Loading model\",\"type\":\"unavailable_error\"}}");
    await().atMost(SOON).until(() -> client().get("/health").status() == 200);
  }

  @Test
  void aStreamsClientThatLeavesFreesItsSlot() throws Exception {
    for (var fault : List.of(new Fault(Kind.HANG, 0), new Fault(Kind.SLOW, 1))) {
      int before = engine.counters().cancelled();
      var client = client();
      client.send("/v1/chat/completions", chat(fault.message(), "\"x\":1"));
      await().atMost(SOON).until(() -> engine.counters().running() == 1);
      assertThat(client().get("/slots").body()).contains("\"is_processing\":true");

      client.leave();

      await().atMost(SOON).until(() -> engine.counters().cancelled() == before + 1);
      assertThat(engine.counters().running()).isZero();
    }
  }

  @Test
  void aNonStreamingRequestRunsOnWhenItsClientLeaves() throws Exception {
    var client = client();
    client.send(
        "/v1/chat/completions",
        chat(new Fault(Kind.PREFILL, 300).message(), "\"x\":1").replace("true", "false"));
    await().atMost(SOON).until(() -> engine.counters().running() == 1);

    client.leave();

    await().atMost(SOON).until(() -> engine.counters().finished() == 1);
    assertThat(engine.counters().cancelled()).isZero();
  }

  @Test
  void whatHasNoSlotIsDeferred() throws Exception {
    restart(FakeOptions.defaults().with("-np", "1"));
    try (var first = client();
        var second = client()) {
      first.send("/v1/chat/completions", chat("fake:hang", "\"x\":1"));
      await().atMost(SOON).until(() -> engine.counters().running() == 1);
      second.send("/v1/chat/completions", chat("hello", "\"x\":1"));
      await().atMost(SOON).until(() -> engine.counters().deferred() == 1);
      assertThat(client().get("/metrics").body())
          .contains("\nllamacpp:requests_processing 1\n")
          .contains("\nllamacpp:requests_deferred 1\n");

      first.leave();

      assertThat(second.receive().contents()).isEqualTo("You said: hello");
      assertThat(engine.counters().mostRunning()).isEqualTo(1);
    }
  }

  @Test
  void aPromptThatWasSeenIsCachedAndAnAnswerThatWasBegunIsContinued() throws Exception {
    var first = client().post("/v1/completions", "{\"prompt\":\"a b c d\"}");
    var second = client().post("/v1/completions", "{\"prompt\":\"a b c d e\"}");

    assertThat(first.json().at("/usage/prompt_tokens_details/cached_tokens").asInt()).isZero();
    assertThat(second.json().at("/usage/prompt_tokens_details/cached_tokens").asInt()).isEqualTo(4);

    var continued =
        client()
            .post(
                "/v1/chat/completions",
                """
                {"stream":true,"messages":[{"role":"user","content":"%s"},
                 {"role":"assistant","content":"The capital of"}]}\
                """
                    .formatted(FRANCE));
    assertThat(continued.contents()).isEqualTo(" France is Paris.");
  }

  @Test
  void aConnectionServesOneRequestAfterAnotherAndCommentsKeepASilentOneOpen() throws Exception {
    restart(FakeOptions.defaults().with("--fake-ping-ms", "20"));
    try (var client = client()) {
      for (int i = 0; i < 3; i++) {
        client.send("/v1/chat/completions", chat("fake:prefill ms=100", "\"x\":1"));
        assertThat(client.receive().body()).startsWith(":\n\n:\n\n").endsWith("[DONE]\n\n");
      }
    }
  }

  @Test
  void aConnectionThatPausesIsClosed() throws Exception {
    restart(FakeOptions.defaults().with("--fake-idle-ms", "50"));
    try (var client = client()) {
      client.send("/v1/chat/completions", chat("hi", "\"x\":1"));
      client.receive();

      assertThat(client.readToEnd()).isEmpty();
    }
  }

  @Test
  void anAnswerCanEndWithoutAReasonOrInAnError() throws Exception {
    var noFinish = client().post("/v1/chat/completions", chat("fake:no-finish after=2", "\"x\":1"));
    assertThat(noFinish.body()).doesNotContain("[DONE]").doesNotContain("\"stop\"");
    assertThat(noFinish.contents()).isEqualTo("You said:");

    var error = client().post("/v1/chat/completions", chat("fake:error after=1", "\"x\":1"));
    assertThat(error.contents()).isEqualTo("You");
    assertThat(error.body())
        .endsWith("\"type\":\"server_error\"}}\n\n")
        .contains("data: {\"error\":{\"code\":500");

    var garbage = client().post("/v1/chat/completions", chat("fake:garbage after=1", "\"x\":1"));
    assertThat(garbage.body()).contains("data: {\"choices\":[{\"del\n\n").endsWith("[DONE]\n\n");
  }

  @ParameterizedTest
  @EnumSource(names = {"CUT", "CRASH"})
  void aCutIsNoCleanEnd(Kind kind) {
    engine.fail(kind, 1);

    assertThatThrownBy(() -> client().post("/v1/chat/completions", chat("hi", "\"x\":1")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aPlannedFaultHitsOneRequest() throws Exception {
    engine.fail(Kind.HTML500, 500);

    var page = client().post("/v1/chat/completions", chat("hi", "\"x\":1"));
    var next = client().post("/v1/chat/completions", chat("hi", "\"x\":1"));

    assertThat(page.status()).isEqualTo(500);
    assertThat(page.body()).startsWith("<html>");
    assertThat(next.status()).isEqualTo(200);
    assertThat(engine.bodies()).hasSize(2);
  }

  @Test
  void aToolIsCalledInFragmentsAlsoInTheTwoBrokenForms() throws Exception {
    var tools =
        """
        "tools":[{"type":"function","function":{"name":"weather","parameters":
         {"type":"object","properties":{"city":{"type":"string"}}}}}]\
        """;

    var whole = client().post("/v1/chat/completions", chat("hi", tools).replace("true", "false"));
    var call = whole.json().at("/choices/0/message/tool_calls/0");
    assertThat(call.at("/function/arguments").asText()).isEqualTo("{\"city\":\"Paris\"}");

    var proper = client().post("/v1/chat/completions", chat("hi", tools));
    assertThat(proper.count("\"name\":\"weather\"")).isEqualTo(1);
    assertThat(proper.count("\"tool_calls\":[{\"index\":0")).isEqualTo(3);
    assertThat(proper.body()).contains("\"finish_reason\":\"tool_calls\"");

    var repeated = client().post("/v1/chat/completions", chat("fake:tool-repeated", tools));
    assertThat(repeated.count("\"name\":\"weather\"")).isEqualTo(3);

    var noIndex = client().post("/v1/chat/completions", chat("fake:tool-no-index", tools));
    assertThat(noIndex.count("\"tool_calls\":[{\"id\"")).isEqualTo(1);
    assertThat(noIndex.count("\"tool_calls\":[{\"index\"")).isZero();
  }

  private void restart(FakeOptions options) {
    engine.close();
    engine = FakeEngine.start(options);
  }

  private RawClient client() throws IOException {
    return new RawClient(engine.port());
  }

  private static String chat(String message, String more) {
    return """
    {"model":"m","stream":true,"messages":[{"role":"user","content":"%s"}],%s}\
    """
        .formatted(message, more);
  }
}
