package dev.fairlead.dataplane.openai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The messages are those of llama.cpp b11549 and vLLM, as they were heard.
class EngineErrorsTest {

  private static ApiError from(EndpointKind kind, int status, String body) {
    return EngineErrors.from(kind, "served", status, Wire.bytes(body));
  }

  private static String llama(String message) {
    return "{\"error\":{\"code\":500,\"message\":\"" + message + "\",\"type\":\"server_error\"}}";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "CHAT|400|messages|1024|1531|{\"error\":{\"code\":400,\"message\":\"request (1531 tokens) exceeds the available context size (1024 tokens), try increasing it\",\"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":1531,\"n_ctx\":1024}}",
        "CHAT|400|messages|1024|1531|{\"error\":{\"message\":\"changed words\",\"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":1531,\"n_ctx\":1024}}",
        "EMBEDDING|500|input|64|301|{\"error\":{\"code\":500,\"message\":\"input (301 tokens) is too large to process. increase the physical batch size (current batch size: 64)\",\"type\":\"server_error\"}}",
        "COMPLETION|400|prompt|4096|5000|{\"object\":\"error\",\"message\":\"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4000 in the messages, 1000 in the completion).\",\"type\":\"BadRequestError\"}",
      })
  void aPromptThatDoesNotFitIsToldWithBothNumbers(
      EndpointKind kind, int status, String param, int limit, int count, String body) {
    ApiError error = from(kind, status, body);
    assertThat(error).isEqualTo(ApiError.contextLengthExceeded(param, limit, count));
    assertThat(error.status()).isEqualTo(400);
    assertThat(error.code()).hasValue("context_length_exceeded");
    assertThat(error.message()).contains(limit + " tokens", count + " tokens");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "This server does not support embeddings. Start it with `--embeddings`|501|model",
        "Pooling type 'none' is not OAI compatible. Please use a different pooling type|400|model",
        "the current context does not logits computation. skipping|500|model",
        "image input is not supported - hint: you may need to provide the mmproj|500|messages",
        "Field 'temperature': [json.exception.type_error.302] type must be number|400|temperature",
        "Unsupported param: suffix|400|suffix",
        "Failed to parse tools: Expected 'tools' to be an array, got SECRET|500|tools",
        "response_format type must be one of text or json_object, but got: SECRET|400|response_format",
        "All non-assistant messages must contain 'content'|400|messages",
        "Failed to parse messages: SECRET; messages = SECRET|500|messages",
      })
  void whatTheClientCanChangeIsA400ByName(String message, int status, String param) {
    ApiError error = from(EndpointKind.CHAT, status, llama(message));
    assertThat(error.status()).isEqualTo(400);
    assertThat(error.param()).hasValue(param);
    assertThat(error.message()).contains("`served`").doesNotContain("SECRET", "json.exception");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400|400|{\"error\":{\"message\":\"parse error; last read: 'SECRET'\",\"type\":\"invalid_request_error\"}}",
        "500|502|<html><body>SECRET</body></html>",
        "500|502|{\"error\":{\"message\":\"SECRET\"",
        "502|502|[\"SECRET\"]",
        "401|502|{\"error\":{\"message\":\"Invalid API Key SECRET\"}}",
        "404|502|{\"error\":{\"message\":\"File Not Found SECRET\"}}",
        "503|503|{\"error\":{\"message\":\"Loading model SECRET\"}}",
        "429|503|{\"detail\":\"SECRET\"}",
        "504|504|SECRET",
      })
  void nothingOfTheEnginesOwnWordsIsPassedOn(int status, int expected, String body) {
    ApiError error = from(EndpointKind.CHAT, status, body);
    assertThat(error.status()).isEqualTo(expected);
    assertThat(error.message()).doesNotContain("SECRET", "<").contains("`served`");
  }

  @Test
  void anEmptyAnswerIsAFailureOfTheEngine() {
    assertThat(from(EndpointKind.CHAT, 500, "").status()).isEqualTo(502);
  }

  @Test
  void aLoadingEngineSaysWhenToTryAgain() {
    assertThat(from(EndpointKind.CHAT, 503, llama("Loading model")).retryAfter()).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "RESPONSES,404,/v1/chat/completions",
    "MESSAGES,405,/v1/chat/completions",
    "COUNT_TOKENS,404,usage",
    "RERANK,501,--pooling"
  })
  void anEngineWithoutTheEndpointIsA404ThatSaysWhatToUse(
      EndpointKind kind, int status, String instead) {
    ApiError error = from(kind, status, llama("File Not Found"));
    assertThat(error.status()).isEqualTo(404);
    assertThat(error.code()).hasValue("unsupported_endpoint");
    assertThat(error.message()).contains(kind.path(), instead);
  }

  @Test
  void aServerThatDoesNotKnowTheModelIsNotTakenForOneWithoutTheEndpoint() {
    String unknown = llama("model 'm' not found, try pulling it first");
    assertThat(from(EndpointKind.RESPONSES, 404, unknown).status()).isEqualTo(502);
  }
}
