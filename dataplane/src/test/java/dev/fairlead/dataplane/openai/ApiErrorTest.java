package dev.fairlead.dataplane.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ApiErrorTest {

  private static Map<String, String> headers(ApiError error) {
    Map<String, String> headers = new TreeMap<>();
    error.forEachHeader(headers::put);
    return headers;
  }

  @Test
  void theBodyHasAllFourKeysEvenWithoutValues() {
    JsonNode error = Wire.json(ApiError.badRequest("say \"why\"").toJson()).get("error");
    assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
    assertThat(error.get("message").asText()).isEqualTo("say \"why\"");
    assertThat(error.get("param").isNull()).isTrue();
  }

  @Test
  void theEventIsNamedErrorAndHasTheErrorInItsData() {
    String event = ApiError.badGateway("lost\nit").toErrorEvent();
    assertThat(event).startsWith("event: error\ndata: {\"error\":{").endsWith("}}\n\n");
    assertThat(event.lines()).hasSize(3);
  }

  @Test
  void waitsAreToldInBothUnitsAndNeverTooShort() {
    assertThat(headers(ApiError.unavailable("starting", Duration.ofMillis(1200))))
        .isEqualTo(Map.of("retry-after", "2", "retry-after-ms", "1200"));
  }

  @Test
  void aSpentQuotaIsNotTriedAgain() {
    assertThat(headers(ApiError.quotaExceeded("spent")))
        .isEqualTo(Map.of("x-should-retry", "false"));
  }

  @Test
  void anUnknownModelIsToldTheNamesThatExistNearestFirst() {
    ApiError error = ApiError.unknownModel("smolm2", List.of("gpt2", "SmolLM2", "qwen"));
    assertThat(error.status()).isEqualTo(404);
    assertThat(error.code()).hasValue("model_not_found");
    assertThat(error.message())
        .isEqualTo("The model `smolm2` does not exist. Served here: SmolLM2, gpt2, qwen.");
  }

  @Test
  void aHundredModelsAreNotAllListed() {
    List<String> names = IntStream.range(0, 100).mapToObj(i -> "model-" + i).toList();
    assertThat(ApiError.unknownModel("model-77", names).message())
        .contains("Served here: model-77, ")
        .endsWith("… (see /v1/models).");
  }

  @Test
  void theListOfModelsIsOpenAis() {
    ModelList list = new ModelList(List.of(new ModelList.Entry("a/b", 7)));
    String entry = "{\"id\":\"a/b\",\"object\":\"model\",\"created\":7,\"owned_by\":\"fairlead\"}";
    assertThat(list.toJson()).isEqualTo("{\"object\":\"list\",\"data\":[" + entry + "]}");
    assertThat(list.entries().getFirst().toJson()).isEqualTo(entry);
  }

  @Test
  void clientsOfTheTypedApisFindTheirOwnKeysBesideTheUsualOnes() {
    ApiError error = ApiError.unavailable("full", Duration.ofSeconds(1));
    JsonNode anthropic = Wire.json(ErrorForm.at("/v1/messages").json(error));
    assertThat(anthropic.path("type").asText()).isEqualTo("error");
    assertThat(anthropic.at("/error/type").asText()).isEqualTo("overloaded_error");
    assertThat(anthropic.path("error").has("param")).isTrue();
    String event = ErrorForm.at("/v1/responses").event(error);
    assertThat(event).startsWith("event: error\ndata: ");
    JsonNode data = Wire.json(event.substring(event.indexOf('{')));
    assertThat(data.path("code").asText()).isEqualTo("model_unavailable");
    assertThat(data.at("/error/message").asText()).isEqualTo("full");
    assertThat(ErrorForm.at("/v1/responses").json(error)).isEqualTo(error.toJson());
  }
}
