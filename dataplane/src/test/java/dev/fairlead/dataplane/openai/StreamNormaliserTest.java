package dev.fairlead.dataplane.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.dataplane.openai.StreamNormaliser.Form;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamNormaliserTest {
  private static final String FINISH =
      "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
  private static final String DONE = "data: [DONE]\n\n";

  private static String delta(String delta) {
    return "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":"
        + delta.replace('\'', '"')
        + ",\"finish_reason\":null}]}\n\n";
  }

  private static JsonNode deltaOf(JsonNode chunk) {
    return chunk.get("choices").get(0).get("delta");
  }

  private static String textOf(List<JsonNode> chunks) {
    StringBuilder text = new StringBuilder();
    for (JsonNode chunk : chunks) {
      text.append(chunk.at("/choices/0/delta/content").asText(""));
    }
    return text.toString();
  }

  @Test
  void aRealAnswerBecomesOpenAis() {
    AnswerRecorder answer = AnswerRecorder.chat(Wire.transcript("llama-chat-usage.sse"));
    List<JsonNode> chunks = Wire.chunksOf(answer.output());
    assertThat(answer.output()).endsWith("\n\n" + DONE);
    assertThat(chunks).hasSize(10);
    assertThat(chunks)
        .allSatisfy(chunk -> {
          assertThat(chunk.get("id").asText()).isEqualTo("chatcmpl-1");
          assertThat(chunk.get("object").asText()).isEqualTo("chat.completion.chunk");
          assertThat(chunk.get("created").asLong()).isEqualTo(42);
          assertThat(chunk.get("model").asText()).isEqualTo(AnswerRecorder.MODEL);
          assertThat(chunk.has("timings")).isFalse();
          assertThat(chunk.has("system_fingerprint")).isFalse();
        });
    assertThat(deltaOf(chunks.getFirst()).toString())
        .isEqualTo("{\"role\":\"assistant\",\"content\":\"\"}");
    assertThat(chunks.subList(1, 8))
        .allSatisfy(chunk -> {
          assertThat(deltaOf(chunk).has("role")).isFalse();
          assertThat(chunk.at("/choices/0/finish_reason").isNull()).isTrue();
          assertThat(chunk.at("/choices/0/logprobs").isNull()).isTrue();
          assertThat(chunk.has("usage")).isFalse();
        });
    assertThat(textOf(chunks)).isEqualTo("The capital of France is Paris.");
    JsonNode finish = chunks.get(8);
    assertThat(deltaOf(finish)).isEmpty();
    assertThat(finish.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    JsonNode usage = chunks.get(9);
    assertThat(usage.get("choices")).isEmpty();
    assertThat(usage.get("usage")).isEqualTo(finish.get("usage"));
    assertThat(usage.at("/usage/total_tokens").asLong()).isEqualTo(35);
    assertThat(answer.usage()).hasValue(new Usage(27, 8, 0));
    assertThat(answer.finishReason()).hasValue("stop");
    assertThat(answer.firstTokens()).isEqualTo(1);
    assertThat(answer.normaliser().deltas()).isEqualTo(7);
    assertThat(answer.ends()).isEqualTo(1);
    assertThat(answer.notReleased()).isZero();
  }

  @Test
  void theFinishCarriesUsageOnlyWhenAskedForButTheUsageChunkIsThereAlways() {
    AnswerRecorder answer = new AnswerRecorder(EndpointKind.CHAT, Form.EVENTS);
    answer.send(Wire.transcript("llama-chat-usage.sse"));
    List<JsonNode> chunks = Wire.chunksOf(answer.output());
    assertThat(chunks.get(8).has("usage")).isFalse();
    assertThat(chunks.get(9).has("usage")).isTrue();
  }

  @Test
  void anAnswerWithoutUsageIsCompleteToo() {
    AnswerRecorder answer = AnswerRecorder.chat(Wire.transcript("llama-chat-length.sse"));
    assertThat(answer.finishReason()).hasValue("length");
    assertThat(answer.usage()).isEmpty();
    assertThat(answer.output()).doesNotContain("usage").endsWith(DONE);
  }

  @Test
  void logprobsAreKept() {
    AnswerRecorder answer = AnswerRecorder.chat(Wire.transcript("llama-chat-logprobs.sse"));
    JsonNode first = Wire.chunksOf(answer.output()).get(1);
    assertThat(first.at("/choices/0/logprobs/content/0/token").asText()).isEqualTo("The");
    assertThat(first.at("/choices/0/logprobs/content/0/top_logprobs")).hasSize(2);
  }

  @Test
  void aLegacyCompletionKeepsItsShape() {
    AnswerRecorder answer = new AnswerRecorder(EndpointKind.COMPLETION, Form.EVENTS_WITH_USAGE);
    answer.send(Wire.transcript("llama-completion.sse"));
    List<JsonNode> chunks = Wire.chunksOf(answer.output());
    assertThat(chunks).hasSize(6);
    assertThat(chunks.getFirst().get("object").asText()).isEqualTo("text_completion");
    assertThat(chunks.getFirst().get("choices").get(0).toString())
        .isEqualTo("{\"index\":0,\"text\":\" Paris\",\"logprobs\":null,\"finish_reason\":null}");
    assertThat(chunks.get(4).at("/choices/0/finish_reason").asText()).isEqualTo("length");
    assertThat(chunks.get(4).at("/choices/0/text").asText()).isEmpty();
    assertThat(chunks.get(4).at("/usage/completion_tokens").asInt()).isEqualTo(4);
    assertThat(chunks.get(5).get("choices")).isEmpty();
    assertThat(answer.usage()).hasValue(new Usage(5, 4, 0));
  }

  @Test
  void textInTheFinishingChunkComesBeforeTheFinish() {
    String last =
        "data: {\"choices\":[{\"delta\":{\"content\":\"!\"},\"finish_reason\":\"stop\"}]}\n\n";
    List<JsonNode> chunks = Wire.chunksOf(AnswerRecorder.chat(last + DONE).output());
    assertThat(chunks).hasSize(3);
    assertThat(deltaOf(chunks.get(1)).get("content").asText()).isEqualTo("!");
    assertThat(chunks.get(1).at("/choices/0/finish_reason").isNull()).isTrue();
    assertThat(deltaOf(chunks.get(2))).isEmpty();
  }

  @Test
  void reasoningIsKeptAndCountsAsFirstToken() {
    AnswerRecorder answer =
        AnswerRecorder.chat(
            delta("{'role':'assistant','content':null}")
                + delta("{'reasoning_content':'hm'}")
                + delta("{'reasoning':'so','role':'assistant'}")
                + FINISH);
    List<JsonNode> chunks = Wire.chunksOf(answer.output());
    assertThat(deltaOf(chunks.get(1)).toString()).isEqualTo("{\"reasoning_content\":\"hm\"}");
    assertThat(deltaOf(chunks.get(2)).toString()).isEqualTo("{\"reasoning_content\":\"so\"}");
    assertThat(answer.firstTokens()).isEqualTo(1);
  }

  @Test
  void engineCommentsEmptyDeltasAndExtrasAreDropped() {
    String stream =
        ": ping\n\n"
            + delta("{'content':''}")
            + "data: {\"choices\":[],\"prompt_progress\":{\"total\":9}}\n\n"
            + delta("{'content':'a','__verbose':{'prompt':'secret'}}")
            + FINISH;
    AnswerRecorder answer = AnswerRecorder.chat(stream);
    assertThat(Wire.chunksOf(answer.output())).hasSize(3);
    assertThat(answer.output()).doesNotContain("ping", "progress", "secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'index':0,'id':'c1','type':'function','function':{'name':'f','arguments':'{'}}"
            + "|{'index':0,'function':{'arguments':'}'}}",
        "{'index':0,'id':'c1','type':'function','function':{'name':'f','arguments':'{'}}"
            + "|{'index':0,'id':'c1','type':'function','function':{'name':'f','arguments':'}'}}",
        "{'id':'c1','function':{'name':'f','arguments':'{'}}"
            + "|{'id':'c1','function':{'name':'f','arguments':'}'}}",
        "{'id':'c1','function':{'name':'f','arguments':'{'}}|{'function':{'arguments':'}'}}",
        "{'index':0,'id':'c1','function':{'name':'f','arguments':{}}}",
        "{'index':7,'id':'c1','function':{'name':'f'}}|{'index':7,'function':{'arguments':'{}'}}",
      })
  void oneToolCallHasIdAndNameOnceAndAnIndexAlways(String parts) {
    StringBuilder stream = new StringBuilder();
    for (String part : parts.split("\\|", -1)) {
      stream.append(delta("{'tool_calls':[" + part + "]}"));
    }
    AnswerRecorder answer = AnswerRecorder.chat(stream + FINISH);
    StringBuilder arguments = new StringBuilder();
    int ids = 0;
    for (JsonNode chunk : Wire.chunksOf(answer.output())) {
      for (JsonNode call : chunk.at("/choices/0/delta/tool_calls")) {
        assertThat(call.get("index").asInt(-1)).isZero();
        arguments.append(call.at("/function/arguments").asText());
        if (call.has("id")) {
          ids++;
          assertThat(call.get("id").asText()).isEqualTo("c1");
          assertThat(call.get("type").asText()).isEqualTo("function");
          assertThat(call.at("/function/name").asText()).isEqualTo("f");
        } else {
          assertThat(call.has("type") || call.get("function").has("name")).isFalse();
        }
      }
    }
    assertThat(ids).isEqualTo(1);
    assertThat(arguments).hasToString("{}");
    assertThat(answer.firstTokens()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // All at index 0, as some engines do; two in one chunk without any index or id.
        "[{'index':0,'id':'a','function':{'name':'f','arguments':'1'}}]"
            + "|[{'index':0,'id':'b','function':{'name':'f','arguments':'2'}}]",
        "[{'function':{'name':'f','arguments':'1'}},{'function':{'name':'f','arguments':'2'}}]",
        "[{'index':0,'id':'a','function':{'name':'f','arguments':''}},"
            + "{'index':1,'id':'b','function':{'name':'f','arguments':''}}]"
            + "|[{'index':1,'function':{'arguments':'2'}},{'index':0,'function':{'arguments':'1'}}]",
      })
  void twoToolCallsStayTwo(String parts) {
    StringBuilder stream = new StringBuilder();
    for (String part : parts.split("\\|", -1)) {
      stream.append(delta("{'tool_calls':" + part + "}"));
    }
    AnswerRecorder answer = AnswerRecorder.whole(EndpointKind.CHAT, stream + FINISH);
    JsonNode calls = Wire.json(answer.output()).at("/choices/0/message/tool_calls");
    assertThat(calls).hasSize(2);
    assertThat(calls.get(0).at("/function/arguments").asText()).isEqualTo("1");
    assertThat(calls.get(1).at("/function/arguments").asText()).isEqualTo("2");
    assertThat(calls.get(0).get("id")).isNotEqualTo(calls.get(1).get("id"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "data: [DONE]\n\n",
        "error: {\"code\":500}\n\n",
        "event: error\ndata: {\"error\":{\"message\":\"SECRET\"}}\n\n",
        "event: error\ndata: <html>SECRET</html>\n\n",
        "data: {\"error\":{\"message\":\"SECRET\",\"code\":500}}\n\n",
        "data: {\"error\":\"SECRET\"}\n\n",
        "data: {\"choices\":[{\"delta\":{\"content\":\"SECRET\n\n",
        "data: not json SECRET\n\n",
        "data: [1]\n\n",
      })
  void aFailureInMidStreamIsAnErrorEventAndNeverACleanEnd(String failure) {
    AnswerRecorder answer = AnswerRecorder.chat(delta("{'content':'a'}") + failure);
    assertThat(answer.error().status()).isEqualTo(502);
    assertThat(answer.output())
        .endsWith(answer.error().toErrorEvent())
        .doesNotContain("[DONE]", "SECRET");
    assertThat(answer.ends()).isEqualTo(1);
    assertThat(answer.notReleased()).isZero();
  }

  @Test
  void aFailureBeforeAnyOutputIsLeftToTheCaller() {
    AnswerRecorder answer = AnswerRecorder.chat("data: {\"error\":{\"message\":\"x\"}}\n\n");
    assertThat(answer.error().status()).isEqualTo(502);
    assertThat(answer.output()).isEmpty();
  }

  @Test
  void aConnectionLostAfterTheFinishIsACompleteAnswer() {
    AnswerRecorder answer = new AnswerRecorder(EndpointKind.CHAT, Form.EVENTS_WITH_USAGE);
    SseReader reader = new SseReader(1000, answer.normaliser());
    reader.accept(Wire.bytes(delta("{'content':'a'}") + FINISH));
    assertThat(answer.ends()).isZero();
    answer.normaliser().fail(ApiError.badGateway("lost"));
    assertThat(answer.finishReason()).hasValue("stop");
    assertThat(answer.output()).endsWith(DONE);
    answer.normaliser().end();
    assertThat(answer.ends()).isEqualTo(1);
  }

  @Test
  void theUsageDoesNotWaitForDone() {
    AnswerRecorder answer = new AnswerRecorder(EndpointKind.CHAT, Form.EVENTS_WITH_USAGE);
    SseReader reader = new SseReader(1000, answer.normaliser());
    String usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3}}\n\n";
    reader.accept(Wire.bytes(delta("{'content':'a'}") + FINISH + usage));
    assertThat(answer.usage()).hasValue(new Usage(3, 0, 0));
    reader.accept(Wire.bytes(DONE + delta("{'content':'late'}")));
    assertThat(answer.output()).doesNotContain("late");
    assertThat(answer.ends()).isEqualTo(1);
  }

  @Test
  void anAnswerWithoutATokenStillHasItsRole() {
    List<JsonNode> chunks = Wire.chunksOf(AnswerRecorder.chat(FINISH).output());
    assertThat(deltaOf(chunks.getFirst()).get("role").asText()).isEqualTo("assistant");
  }

  @Test
  void idsAreOpenAisAndDiffer() {
    Random random = new Random(1);
    InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(99));
    AnswerIdentity one = AnswerIdentity.create(EndpointKind.CHAT, "m", random, clock);
    AnswerIdentity two = AnswerIdentity.create(EndpointKind.COMPLETION, "m", random, clock);
    assertThat(one.id()).matches("chatcmpl-[0-9A-Za-z]{29}");
    assertThat(two.id()).matches("cmpl-[0-9A-Za-z]{29}");
    assertThat(one.id()).doesNotContain(two.id().substring(5));
    assertThat(one.created()).isEqualTo(99);
  }
}
