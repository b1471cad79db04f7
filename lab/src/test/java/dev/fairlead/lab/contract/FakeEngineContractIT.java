package dev.fairlead.lab.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.lab.harness.Answer;
import dev.fairlead.lab.harness.Ingredients;
import dev.fairlead.lab.harness.Streamed;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The fake engine and llama.cpp do the same behind an agent.
class FakeEngineContractIT {
  private static final Map<Kind, EngineBehindAgent> ENGINES = new EnumMap<>(Kind.class);
  private static final String CHAT = "/v1/chat/completions";

  enum Kind {
    REAL,
    FAKE;

    EngineBehindAgent start() {
      List<String> program =
          switch (this) {
            case REAL -> Ingredients.engine();
            case FAKE -> Ingredients.fakeEngine("--fake-token-ms", "10", "--fake-load-ms", "300");
          };
      return new EngineBehindAgent(program, Ingredients.model());
    }

    EngineBehindAgent ready() {
      return ENGINES.computeIfAbsent(this, kind -> kind.start().ready());
    }
  }

  @AfterAll
  static void stop() {
    ENGINES.values().forEach(EngineBehindAgent::close);
    ENGINES.clear();
  }

  @ParameterizedTest
  @EnumSource
  void anAgentIsReadyWhenItsEngineIsAndNotBefore(Kind kind) {
    try (EngineBehindAgent engine = kind.start()) {
      assertThat(engine.readiness()).isEqualTo(503);
      engine.ready();
      assertThat(engine.readiness()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChatStreamsARoleThenTextThenAReasonThenUsageThenDone(Kind kind) {
    Streamed answer = kind.ready().stream(CHAT, chat("Say hello.", 8));

    assertThat(answer.awaitEnd().failure()).isEmpty();
    assertThat(answer.status()).isEqualTo(200);
    List<JsonNode> events = answer.events();
    assertThat(events.getFirst().at("/choices/0/delta/role").asText()).isEqualTo("assistant");
    assertThat(answer.text()).isNotEmpty();
    assertThat(events)
        .allSatisfy(event -> {
          assertThat(event.path("object").asText()).isEqualTo("chat.completion.chunk");
          assertThat(event.path("model").asText()).isEqualTo("asked-for");
          assertThat(event.has("timings")).isFalse();
        });
    JsonNode last = events.getLast();
    assertThat(last.path("choices")).isEmpty();
    assertThat(last.at("/usage/prompt_tokens").asInt()).isPositive();
    assertThat(last.at("/usage/completion_tokens").asInt()).isBetween(1, 8);
    assertThat(events.get(events.size() - 2).at("/choices/0/finish_reason").asText())
        .isIn("stop", "length");
    assertThat(answer.done()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void maxTokensCutsAndIsTheReason(Kind kind) {
    Answer answer = kind.ready().whole(CHAT, chat("fake:tokens n=50 Tell me a story.", 3));

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json().at("/choices/0/finish_reason").asText()).isEqualTo("length");
    assertThat(answer.json().at("/usage/completion_tokens").asInt()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void aCompletionIsOneText(Kind kind) {
    Answer answer =
        kind.ready()
            .whole(
                "/v1/completions",
                "{\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                    + "\"prompt\":\"The capital of France is\",\"max_tokens\":4,\"temperature\":0}");

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json().path("object").asText()).isEqualTo("text_completion");
    assertThat(answer.json().at("/choices/0/text").asText()).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aClientThatLeavesFreesItsSlotAtOnce(Kind kind) {
    EngineBehindAgent engine = kind.ready();
    Streamed first = engine.stream(CHAT, endless());
    Streamed second = engine.stream(CHAT, endless());
    first.awaitText();
    second.awaitText();
    engine.awaitState(state -> state.running() == EngineBehindAgent.SLOTS);

    first.close();
    second.close();

    engine.awaitState(state -> state.running() == 0 && state.waiting() == 0);
    assertThat(engine.whole(CHAT, chat("Say hello.", 2)).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void aPromptThatIsTooLongIsRefusedWithTheLimitBeforeAnyEvent(Kind kind) {
    String tooLong = chat("word ".repeat(2 * EngineBehindAgent.CONTEXT), 4);

    Streamed streamed = kind.ready().stream(CHAT, tooLong);
    streamed.awaitEnd();

    assertThat(streamed.status()).isEqualTo(400);
    assertThat(streamed.lines()).noneMatch(line -> line.text().startsWith("data:"));
    Answer whole = kind.ready().whole(CHAT, tooLong);
    assertThat(whole.status()).isEqualTo(400);
    assertThat(whole.errorCode()).isEqualTo("context_length_exceeded");
    assertThat(whole.errorMessage()).contains(Integer.toString(EngineBehindAgent.CONTEXT));
  }

  private static String endless() {
    return chat("fake:tokens n=400 Tell me a long story.", 400);
  }

  private static String chat(String user, int maxTokens) {
    return """
    {"stream":true,"stream_options":{"include_usage":true},"temperature":0,"max_tokens":%d,"ignore_eos":true,"messages":[
      {"role":"system","content":"You are a helpful assistant."},
      {"role":"user","content":"%s"}]}\
    """
        .formatted(maxTokens, user);
  }
}
