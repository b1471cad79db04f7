package dev.fairlead.dataplane.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.dataplane.openai.EmbeddingAnswer.Unreadable;
import dev.fairlead.dataplane.openai.EmbeddingAnswer.Vectors;
import dev.fairlead.dataplane.openai.ScannedRequest.Encoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingAnswerTest {
  private static final String TWO =
      "{\"data\":[{\"index\":1,\"embedding\":[-1.5,2e-3]},{\"embedding\":[0,3],\"index\":0}],"
          + "\"usage\":{\"prompt_tokens\":6,\"total_tokens\":6},\"extra\":[1]}";

  private static Vectors vectors(String body, Encoding encoding) {
    EmbeddingAnswer answer =
        EmbeddingAnswer.rewrite(
            Wire.bytes(body), "served", encoding, UnpooledByteBufAllocator.DEFAULT);
    assertThat(answer).isInstanceOf(Vectors.class);
    return (Vectors) answer;
  }

  private static JsonNode json(Vectors vectors) {
    ByteBuf body = vectors.body();
    JsonNode json = Wire.json(body);
    body.release();
    return json;
  }

  @Test
  void floatsStayFloatsInOpenAisShape() {
    Vectors vectors = vectors(TWO, Encoding.FLOAT);
    assertThat(vectors.usage()).isEqualTo(new Usage(6, 0, 0));
    assertThat(vectors.count()).isEqualTo(2);
    assertThat(json(vectors))
        .isEqualTo(
            Wire.json(
                """
                {"object":"list","data":[
                  {"object":"embedding","embedding":[-1.5,0.002],"index":1},
                  {"object":"embedding","embedding":[0.0,3.0],"index":0}],
                 "model":"served","usage":{"prompt_tokens":6,"total_tokens":6}}
                """));
  }

  @Test
  void ofACountOnlyTheNumberIsPassedOnAndItCostsNothing() {
    EmbeddingAnswer answer = count("{\"model\":\"secret\",\"x\":[1],\"input_tokens\":17}");
    assertThat(answer)
        .isInstanceOfSatisfying(
            Vectors.class,
            counted -> {
              assertThat(counted.usage()).isEqualTo(new Usage(0, 0, 0));
              assertThat(json(counted)).isEqualTo(Wire.json("{\"input_tokens\":17}"));
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"input_tokens\":\"7\"}",
        "{\"input_tokens\":-1}",
        "{\"input_tokens\":99999999999999999999}",
        "{\"input_tokens\":7"
      })
  void whatIsNoCountIsAFailureOfTheEngine(String body) {
    assertThat(count(body))
        .isInstanceOfSatisfying(
            Unreadable.class, answer -> assertThat(answer.error().status()).isEqualTo(502));
  }

  private static EmbeddingAnswer count(String body) {
    return EmbeddingAnswer.count(Wire.bytes(body), "served", UnpooledByteBufAllocator.DEFAULT);
  }

  @Test
  void base64IsLittleEndianFloats() {
    JsonNode first = json(vectors(TWO, Encoding.BASE64)).at("/data/0/embedding");
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(first.asText())).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.remaining()).isEqualTo(8);
    assertThat(bytes.getFloat()).isEqualTo(-1.5f);
    assertThat(bytes.getFloat()).isEqualTo(0.002f);
  }

  @Test
  void anEngineThatSendsBase64UnaskedIsUnderstood() {
    String encoded = json(vectors(TWO, Encoding.BASE64)).toString();
    assertThat(json(vectors(encoded, Encoding.FLOAT)))
        .isEqualTo(json(vectors(TWO, Encoding.FLOAT)));
  }

  @Test
  void aRealAnswerKeepsEachFloat() {
    String real = Wire.transcript("llama-embedding.json");
    JsonNode before = Wire.json(real).at("/data/0/embedding");
    JsonNode after = json(vectors(real, Encoding.FLOAT)).at("/data/0/embedding");
    assertThat(after).hasSize(before.size());
    for (int i = 0; i < before.size(); i++) {
      assertThat((float) after.get(i).asDouble()).isEqualTo((float) before.get(i).asDouble());
    }
  }

  @Test
  void aLongVectorIsNotCut() {
    String body = "{\"data\":[{\"embedding\":[" + "1,".repeat(4999) + "2]}]}";
    JsonNode vector = json(vectors(body, Encoding.FLOAT)).at("/data/0/embedding");
    assertThat(vector).hasSize(5000);
    assertThat(vector.get(4999).asInt()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>",
        "[]",
        "{}",
        "{\"data\":[]}",
        "{\"data\":[1]}",
        "{\"data\":[{\"index\":0}]}",
        "{\"data\":[{\"embedding\":[]}]}",
        "{\"data\":[{\"embedding\":[null]}]}",
        "{\"data\":[{\"embedding\":[[1,2]]}]}",
        "{\"data\":[{\"embedding\":[1e99]}]}",
        "{\"data\":[{\"embedding\":\"%%%\"}]}",
        "{\"data\":[{\"embedding\":\"AAAA\"}]}",
        "{\"data\":[{\"embedding\":[1,2",
      })
  void nonsenseIsAFailureAndNeverAVector(String body) {
    UnpooledByteBufAllocator allocator = Wire.countingAllocator();
    EmbeddingAnswer answer =
        EmbeddingAnswer.rewrite(Wire.bytes(body), "served", Encoding.BASE64, allocator);
    assertThat(answer).isInstanceOf(Unreadable.class);
    assertThat(((Unreadable) answer).error().status()).isEqualTo(502);
    assertThat(Wire.notReleased(allocator)).isZero();
  }
}
