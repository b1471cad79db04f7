package dev.fairlead.lab.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.lab.clients.Served;
import dev.fairlead.lab.harness.Answer;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Json;
import dev.fairlead.lab.harness.OpenAi;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `/v1/embeddings` of the running product, down to the bits.
final class EmbeddingsE2E {
  @RegisterExtension static final Fairleads FAIRLEADS = Fairleads.perClass();

  /// Three sentences whose similarities the documentation of Sentence Transformers gives for this
  /// very model: .6660 between the first two, .1046 and .1411 to the third.
  private static final List<String> SENTENCES =
      List.of("The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium.");

  private static OpenAi openAi;

  @BeforeAll
  static void serve() {
    openAi = Served.real(FAIRLEADS).openAi();
  }

  @Test
  void vectorsAreThoseOfThePublishedModel() {
    List<float[]> vectors = floats(embed(SENTENCES, "float"));
    assertThat(cosine(vectors.get(0), vectors.get(1))).isCloseTo(0.6660, within(0.001));
    assertThat(cosine(vectors.get(0), vectors.get(2))).isCloseTo(0.1046, within(0.001));
    assertThat(cosine(vectors.get(1), vectors.get(2))).isCloseTo(0.1411, within(0.001));
    assertThat(cosine(vectors.get(0), vectors.get(0))).isCloseTo(1, within(1e-6));
  }

  @Test
  void base64IsTheSameVectorsInLittleEndianFloats() {
    JsonNode encoded = embed(SENTENCES, "base64");
    List<float[]> floats = floats(embed(SENTENCES, "float"));
    assertThat(encoded.path("data")).hasSize(SENTENCES.size());
    for (int i = 0; i < SENTENCES.size(); i++) {
      JsonNode item = encoded.path("data").path(i);
      assertThat(item.path("embedding").isTextual()).isTrue();
      assertThat(decode(item.path("embedding").asText())).containsExactly(floats.get(i));
    }
  }

  @Test
  void anAnswerHasTheShapeThatTheApiPromises() {
    JsonNode answer = embed(SENTENCES, "float");
    assertThat(answer.path("object").asText()).isEqualTo("list");
    assertThat(answer.path("model").asText()).isEqualTo(Served.EMBEDDINGS);
    assertThat(answer.at("/usage/prompt_tokens").asInt()).isPositive();
    assertThat(answer.at("/usage/total_tokens")).isEqualTo(answer.at("/usage/prompt_tokens"));
    for (int i = 0; i < SENTENCES.size(); i++) {
      JsonNode item = answer.path("data").path(i);
      assertThat(item.path("object").asText()).isEqualTo("embedding");
      assertThat(item.path("index").asInt()).isEqualTo(i);
      assertThat(item.path("embedding")).hasSize(EmbeddingModel.DIMENSIONS);
    }
  }

  @Test
  void oneInputAndTheSameInAListGiveTheSameVector() {
    String one = "{\"model\":\"embeddings\",\"input\":\"%s\"}".formatted(SENTENCES.getFirst());
    Answer answer = openAi.post("/v1/embeddings", one);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    float[] alone = floats(answer.json()).getFirst();
    float[] first = floats(embed(SENTENCES, "float")).getFirst();
    assertThat(cosine(alone, first)).isCloseTo(1, within(1e-5));
  }

  @Test
  void manyInputsComeBackInTheirOrder() {
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      numbers.add(i % 2 == 0 ? SENTENCES.get(0) : SENTENCES.get(2));
    }
    List<float[]> vectors = floats(embed(numbers, "base64"));
    assertThat(vectors).hasSize(50);
    for (int i = 2; i < vectors.size(); i++) {
      assertThat(cosine(vectors.get(i), vectors.get(i % 2))).isCloseTo(1, within(1e-4));
    }
  }

  @Test
  void anInputThatIsTooLongIsRefusedWithTheLimit() {
    Answer answer = post(List.of("Hello.", "word ".repeat(600)), "float");
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.errorCode()).isEqualTo("context_length_exceeded");
    assertThat(answer.errorMessage()).contains(Integer.toString(EmbeddingModel.CONTEXT_LENGTH));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"\"", "[\"a\", \"\"]", "7", "{}"})
  void anInputThatIsNoneIsRefused(String input) {
    Answer answer =
        openAi.post("/v1/embeddings", "{\"model\":\"embeddings\",\"input\":%s}".formatted(input));
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.json().at("/error/param").asText()).startsWith("input");
  }

  @Test
  void aModelForTheOtherPurposeIsRefusedByWhatItIsFor() {
    Answer chat =
        openAi.post(
            "/v1/chat/completions",
            "{\"model\":\"embeddings\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
    assertThat(chat.status()).isEqualTo(400);
    assertThat(chat.errorMessage()).contains("/v1/embeddings");
    Answer vectors = openAi.post("/v1/embeddings", "{\"model\":\"chat\",\"input\":\"Hi\"}");
    assertThat(vectors.status()).isEqualTo(400);
    assertThat(vectors.errorMessage()).contains("/v1/chat/completions");
  }

  private static JsonNode embed(List<String> inputs, String format) {
    Answer answer = post(inputs, format);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  private static Answer post(List<String> inputs, String format) {
    String list = inputs.stream().map(Json::quoted).collect(Collectors.joining(","));
    return openAi.post(
        "/v1/embeddings",
        "{\"model\":\"embeddings\",\"input\":[%s],\"encoding_format\":\"%s\"}"
            .formatted(list, format));
  }

  private static List<float[]> floats(JsonNode answer) {
    List<float[]> vectors = new ArrayList<>();
    for (JsonNode item : answer.path("data")) {
      JsonNode embedding = item.path("embedding");
      if (embedding.isTextual()) {
        vectors.add(decode(embedding.asText()));
        continue;
      }
      float[] vector = new float[embedding.size()];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = embedding.path(i).floatValue();
      }
      vectors.add(vector);
    }
    return vectors;
  }

  private static float[] decode(String base64) {
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
    float[] vector = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(vector);
    return vector;
  }

  private static double cosine(float[] a, float[] b) {
    double product = 0;
    double squareOfA = 0;
    double squareOfB = 0;
    for (int i = 0; i < a.length; i++) {
      product += a[i] * b[i];
      squareOfA += a[i] * a[i];
      squareOfB += b[i] * b[i];
    }
    return product / Math.sqrt(squareOfA * squareOfB);
  }
}
