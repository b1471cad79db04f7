package dev.fairlead.lab.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.fairlead.artifacts.process.Programs;
import dev.fairlead.lab.harness.Chat;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Json;
import dev.fairlead.lab.harness.Streamed;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Every client library, and what AnythingLLM does with one, against every habit of an engine: what
/// each of them reports is what {@link MatrixTable} says.
final class MatrixE2E {
  @RegisterExtension static final Fairleads FAIRLEADS = Fairleads.perClass();

  private static final MatrixTable TABLE = new MatrixTable();
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static FairleadProcess real;
  private static FairleadProcess fake;
  private static String key = "";

  @BeforeAll
  static void serve() {
    real = Served.real(FAIRLEADS);
    fake = Served.fakeModels(FAIRLEADS);
    key = Served.key(fake);
  }

  @TestFactory
  Stream<DynamicTest> openaiNode4() {
    return node("openai-node 4");
  }

  @TestFactory
  Stream<DynamicTest> openaiNode6() {
    return node("openai-node 6");
  }

  @TestFactory
  Stream<DynamicTest> aiSdk() {
    return node("ai-sdk");
  }

  @TestFactory
  Stream<DynamicTest> langchainJs() {
    return node("langchain js");
  }

  @TestFactory
  Stream<DynamicTest> openaiJava() {
    return java("openai-java", OpenAiJavaColumn::new);
  }

  @TestFactory
  Stream<DynamicTest> langchain4j() {
    return java("langchain4j", LangChain4jColumn::new);
  }

  @TestFactory
  Stream<DynamicTest> anythingLlm() {
    Map<String, String> environment =
        Map.of(
            "FAKE_URL", fake.url().toString(),
            "FAKE_KEY", key,
            "CONTROL_URL", fake.control().url().toString(),
            "CONTROL_TOKEN", fake.control().token());
    return NodeChecks.run("anythingllm.mjs", List.of(), environment, LIMIT, fake::transcript);
  }

  /// The situation `COMMENTS` is what it says.
  @Test
  void whoWaitsHearsComments() {
    Chat chat = Chat.ask(Served.BUSY, Situation.COMMENTS.question());
    List<Streamed> all = Stream.generate(() -> fake.openAi(key).stream(chat)).limit(4).toList();
    all.forEach(Streamed::awaitEnd);
    assertThat(all)
        .anyMatch(one -> one.lines().stream().anyMatch(line -> line.text().startsWith(": ")));
  }

  private static Stream<DynamicTest> node(String client) {
    Programs.Result result = NodeChecks.output("matrix.mjs", List.of(client), environment(), LIMIT);
    Map<Situation, String> outcomes = new EnumMap<>(Situation.class);
    result
        .output()
        .lines()
        .filter(line -> line.startsWith("{\"situation\":"))
        .map(Json::parse)
        .forEach(line -> outcomes.put(situation(line), line.path("outcome").asText()));
    return tests(client, situation -> outcomes.getOrDefault(situation, result.lastLines(20)));
  }

  private static Situation situation(JsonNode line) {
    String id = line.path("situation").asText();
    return Arrays.stream(Situation.values())
        .filter(one -> one.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> environment() {
    ArrayNode situations = new ObjectMapper().createArrayNode();
    for (Situation situation : Situation.values()) {
      situations
          .addObject()
          .put("id", situation.id())
          .put("kind", situation.kind().id())
          .put("question", situation.question());
    }
    return Map.of(
        "REAL_URL", real.url().toString(),
        "FAKE_URL", fake.url().toString(),
        "FAKE_KEY", key,
        "SITUATIONS", situations.toString());
  }

  private static Stream<DynamicTest> java(String client, BiFunction<URI, String, Column> library) {
    Column toReal = library.apply(real.url(), "none");
    Column toFake = library.apply(fake.url(), key);
    Outcomes outcomes = new Outcomes(toReal, toFake);
    return tests(client, outcomes::of)
        .onClose(() -> {
          toReal.close();
          toFake.close();
        });
  }

  private static Stream<DynamicTest> tests(String client, Function<Situation, String> outcome) {
    return TABLE.column(client).entrySet().stream()
        .map(cell ->
            DynamicTest.dynamicTest(
                cell.getKey().label(),
                () ->
                    assertThat(outcome.apply(cell.getKey()))
                        .as("what %s reports when the engine %s", client, cell.getKey().label())
                        .isEqualTo(cell.getValue())));
  }
}
