package dev.fairlead.dataplane.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpliceTest {

  private static String spliced(EndpointKind kind, String text, String engineModel) {
    ByteBuf body = Unpooled.buffer().writeZero(5).skipBytes(5);
    body.writeCharSequence(text, UTF_8);
    BodyScanner scanner = new BodyScanner(kind, ScanLimits.DEFAULT);
    scanner.accept(body);
    ByteBuf result = Splice.forEngine(body, (ScannedRequest) scanner.finish(), engineModel);
    assertThat(body.readerIndex()).isEqualTo(5);
    String out = result.toString(UTF_8);
    result.release();
    assertThat(body.refCnt()).isEqualTo(1);
    body.release();
    return out;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "|`'stream':true,'stream_options':{'include_usage':true},`|``",
        ",'stream':false|`'stream_options':{'include_usage':true},`|,'stream':true",
        ",'stream':true|`'stream_options':{'include_usage':true},`|,'stream':true",
        ",'stream':true,'stream_options':{}|``|,'stream':true,'stream_options':{'include_usage':true}",
        ",'stream':true,'stream_options':null|``|,'stream':true,'stream_options':{'include_usage':true}",
        ",'stream':true,'stream_options':{'x':1}|``|,'stream':true,'stream_options':{'include_usage':true,'x':1}",
        ",'stream':true,'stream_options':{'include_usage':false}|``|,'stream':true,'stream_options':{'include_usage':true}",
        ",'stream_options':null|`'stream':true,`|,'stream_options':{'include_usage':true}",
      })
  void onlyModelStreamAndUsageChange(String more, String before, String after) {
    String messages = "'messages':[{'role':'user','content':'keep  my   spaces'}]";
    String body = "{ 'model' : 'short',  " + messages + (more == null ? "" : more) + "}";
    String expected = "{" + before + " 'model' : 'a \\'long\\' name',  " + messages + after + "}";
    assertThat(spliced(EndpointKind.CHAT, body.replace('\'', '"'), "a \"long\" name"))
        .isEqualTo(expected.replace("\\'", "\\\"").replace('\'', '"'));
  }

  @Test
  void embeddingsAreAlwaysAskedForAsFloats() {
    assertThat(
            spliced(
                EndpointKind.EMBEDDING,
                "{\"encoding_format\":\"base64\",\"input\":[\"a\"],\"model\":\"m\"}",
                "e"))
        .isEqualTo("{\"encoding_format\":\"float\",\"input\":[\"a\"],\"model\":\"e\"}");
    assertThat(spliced(EndpointKind.EMBEDDING, "{\"input\":\"a\",\"model\":\"m\"}", "e"))
        .isEqualTo("{\"input\":\"a\",\"model\":\"e\"}");
  }

  @Test
  void theResultIsWhatAParserWouldHaveMade() {
    for (int seed = 0; seed < 300; seed++) {
      String body = RandomBodies.next(new Random(seed));
      JsonNode result = Wire.json(spliced(EndpointKind.CHAT, body, "engine"));
      ObjectNode expected = (ObjectNode) Wire.json(body);
      expected.put("model", "engine").put("stream", true);
      JsonNode options = expected.get("stream_options");
      ObjectNode usage =
          options instanceof ObjectNode object ? object : expected.putObject("stream_options");
      usage.put("include_usage", true);
      assertThat(result).as("seed %d: %s", seed, body).isEqualTo(expected);
    }
  }

  @Test
  void anotherBodyThanTheScannedOneIsRefused() {
    ByteBuf body = Wire.bytes("{\"model\":\"m\",\"prompt\":\"x\"}");
    BodyScanner scanner = new BodyScanner(EndpointKind.COMPLETION, ScanLimits.DEFAULT);
    scanner.accept(body);
    ScannedRequest request = (ScannedRequest) scanner.finish();
    ByteBuf other = Wire.bytes("{}");
    assertThatThrownBy(() -> Splice.forEngine(other, request, "e"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aCountIsNotAskedForAsAStream() {
    String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
    assertThat(spliced(EndpointKind.COUNT_TOKENS, body, "e"))
        .isEqualTo(body.replace("\"m\"", "\"e\""));
  }
}
