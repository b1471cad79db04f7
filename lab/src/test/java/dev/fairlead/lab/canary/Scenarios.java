package dev.fairlead.lab.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.lab.harness.Answer;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.OpenAi;
import dev.fairlead.lab.harness.Streamed;
import dev.fairlead.testkit.SystemProcesses;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;

/// Every way in which a request can end, with canaries in whatever belongs to its user.
///
/// @param chat the served name of a model for chats
/// @param embed of one for embeddings
record Scenarios(FairleadProcess fairlead, Asked asked, String chat, String embed) {
  private static final String CHATS = "/v1/chat/completions";
  private static final String COMPLETIONS = "/v1/completions";
  private static final String EMBEDDINGS = "/v1/embeddings";
  private static final String STREAM = "\"stream\":true,";
  private static final String WITH_USAGE = STREAM + "\"stream_options\":{\"include_usage\":true},";

  private String word(String place) {
    return asked.canaries().word(place);
  }

  void success() {
    String prompt = word("a prompt that is answered");
    assertThat(asked.whole(CHATS, asked.chat(chat, prompt, "")).text()).contains(prompt);
    assertThat(asked.streamed(CHATS, asked.chat(chat, prompt, WITH_USAGE)).text()).contains(prompt);
    String completion = word("the prompt of a completion");
    for (String more : new String[] {"", STREAM}) {
      String body = "{\"model\":\"%s\",%s\"prompt\":\"%s\"}".formatted(chat, more, completion);
      assertThat(asked.whole(COMPLETIONS, body).body()).contains(completion);
    }
    for (String form : new String[] {"float", "base64"}) {
      String body =
          "{\"model\":\"%s\",\"encoding_format\":\"%s\",\"input\":[\"%s\",\"%s\"]}"
              .formatted(embed, form, word("an input"), word("another input"));
      assertThat(asked.whole(EMBEDDINGS, body).status()).isEqualTo(200);
    }
  }

  void tools() {
    String property = word("a tool's parameter");
    String tools =
        """
        "tools":[{"type":"function","function":{"name":"%s","description":"%s",\
        "parameters":{"type":"object","properties":{"%s":{"type":"string"}}}}}],\
        """
            .formatted(word("a tool's name"), word("a tool's description"), property);
    assertThat(asked.whole(CHATS, asked.chat(chat, "Use it", tools)).body()).contains(property);
    assertThat(asked.streamed(CHATS, asked.chat(chat, "Use it", tools + STREAM)).done()).isTrue();
    String used =
        """
        {"model":"%s","messages":[{"role":"user","content":"Use it"},\
        {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function",\
        "function":{"name":"get","arguments":"{\\"city\\":\\"%s\\"}"}}]},\
        {"role":"tool","tool_call_id":"call_1","content":"%s"}]}\
        """
            .formatted(chat, word("a tool's arguments"), word("a tool's answer"));
    assertThat(asked.whole(CHATS, used).status()).isEqualTo(200);
  }

