package dev.fairlead.dataplane.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class WholeAnswerTest {

  @Test
  void aRealChatIsPutTogether() {
    AnswerRecorder answer =
        AnswerRecorder.whole(EndpointKind.CHAT, Wire.transcript("llama-chat-usage.sse"));
    JsonNode expected =
        Wire.json(
            """
            {"id":"chatcmpl-1","object":"chat.completion","created":42,"model":"served","choices":[
             {"index":0,"message":{"role":"assistant","content":"The capital of France is Paris.",
              "refusal":null},"logprobs":null,"finish_reason":"stop"}],
             "usage":{"prompt_tokens":27,"completion_tokens":8,"total_tokens":35,
              "prompt_tokens_details":{"cached_tokens":0}}}
            """);
    assertThat(Wire.json(answer.output())).isEqualTo(expected);
    assertThat(answer.firstTokens()).isEqualTo(1);
    assertThat(answer.notReleased()).isZero();
  }

  @Test
  void aRealCompletionIsPutTogether() {
    AnswerRecorder answer =
        AnswerRecorder.whole(EndpointKind.COMPLETION, Wire.transcript("llama-completion.sse"));
    JsonNode json = Wire.json(answer.output());
    assertThat(json.get("object").asText()).isEqualTo("text_completion");
    assertThat(json.get("choices").get(0).toString())
        .isEqualTo(
            "{\"index\":0,\"text\":\" Paris.\\n\\n\",\"logprobs\":null,\"finish_reason\":\"length\"}");
    assertThat(json.at("/usage/total_tokens").asInt()).isEqualTo(9);
  }

  @Test
  void logprobsOfAllPiecesAreJoined() {
    AnswerRecorder answer =
        AnswerRecorder.whole(EndpointKind.CHAT, Wire.transcript("llama-chat-logprobs.sse"));
    JsonNode content = Wire.json(answer.output()).at("/choices/0/logprobs/content");
    assertThat(content).hasSize(3);
    assertThat(content.get(2).get("token").asText()).isEqualTo(" of");
  }

  @Test
  void aToolCallHasNoContent() {
    String stream =
        """
        data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f"}}]}}]}

        data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}}]}

        data: {"choices":[{"delta":{},"finish_reason":"tool_calls"}]}

        """;
    JsonNode choice =
        Wire.json(AnswerRecorder.whole(EndpointKind.CHAT, stream).output()).at("/choices/0");
    assertThat(choice.get("message").toString())
        .isEqualTo(
            "{\"role\":\"assistant\",\"content\":null,\"refusal\":null,\"tool_calls\":[{\"id\":\"c\","
                + "\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}");
    assertThat(choice.get("finish_reason").asText()).isEqualTo("tool_calls");
  }

  @Test
  void aFailedAnswerHasNoOutputAtAll() {
    AnswerRecorder answer =
        AnswerRecorder.whole(
            EndpointKind.CHAT, "data: {\"choices\":[{\"delta\":{\"content\":\"half\"}}]}\n\n");
    assertThat(answer.output()).isEmpty();
    assertThat(answer.error().status()).isEqualTo(502);
    assertThat(answer.notReleased()).isZero();
  }
}
