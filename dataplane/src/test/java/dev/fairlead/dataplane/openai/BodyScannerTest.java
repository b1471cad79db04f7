package dev.fairlead.dataplane.openai;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyScannerTest {
  private static final String HELLO = "[{\"role\":\"user\",\"content\":\"Hello\"}]";

  private static Scan scan(EndpointKind kind, ByteBuf body, ScanLimits limits) {
    BodyScanner scanner = new BodyScanner(kind, limits);
    scanner.accept(body);
    body.release();
    return scanner.finish();
  }

  private static ScannedRequest scanned(EndpointKind kind, String body) {
    Scan scan = scan(kind, Wire.bytes(body), ScanLimits.DEFAULT);
    assertThat(scan).as(body).isInstanceOf(ScannedRequest.class);
    return (ScannedRequest) scan;
  }

  private static ApiError refused(EndpointKind kind, String body) {
    return refused(scan(kind, Wire.bytes(body), ScanLimits.DEFAULT));
  }

  private static ApiError refused(Scan scan) {
    assertThat(scan).isInstanceOf(Scan.Refused.class);
    return ((Scan.Refused) scan).error();
  }

  private static String chat(String more) {
    return "{\"model\":\"m\",\"messages\":" + HELLO + more + "}";
  }

  @Test
  void theRequestOfAnythingLlmIsUnderstood() {
    ScannedRequest request =
        scanned(
            EndpointKind.CHAT,
            """
            {"model": "smollm2", "stream": true, "messages": [
              {"role": "system", "content": "You help."},
              {"role": "user", "content": [{"type": "text", "text": "Was ist das? ü"},
                 {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAAAAAAAAAAAAAA"}}]}
             ], "temperature": 0.7, "max_tokens": 1024, "stream_options": {"include_usage": true}}
            """);
    assertThat(request.model()).isEqualTo("smollm2");
    assertThat(request.stream()).isTrue();
    assertThat(request.usageAsked()).isTrue();
    assertThat(request.maxTokens()).isEqualTo(OptionalLong.of(1024));
    assertThat(request.inputs()).isEqualTo(2);
    assertThat(request.promptBytes()).isEqualTo(9 + 15);
    assertThat(request.estimatedPromptTokens()).isEqualTo(6);
    assertThat(request.tools()).isFalse();
  }

  @Test
  void theClientsUserIsFoundInEveryKindOfRequest() {
    assertThat(scanned(EndpointKind.CHAT, chat(",\"user\":\"zo\\u00eb\"")).user()).contains("zoë");
    assertThat(
            scanned(EndpointKind.COMPLETION, "{\"model\":\"m\",\"prompt\":\"x\",\"user\":\"a\"}")
                .user())
        .contains("a");
    assertThat(
            scanned(EndpointKind.EMBEDDING, "{\"user\":\"b\",\"model\":\"m\",\"input\":[\"x\"]}")
                .user())
        .contains("b");
    assertThat(scanned(EndpointKind.CHAT, chat(",\"user\":null")).user()).isEmpty();
    assertThat(scanned(EndpointKind.CHAT, chat(",\"x\":{\"user\":\"a\"}")).user()).isEmpty();
    assertThat(scanned(EndpointKind.CHAT, chat(",\"user\":\"" + "a".repeat(600) + "\"")).user())
        .isEmpty();
    assertThat(refused(EndpointKind.CHAT, chat(",\"user\":7")).param()).contains("user");
  }

  @Test
  void anthropicsUserStandsInTheMetadata() {
    assertThat(
            scanned(EndpointKind.MESSAGES, chat(",\"metadata\":{\"user_id\":\"zo\u00eb\"}")).user())
        .contains("zoë");
    for (String none : List.of("null", "{}", "{\"user_id\":null}", "{\"x\":{\"user_id\":\"a\"}}")) {
      assertThat(scanned(EndpointKind.MESSAGES, chat(",\"metadata\":" + none)).user()).isEmpty();
    }
    assertThat(refused(EndpointKind.MESSAGES, chat(",\"metadata\":{\"user_id\":7}")).param())
        .contains("metadata.user_id");
    assertThat(refused(EndpointKind.MESSAGES, chat(",\"metadata\":\"a\"")).param())
        .contains("metadata");
    assertThat(scanned(EndpointKind.CHAT, chat(",\"metadata\":{\"user_id\":\"a\"}")).user())
        .isEmpty();
  }

  @Test
  void aPromptThatIsOnlyCountedIsNeverTooLong() {
    String long1 = chat("").replace("Hello", "y".repeat(12_800));

    assertThat(scanned(EndpointKind.MESSAGES, long1).leastPromptTokens()).isEqualTo(100);
    assertThat(scanned(EndpointKind.COUNT_TOKENS, long1).leastPromptTokens()).isZero();
    assertThat(scanned(EndpointKind.COUNT_TOKENS, long1).promptBytes()).isEqualTo(12_800);
    assertThat(refused(EndpointKind.COUNT_TOKENS, "{\"model\":\"m\"}").param())
        .contains("messages");
  }

  @Test
  void escapesInKeysAndModelAreDecoded() {
    ScannedRequest request =
        scanned(
            EndpointKind.CHAT,
            "{\"mod\\u0065l\":\"a\\/b\\ud83d\\ude00\\n\",\"messages\":" + HELLO + "}");
    assertThat(request.model()).isEqualTo("a/b\uD83D\uDE00\n");
  }

  @Test
  void escapedTextCountsAsWhatItStandsFor() {
    assertThat(scanned(EndpointKind.COMPLETION, "{\"model\":\"m\",\"prompt\":\"\\u4e2d\\n\"}"))
        .extracting(ScannedRequest::promptBytes)
        .isEqualTo(4L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'a text'|1",
        "['a','b']|2",
        "[1,2,3]|1",
        "[[1,2],[3]]|2",
      })
  void inputsOfAnEmbeddingRequestAreCounted(String input, int count) {
    String body = "{\"model\":\"m\",\"input\":" + input.replace('\'', '"') + "}";
    assertThat(scanned(EndpointKind.EMBEDDING, body).inputs()).isEqualTo(count);
  }

  @Test
  void theEncodingOfEmbeddingsIsRead() {
    ScannedRequest request =
        scanned(
            EndpointKind.EMBEDDING,
            "{\"model\":\"m\",\"input\":\"a\",\"encoding_format\":\"base64\"}");
    assertThat(request.encoding()).isEqualTo(ScannedRequest.Encoding.BASE64);
    assertThat(scanned(EndpointKind.EMBEDDING, "{\"model\":\"m\",\"input\":\"a\"}").encoding())
        .isEqualTo(ScannedRequest.Encoding.FLOAT);
  }

  @Test
  void aResponseRequestIsUnderstoodWhetherItsInputIsATextOrItems() {
    ScannedRequest text =
        scanned(
            EndpointKind.RESPONSES,
            """
            {"model": "m", "input": "four", "instructions": "five!", "max_output_tokens": 7,
             "store": true, "previous_response_id": null, "background": false, "stream": true}
            """);
    assertThat(text.promptBytes()).isEqualTo(9);
    assertThat(text.maxTokens()).hasValue(7);
    assertThat(text.stream()).isTrue();
    ScannedRequest items =
        scanned(
            EndpointKind.RESPONSES,
            """
            {"model": "m", "input": [
              {"role": "user", "content": [{"type": "input_text", "text": "four"}]},
              {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
              {"type": "function_call_output", "call_id": "c", "output": "five!"}],
             "tools": [{"type": "function", "name": "f"}]}
            """);
    assertThat(items.inputs()).isEqualTo(3);
    assertThat(items.tools()).isTrue();
    assertThat(items.promptBytes())
        .isEqualTo(4 + 2 + 5 + "[{\"type\": \"function\", \"name\": \"f\"}]".length());
  }

  @Test
  void anAnthropicMessageWithToolResultsIsUnderstood() {
    ScannedRequest request =
        scanned(
            EndpointKind.MESSAGES,
            """
            {"model": "m", "max_tokens": 9, "system": [{"type": "text", "text": "four"}],
             "stop_sequences": ["a"], "messages": [
              {"role": "user", "content": "Hi"},
              {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "f", "input": {"a": "b"}}]},
              {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "five!"}]},
                {"type": "tool_result", "tool_use_id": "t", "content": "six..."},
                {"type": "image", "source": {"type": "base64", "data": "AAAAAAAAAAAAAAAA"}}]}]}
            """);
    assertThat(request.inputs()).isEqualTo(3);
    assertThat(request.maxTokens()).hasValue(9);
    assertThat(request.promptBytes()).isEqualTo(4 + 2 + 1 + 5 + 6);
  }

  @Test
  void onlyTextThatIsSurelyInThePromptCountsForItsLeastLength() {
    String text = "y".repeat(1280);
    assertThat(
            least(EndpointKind.CHAT, "\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]", text))
        .isEqualTo(10);
    assertThat(
            least(
                EndpointKind.CHAT,
                "\"messages\":[{\"content\":\"%s\",\"role\":\"assistant\"}]",
                text))
        .as("templates leave out what the assistant thought")
        .isZero();
    assertThat(
            least(
                EndpointKind.CHAT,
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"%s\"}}],\"messages\":"
                    + HELLO,
                text))
        .as("templates without tools leave them out")
        .isZero();
    assertThat(least(EndpointKind.EMBEDDING, "\"input\":\"%s\"", text))
        .as("a word without end is one unknown token of some vocabularies")
        .isZero();
    assertThat(least(EndpointKind.RESPONSES, "\"input\":\"%s\"", text)).isEqualTo(10);
  }

  private static long least(EndpointKind kind, String rest, String text) {
    return scanned(kind, "{\"model\":\"m\"," + rest.formatted(text) + "}").leastPromptTokens();
  }

  @Test
  void maxCompletionTokensWinsOverMaxTokensInEitherOrder() {
    assertThat(
            scanned(EndpointKind.CHAT, chat(",\"max_completion_tokens\":7,\"max_tokens\":9"))
                .maxTokens())
        .hasValue(7);
    assertThat(
            scanned(EndpointKind.CHAT, chat(",\"max_tokens\":9,\"max_completion_tokens\":7"))
                .maxTokens())
        .hasValue(7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"n\":1,\"stop\":[\"a\"],\"stream\":null,\"stream_options\":null,\"max_tokens\":null",
        ",\"stop\":\"a\",\"tools\":[],\"unknown\":{\"a\":[1,-2.5e-3,{\"model\":1}]},\"x\":[[]]",
        ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{}}}]",
        ",\"logit_bias\":{\"\\u0000\":1,\"\":2},\"seed\":123456789012345678901234567890",
      })
  void whatOtherClientsSendPassesThrough(String more) {
    assertThat(scanned(EndpointKind.CHAT, chat(more)).model()).isEqualTo("m");
  }

  @Test
  void anAssistantMessageNeedsNoContent() {
    String body =
        """
        {"model":"m","messages":[{"role":"user","content":"x"},
         {"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function",
          "function":{"name":"f","arguments":"{}"}}]},
         {"role":"tool","tool_call_id":"1","content":"42"}]}
        """;
    assertThat(scanned(EndpointKind.CHAT, body).inputs()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'messages':[{'role':'user','content':'x'}]}|model",
        "{'model':' ','messages':[{'role':'user','content':'x'}]}|model",
        "{'model':1}|model",
        "{'model':{}}|model",
        "{'model':['m']}|model",
        "{'model':'m','model':'n'}|model",
        "{'model':'m','mod\\u0065l':'n'}|model",
        "{'model':'m'}|messages",
        "{'model':'m','messages':[]}|messages",
        "{'model':'m','messages':null}|messages",
        "{'model':'m','messages':'x'}|messages",
        "{'model':'m','messages':{}}|messages",
        "{'model':'m','messages':['x']}|messages[0]",
        "{'model':'m','messages':[{'role':'user','content':'x'},7]}|messages[1]",
        "{'model':'m','messages':[{'role':'user','content':'x'},{'role':'robot'}]}|messages[1].role",
        "{'model':'m','messages':[{'role':'user','role':'user'}]}|messages[0].role",
        "{'model':'m','messages':[{'role':null}]}|messages[0].role",
        "{'model':'m','messages':[{'content':'x'}]}|messages[0].role",
        "{'model':'m','messages':[{'role':'user'}]}|messages[0].content",
        "{'model':'m','messages':[{'role':'user','content':null}]}|messages[0].content",
        "{'model':'m','messages':[{'role':'user','content':5}]}|messages[0].content",
        "{'model':'m','messages':[{'role':'user','content':['x']}]}|messages[0].content[0]",
        "{'model':'m','messages':[{'role':'user','content':[{'text':1}]}]}|messages[0].content[0].text",
        "{'model':'m','stream':'yes'}|stream",
        "{'model':'m','stream':1}|stream",
        "{'model':'m','stream_options':true}|stream_options",
        "{'model':'m','stream':true,'stream_options':{'include_usage':1}}|stream_options.include_usage",
        "{'model':'m','n':2}|n",
        "{'model':'m','n':0}|n",
        "{'model':'m','n':1.5}|n",
        "{'model':'m','n':'1'}|n",
        "{'model':'m','max_tokens':0}|max_tokens",
        "{'model':'m','max_tokens':-5}|max_tokens",
        "{'model':'m','max_tokens':1e99}|max_tokens",
        "{'model':'m','max_tokens':99999999999999999999999999}|max_tokens",
        "{'model':'m','max_completion_tokens':0}|max_completion_tokens",
        "{'model':'m','stop':7}|stop",
        "{'model':'m','stop':['a',7]}|stop[1]",
        "{'model':'m','stop':['','','','','','','','','','','','','','','','','']}|stop",
        "{'model':'m','tools':{}}|tools",
        "{'model':'m','tools':['f']}|tools[0]",
        "{'model':'m','tools':[{'function':{'name':'f'}}]}|tools[0].type",
        "{'model':'m','tools':[{'type':'function'}]}|tools[0].function.name",
        "{'model':'m','tools':[{'type':'function','function':{'name':''}}]}|tools[0].function.name",
        "{'model':'m','tools':[{'type':'function','function':'f'}]}|tools[0].function",
      })
  void aWrongValueIsRefusedByName(String body, String param) {
    ApiError error = refused(EndpointKind.CHAT, body.replace('\'', '"'));
    assertThat(error.status()).isEqualTo(400);
    assertThat(error.param()).as(error.message()).hasValue(param);
    assertThat(error.type()).isEqualTo("invalid_request_error");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'model':'m'}|input",
        "{'model':'m','input':[]}|input",
        "{'model':'m','input':''}|input",
        "{'model':'m','input':['a','']}|input[1]",
        "{'model':'m','input':[[]]}|input[0]",
        "{'model':'m','input':[[1,'a']]}|input[0][1]",
        "{'model':'m','input':{}}|input",
        "{'model':'m','input':[1.5]}|input[0]",
        "{'model':'m','input':[-1]}|input[0]",
        "{'model':'m','input':'a','encoding_format':'hex'}|encoding_format",
        "{'model':'m','input':'a','encoding_format':1}|encoding_format",
      })
  void aWrongEmbeddingRequestIsRefusedByName(String body, String param) {
    ApiError error = refused(EndpointKind.EMBEDDING, body.replace('\'', '"'));
    assertThat(error.status()).isEqualTo(400);
    assertThat(error.param()).as(error.message()).hasValue(param);
  }

  @Test
  void severalPromptsAreRefused() {
    assertThat(
            refused(EndpointKind.COMPLETION, "{\"model\":\"m\",\"prompt\":[\"a\",\"b\"]}").param())
        .hasValue("prompt");
  }

  @Test
  void streamOptionsNeedAStream() {
    ApiError error =
        refused(EndpointKind.CHAT, chat(",\"stream_options\":{\"include_usage\":true}"));
    assertThat(error.status()).isEqualTo(400);
    assertThat(error.param()).hasValue("stream_options");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "{",
        "{\"model\"",
        "{\"model\":\"m\",}",
        "{\"model\":\"m\"",
        "{\"model\":\"m}",
        "{model:1}",
        "{'model':1}",
        "{\"a\":01}",
        "{\"a\":-}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":1e}",
        "{\"a\":+1}",
        "{\"a\":NaN}",
        "{\"a\":tru}",
        "{\"a\":truex}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\ud800x\"}",
        "{\"a\":\"\\ud800\\n\"}",
        "{\"a\":\"\\ud800\\ud800\"}",
        "{\"a\":\"\\udc00\"}",
        "{\"a\":[1,]}",
        "{\"a\":[1}",
        "{\"a\":1]",
        "{\"a\":1 \"b\":2}",
        "{\"a\" 1}",
        "{\"model\":\"m\"}x",
        "{\"model\":\"m\"}{}",
        "\uFEFF{\"model\":\"m\"}",
        "{\"a\":/**/1}",
      })
  void whatIsNotJsonIsRefusedWithThePlace(String body) {
    ApiError error = refused(EndpointKind.CHAT, body);
    assertThat(error.status()).isEqualTo(400);
    assertThat(error.message()).contains("not valid JSON").containsPattern("at byte \\d+");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "\"model\"", "null", "[{\"model\":\"m\"}]"})
  void theBodyMustBeAnObject(String body) {
    assertThat(refused(EndpointKind.CHAT, body).message())
        .isEqualTo("The body must be a JSON object.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0080",
        "\u00C0\u0080",
        "\u00C3x",
        "\u00E0\u0080\u0080",
        "\u00ED\u00A0\u0080",
        "\u00F0\u0080\u0080\u0080",
        "\u00F4\u0090\u0080\u0080",
        "\u00F5\u0080\u0080\u0080",
        "\u00FF"
      })
  void invalidUtf8IsRefused(String latin1) {
    ByteBuf body = Unpooled.copiedBuffer("{\"a\":\"" + latin1 + "\"}", ISO_8859_1);
    assertThat(refused(scan(EndpointKind.CHAT, body, ScanLimits.DEFAULT)).message())
        .contains("invalid UTF-8");
  }

  @Test
  void deepNestingIsRefusedBeforeItIsRead() {
    String body = "{\"a\":" + "[".repeat(1_000_000);
    assertThat(refused(EndpointKind.CHAT, body).message()).contains("64 levels deep, at byte 68");
    String allowed = chat(",\"a\":" + "[".repeat(63) + "]".repeat(63));
    assertThat(scanned(EndpointKind.CHAT, allowed).model()).isEqualTo("m");
  }

  @Test
  void endlessNumbersAreRefused() {
    assertThat(refused(EndpointKind.CHAT, "{\"a\":" + "9".repeat(257) + "}").message())
        .contains("a number of more than 256 characters");
    String longest = chat(",\"a\":" + "9".repeat(256));
    assertThat(scanned(EndpointKind.CHAT, longest).model()).isEqualTo("m");
  }

  @Test
  void longStringsAndBodiesAreRefused() {
    ScanLimits limits = new ScanLimits(200, 8, 50, 2, 2, 1, 1, 10);
    String string = "{\"a\":\"" + "x".repeat(60) + "\"}";
    assertThat(refused(scan(EndpointKind.CHAT, Wire.bytes(string), limits)).message())
        .contains("a string of more than 50 bytes, at byte 5");
    ApiError tooLong = refused(scan(EndpointKind.CHAT, Wire.bytes(" ".repeat(201)), limits));
    assertThat(tooLong.status()).isEqualTo(413);
    String message = "{\"role\":\"user\",\"content\":\"x\"}";
    String three = "{\"messages\":[" + message + "," + message + "," + message + "]}";
    assertThat(refused(scan(EndpointKind.CHAT, Wire.bytes(three), limits)).message())
        .isEqualTo("`messages` has more than 2 messages.");
  }

  @Test
  void aModelNameOfAKilobyteIsRefused() {
    String body = "{\"model\":\"" + "m".repeat(1024) + "\"}";
    assertThat(refused(EndpointKind.CHAT, body).param()).hasValue("model");
  }

  @Test
  void theFirstRefusalStaysAndLaterChunksAreIgnored() {
    BodyScanner scanner = new BodyScanner(EndpointKind.CHAT, ScanLimits.DEFAULT);
    ByteBuf bad = Wire.bytes("{\"n\":5,");
    ByteBuf more = Wire.bytes("garbage");
    assertThat(scanner.accept(bad)).isPresent();
    assertThat(scanner.accept(more)).hasValueSatisfying(e -> assertThat(e.param()).hasValue("n"));
    assertThat(refused(scanner.finish()).param()).hasValue("n");
  }

  @Test
  void chunksOfAnySizeGiveTheSameResult() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      byte[] body = RandomBodies.next(random).getBytes(UTF_8);
      if (seed % 3 == 0) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      Scan whole = scan(EndpointKind.CHAT, Unpooled.wrappedBuffer(body), ScanLimits.DEFAULT);
      BodyScanner scanner = new BodyScanner(EndpointKind.CHAT, ScanLimits.DEFAULT);
      for (ByteBuf chunk : Wire.chunks(body, 1 + random.nextInt(40), random)) {
        scanner.accept(chunk);
        assertThat(chunk.refCnt()).isEqualTo(1);
        chunk.release();
      }
      assertThat(scanner.finish())
          .as("seed %d: %s", seed, new String(body, UTF_8))
          .isEqualTo(whole);
    }
  }

  @Test
  void whatItFindsIsWhatAParserFinds() {
    for (int seed = 0; seed < 300; seed++) {
      String body = RandomBodies.next(new Random(seed));
      JsonNode tree = Wire.json(body);
      ScannedRequest request = scanned(EndpointKind.CHAT, body);
      assertThat(request.model()).isEqualTo(tree.get("model").asText());
      assertThat(request.stream()).isEqualTo(tree.path("stream").asBoolean());
      assertThat(request.usageAsked())
          .isEqualTo(tree.path("stream_options").path("include_usage").asBoolean());
      long bytes = 0;
      for (JsonNode message : tree.get("messages")) {
        bytes += message.get("content").asText().getBytes(UTF_8).length;
      }
      assertThat(request.promptBytes()).as("seed %d", seed).isEqualTo(bytes);
    }
  }
}
