package dev.fairlead.dataplane.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.dataplane.openai.StreamNormaliser.Form;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The streams of an engine's own Responses and Messages endpoints, as llama.cpp b11549 sends them.
class TypedStreamTest {
  private static final String CREATED =
      event(
          "response.created",
          "\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"in_progress\"}");
  private static final String ADDED =
      event(
          "response.output_item.added",
          "\"item\":{\"content\":[],\"id\":\"msg_1\",\"role\":\"assistant\",\"status\":\"in_progress\",\"type\":\"message\"}");
  private static final String PART =
      event(
          "response.content_part.added",
          "\"item_id\":\"msg_1\",\"part\":{\"type\":\"output_text\",\"text\":\"\"}");
  private static final String DELTA =
      event("response.output_text.delta", "\"item_id\":\"msg_1\",\"delta\":\"Hi\"");
  private static final String CALL =
      event(
          "response.output_item.added",
          "\"item\":{\"arguments\":\"\",\"call_id\":\"c\",\"name\":\"f\",\"type\":\"function_call\",\"id\":\"fc_1\"}");
  private static final String COMPLETED =
      event(
          "response.completed",
          "\"response\":{\"id\":\"resp_1\",\"status\":\"completed\",\"model\":\"/m.gguf\",\"output\":[{\"id\":\"msg_1\"}],"
              + "\"usage\":{\"input_tokens\":27,\"output_tokens\":3,\"input_tokens_details\":{\"cached_tokens\":26}}},"
              + "\"timings\":{\"cache_n\":26}");

  private static final String START =
      event(
          "message_start",
          "\"message\":{\"id\":\"chatcmpl-1\",\"content\":[],\"model\":\"/m.gguf\",\"usage\":{\"cache_read_input_tokens\":26,\"input_tokens\":1,\"output_tokens\":0}}");
  private static final String BLOCK =
      event(
          "content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}");
  private static final String TEXT =
      event(
          "content_block_delta", "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}");
  private static final String STOPPED =
      event(
          "message_delta",
          "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":\"x\"},\"usage\":{\"output_tokens\":3}");
  private static final String STOP = event("message_stop", "\"x\":1");

  private static final String RESPONSE = CREATED + ADDED + PART + DELTA + COMPLETED;
  private static final String MESSAGE = START + BLOCK + TEXT + STOPPED + STOP;

  private static String event(String type, String rest) {
    return "event: %s\ndata: {\"type\":\"%s\",%s}\n\n".formatted(type, type, rest);
  }

  private static AnswerRecorder send(EndpointKind kind, Form form, String stream) {
    AnswerRecorder recorder = new AnswerRecorder(kind, form);
    recorder.send(stream);
    assertThat(recorder.ends()).isEqualTo(1);
    assertThat(recorder.notReleased()).isZero();
    return recorder;
  }

  private static List<JsonNode> events(AnswerRecorder answer) {
    List<JsonNode> events = new ArrayList<>();
    for (String event : answer.output().split("\n\n", -1)) {
      if (!event.isEmpty()) {
        JsonNode data = Wire.json(event.substring(event.indexOf("\ndata: ") + 7));
        assertThat(event).startsWith("event: " + data.path("type").asText() + "\n");
        events.add(data);
      }
    }
    return events;
  }

  @Test
  void aResponseGetsWhatOpenAisLibrariesRequire() {
    AnswerRecorder answer = send(EndpointKind.RESPONSES, Form.EVENTS, RESPONSE);

    List<JsonNode> events = events(answer);
    assertThat(events)
        .extracting(event -> event.path("sequence_number").asInt())
        .containsExactly(0, 1, 2, 3, 4);
    JsonNode delta = events.get(3);
    assertThat(delta.path("output_index").asInt(-1)).isZero();
    assertThat(delta.path("content_index").asInt(-1)).isZero();
    assertThat(delta.path("logprobs").isArray()).isTrue();
    assertThat(events.get(2).at("/part/annotations").isArray()).isTrue();
    JsonNode last = events.getLast();
    assertThat(last.has("timings")).isFalse();
    assertThat(last.at("/response/model").asText()).isEqualTo(AnswerRecorder.MODEL);
    assertThat(last.at("/response/store").asBoolean(true)).isFalse();
    assertThat(last.at("/response/error").isNull()).isTrue();
    assertThat(last.at("/response/usage/output_tokens_details/reasoning_tokens").isInt()).isTrue();
    assertThat(answer.usage()).contains(new Usage(27, 3, 26));
    assertThat(answer.firstTokens()).isEqualTo(1);
  }

  @Test
  void eachItemOfAResponseHasItsIndexAndAnEnginesOwnIsKept() {
    String own =
        event(
            "response.output_text.delta",
            "\"item_id\":\"msg_1\",\"delta\":\"!\",\"output_index\":7,\"content_index\":2");
    AnswerRecorder answer =
        send(EndpointKind.RESPONSES, Form.EVENTS, CREATED + ADDED + DELTA + CALL + own + COMPLETED);

    assertThat(events(answer))
        .extracting(event -> event.path("output_index").asInt(-1))
        .containsExactly(-1, 0, 0, 1, 7, -1);
    assertThat(events(answer).get(4).path("content_index").asInt()).isEqualTo(2);
  }