  /// Interfaces that may not be there: what they answer does not matter.
  void otherInterfaces() {
    String input = word("an input of other interfaces");
    var _ =
        asked.whole("/v1/responses", "{\"model\":\"%s\",\"input\":\"%s\"}".formatted(chat, input));
    var _ =
        asked.whole(
            "/v1/messages",
            "{\"model\":\"%s\",\"max_tokens\":8,\"system\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                .formatted(chat, input, input));
    var _ =
        asked.whole(
            "/v1/rerank",
            "{\"model\":\"%s\",\"query\":\"%s\",\"documents\":[\"%s\"]}"
                .formatted(embed, input, input));
    var _ = asked.whole("/v1/" + word("a path"), "{}");
    assertThat(fairlead.openAi().get("/v1/models?key=" + word("a query")).status()).isIn(200, 401);
  }

  void refusals() {
    for (String body :
        List.of(
            asked.chat(word("the name of an unknown model"), "Hello", ""),
            "{\"model\":\"%s\",\"messages\":[{\"content\":\"%s".formatted(chat, word("cut JSON")),
            "%s {\"model\":".formatted(word("no JSON")),
            asked.chat(chat, "Hello", "\"n\":0,\"stop\":\"%s\",".formatted(word("a stop"))),
            asked.chat(chat, "Hello", "\"max_tokens\":\"%s\",".formatted(word("a wrong number"))),
            asked.chat(chat, "fake:status code=400 " + word("an engine's 400"), ""),
            asked.chat(chat, (word("a prompt that is too long") + " x ").repeat(9_000), ""),
            asked.chat(embed, word("a prompt for the wrong model"), ""))) {
      assertThat(asked.whole(CHATS, body).status()).as(shown(body)).isBetween(400, 404);
    }
    for (String header : new String[] {"authorization", "x-api-key", "api-key"}) {
      String key = "Bearer " + word("a wrong key in " + header);
      OpenAi stranger = fairlead.openAi();
      Answer answer =
          stranger.send(
              stranger
                  .request(CHATS)
                  .header(header, key)
                  .POST(BodyPublishers.ofString(asked.chat(chat, "Hello", ""))));
      assertThat(answer.status()).isEqualTo(401);
    }
  }

  /// What is no request for an answer, with a word wherever a client may write one.
  void strangersAtTheDoor() {
    OpenAi stranger = fairlead.openAi();
    for (String path :
        new String[] {CHATS, "/v1/models/" + word("a model's path"), "/" + word("a path alone")}) {
      String target = "%s?key=%s".formatted(path, word("a key in a query"));
      assertThat(stranger.get(target).status()).isEqualTo(401);
      assertThat(asked.get(target).status()).isIn(404, 405);
    }
    assertThat(
            stranger
                .send(stranger.request("/").method(word("a method"), BodyPublishers.noBody()))
                .status())
        .isEqualTo(405);
  }

  private static String shown(String body) {
    return body.substring(0, Math.min(120, body.length()));
  }

  void failures() {
    for (String fault :
        new String[] {
          "status code=500", "html500", "error after=1", "cut after=0", "cut after=2"
        }) {
      String question = "fake:%s %s".formatted(fault, word("a prompt that meets " + fault));
      assertThat(asked.whole(CHATS, asked.chat(chat, question, "")).status())
          .as(fault)
          .isBetween(500, 503);
      assertThat(asked.streamed(CHATS, asked.chat(chat, question, STREAM)).done())
          .as(fault)
          .isFalse();
    }
    for (String fault : new String[] {"garbage after=1", "no-finish after=2"}) {
      String question = "fake:%s %s".formatted(fault, word("a prompt that meets " + fault));
      var _ = asked.streamed(CHATS, asked.chat(chat, question, STREAM));
      var _ = asked.whole(CHATS, asked.chat(chat, question, ""));
    }
  }

  void leavers() {
    for (String fault : new String[] {"prefill ms=60000", "slow rate=5"}) {
      String question = "fake:%s %s".formatted(fault, word("a prompt whose client leaves"));
      try (Streamed answer = asked.stream(CHATS, asked.chat(chat, question, STREAM))) {
        if (fault.startsWith("slow")) {
          var _ = answer.awaitText();
        } else {
          awaitRunning();
        }
      }
      await().atMost(Duration.ofSeconds(20)).until(() -> running() == 0);
    }
  }

  /// An engine is killed under a request, which another replica then answers.
  void retry() {
    String question = "fake:prefill ms=2000 " + word("a prompt that is answered after a retry");
    Streamed answer = asked.stream(CHATS, asked.chat(chat, question, STREAM));
    awaitRunning();
    SystemProcesses.signal(busyEngine(), "KILL");
    var _ = answer.awaitEnd();
    assertThat(answer.done()).as("%s", answer).isTrue();
    fairlead.control().awaitEvent("EngineFailed");
  }

  private void awaitRunning() {
    await().atMost(Duration.ofSeconds(20)).until(() -> running() == 1);
  }

  private int running() {
    return fairlead.control().replicas("Ready").stream()
        .mapToInt(replica -> replica.path("running").asInt())
        .sum();
  }

  private long busyEngine() {
    return fairlead.control().replicas("Ready").stream()
        .filter(replica -> replica.path("running").asInt() == 1)
        .mapToLong(replica -> replica.path("pid").asLong())
        .findFirst()
        .orElseThrow();
  }
}
