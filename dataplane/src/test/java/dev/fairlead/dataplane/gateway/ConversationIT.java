package dev.fairlead.dataplane.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Where the turns of a conversation go.
final class ConversationIT {
  @RegisterExtension final GatewayUnderTest gateway = new GatewayUnderTest();

  /// Its bodies begin differently, so that nothing but the prompt keeps them together.
  @Test
  void aConversationStaysAtTheReplicaThatHasReadIt() throws Exception {
    ScriptedAgent a = gateway.agent("a");
    ScriptedAgent b = gateway.agent("b");
    gateway.route(a, b);
    a.ready(4);
    b.ready(4);
    await().until(() -> gateway.ready(GatewayUnderTest.VERSION) == 2);

    Set<ScriptedAgent> used = new HashSet<>();
    for (int i = 0; i < 12; i++) {
      String question = message("user", "Conversation %d. ".formatted(i).repeat(60));
      ScriptedAgent first = served(a, b, "\"max_tokens\": 7,", question);
      ScriptedAgent second =
          served(
              a,
              b,
              "\"temperature\": 0.%d,\"max_tokens\": 9,".formatted(i),
              question + "," + message("assistant", "Yes.") + "," + message("user", "Really?"));

      assertThat(second).as("conversation %d", i).isEqualTo(first);
      used.add(first);
    }
    assertThat(used).as("both replicas have conversations").hasSize(2);
  }

  private static String message(String role, String content) {
    return "{\"role\":\"%s\",\"content\":\"%s\"}".formatted(role, content);
  }

  private ScriptedAgent served(ScriptedAgent a, ScriptedAgent b, String first, String messages)
      throws Exception {
    CompletableFuture<HttpResponse<String>> answer =
        gateway.ask("{%s\"model\":\"chat\",\"messages\":[%s]}".formatted(first, messages));
    await().until(() -> a.unread() + b.unread() == 1);
    ScriptedAgent served = a.unread() == 1 ? a : b;
    served.next().whole("{}", 1, 1);
    answer.get(5, SECONDS);
    await().until(() -> gateway.demand().inFlight() == 0);
    return served;
  }
}