  @Test
  void aResponseThatIsCutByTheLimitIsIncompleteWithTheReasonLength() {
    AnswerRecorder answer =
        send(
            EndpointKind.RESPONSES,
            Form.EVENTS,
            RESPONSE.replace("response.completed", "response.incomplete"));

    assertThat(answer.finishReason()).contains("length");
  }

  @Test
  void aWholeResponseIsTheLastOneOfTheStream() {
    AnswerRecorder answer = send(EndpointKind.RESPONSES, Form.WHOLE, RESPONSE);

    JsonNode whole = Wire.json(answer.output());
    assertThat(whole.path("id").asText()).isEqualTo("resp_1");
    assertThat(whole.path("model").asText()).isEqualTo(AnswerRecorder.MODEL);
    assertThat(whole.at("/output/0/id").asText()).isEqualTo("msg_1");
  }

  @Test
  void aMessageHasTheServedModelAllCountsAndTheStopSequence() {
    AnswerRecorder answer = send(EndpointKind.MESSAGES, Form.EVENTS, MESSAGE);

    List<JsonNode> events = events(answer);
    assertThat(events.getFirst().at("/message/model").asText()).isEqualTo(AnswerRecorder.MODEL);
    JsonNode stopped = events.get(3);
    assertThat(stopped.at("/delta/stop_reason").asText()).isEqualTo("stop_sequence");
    assertThat(stopped.at("/usage/input_tokens").asInt()).isEqualTo(1);
    assertThat(stopped.at("/usage/cache_read_input_tokens").asInt()).isEqualTo(26);
    assertThat(stopped.at("/usage/output_tokens").asInt()).isEqualTo(3);
    assertThat(events.getLast().path("type").asText()).isEqualTo("message_stop");
    assertThat(answer.usage()).contains(new Usage(27, 3, 26));
  }

  @Test
  void aWholeMessageHasItsBlocksTogether() {
    String call =
        event(
                "content_block_start",
                "\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{}}")
            + event(
                "content_block_delta",
                "\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"a\\\":\"}")
            + event(
                "content_block_delta",
                "\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"1}\"}");
    String tool = STOPPED.replace("end_turn", "tool_use").replace("\"x\"", "null");
    AnswerRecorder answer =
        send(EndpointKind.MESSAGES, Form.WHOLE, START + BLOCK + TEXT + TEXT + call + tool + STOP);

    JsonNode whole = Wire.json(answer.output());
    assertThat(whole.at("/content/0/text").asText()).isEqualTo("HiHi");
    assertThat(whole.at("/content/1/input/a").asInt()).isEqualTo(1);
    assertThat(whole.at("/content/1/name").asText()).isEqualTo("f");
    assertThat(whole.path("stop_reason").asText()).isEqualTo("tool_use");
    assertThat(whole.path("stop_sequence").isNull()).isTrue();
    assertThat(answer.finishReason()).contains("tool_calls");
  }

  @Test
  void aMessageWithoutItsLastEventIsCompleteOnceItHasAReason() {
    AnswerRecorder answer =
        send(EndpointKind.MESSAGES, Form.EVENTS, START + BLOCK + TEXT + STOPPED);

    assertThat(events(answer).getLast().path("type").asText()).isEqualTo("message_stop");
    assertThat(answer.finishReason()).contains("stop");
  }

  @ParameterizedTest
  @EnumSource(
      value = EndpointKind.class,
      names = {"RESPONSES", "MESSAGES"})
  void anEndInTheMiddleIsAnErrorThatBothKindsOfClientsSee(EndpointKind kind) {
    String cut =
        kind == EndpointKind.RESPONSES ? CREATED + ADDED + PART + DELTA : START + BLOCK + TEXT;
    AnswerRecorder answer = send(kind, Form.EVENTS, cut);

    JsonNode last = events(answer).getLast();
    assertThat(last.path("type").asText()).isEqualTo("error");
    assertThat(last.at("/error/message").asText()).contains("before it was complete");
    assertThat(answer.error().status()).isEqualTo(502);
  }

  @ParameterizedTest
  @EnumSource(
      value = EndpointKind.class,
      names = {"RESPONSES", "MESSAGES"})
  void nothingIsSentBeforeTheFirstPieceSoThatTheRequestCanGoElsewhere(EndpointKind kind) {
    String begun = kind == EndpointKind.RESPONSES ? CREATED + ADDED + PART : START + BLOCK;

    assertThat(send(kind, Form.EVENTS, begun).output()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "event: error\ndata: {\"error\":{\"message\":\"no\"}}\n\n",
        "data: {\"error\":{\"message\":\"no\"}}\n\n",
        "event: response.failed\ndata: {\"type\":\"response.failed\",\"response\":{}}\n\n",
        "data: {\"type\":\n\n"
      })
  void anErrorOfTheEngineIsAnErrorForTheClient(String failure) {
    AnswerRecorder answer =
        send(EndpointKind.RESPONSES, Form.EVENTS, CREATED + ADDED + DELTA + failure + COMPLETED);

    assertThat(events(answer).getLast().path("type").asText()).isEqualTo("error");
    assertThat(answer.error().status()).isEqualTo(502);
  }
}
