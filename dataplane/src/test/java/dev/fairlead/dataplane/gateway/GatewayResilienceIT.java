package dev.fairlead.dataplane.gateway;

import static dev.fairlead.dataplane.gateway.GatewayUnderTest.body;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.core.route.ReplicaHealth;
import dev.fairlead.core.route.RetryBudget;
import dev.fairlead.dataplane.gateway.ScriptedAgent.Call;
import dev.fairlead.dataplane.link.Refusal;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a gateway tries again, how often, and where not.
final class GatewayResilienceIT {
  private static final String ONCE_MORE = "fairlead_retries_withheld_total";

  @Nested
  final class WithTheDefaults {
    @RegisterExtension final GatewayUnderTest gateway = new GatewayUnderTest();

    @Test
    void aRequestIsNotSentAgainToTheReplicaThatFailedUnderIt() throws Exception {
      ScriptedAgent only = gateway.agent("a");
      gateway.route(only);
      only.ready(4);

      CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(false, ""));
      only.next().die();
      only.ready(4);

      assertThat(answer.get(10, SECONDS).statusCode()).isEqualTo(502);
      assertThat(only.unread()).isZero();
      assertThat(gateway.metric(ONCE_MORE, "reason", "replicas")).isEqualTo(1);
    }

    @Test
    void aReplicaThatWasStartedAnewIsAnotherOne() throws Exception {
      ScriptedAgent only = gateway.agent("a");
      gateway.route(only);
      only.ready(4);

      CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(false, ""));
      only.next().die();
      only.ready(4);
      only.ready(0);
      only.ready(4);
      only.next().whole("{}", 1, 1);

      assertThat(answer.get(10, SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void aRequestThatHasNowhereToGoDoesNotHoldUpTheOthers() throws Exception {
      ScriptedAgent only = gateway.agent("a");
      gateway.route(only);
      only.ready(4);
      CompletableFuture<HttpResponse<String>> failed = gateway.ask(body(false, ""));
      only.next().die();
      await().until(() -> gateway.demand().waiting() == 1);

      CompletableFuture<HttpResponse<String>> other = gateway.ask(body(false, ""));
      only.ready(4);
      only.next().whole("{}", 1, 1);

      assertThat(other.get(10, SECONDS).statusCode()).isEqualTo(200);
      assertThat(failed.get(10, SECONDS).statusCode()).isEqualTo(502);
    }

    @Test
    void whatIsNoAnswerOfAnAgentGoesElsewhere() throws Exception {
      ScriptedAgent one = gateway.agent("a");
      ScriptedAgent other = gateway.agent("b");
      gateway.route(one, other);
      one.ready(4);

      CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(false, ""));
      Call call = one.next();
      other.ready(4);
      call.html(503);
      other.next().whole("{}", 1, 1);

      assertThat(answer.get(10, SECONDS).body()).isEqualTo("{}");
    }
  }

  @Nested
  final class WithOneRetry {
    @RegisterExtension
    final GatewayUnderTest gateway =
        new GatewayUnderTest(
            Resilience.defaults()
                .withRetries(new RetryBudget.Policy(0, 1, Duration.ofHours(1), 1)));

    @Test
    void retriesAreLimitedAndRefusalsAreNone() throws Exception {
      ScriptedAgent one = gateway.agent("a");
      ScriptedAgent other = gateway.agent("b");
      gateway.route(one, other);
      one.ready(4);

      CompletableFuture<HttpResponse<String>> first = gateway.ask(body(false, ""));
      Call refused = one.next();
      other.ready(4);
      refused.refuse(Refusal.BUSY);
      Call failed = other.next();
      one.ready(4);
      failed.die();
      one.next().whole("{}", 1, 1);
      assertThat(first.get(10, SECONDS).statusCode()).isEqualTo(200);

      CompletableFuture<HttpResponse<String>> second = gateway.ask(body(false, ""));
      one.next().die();
      HttpResponse<String> answer = second.get(10, SECONDS);
      assertThat(answer.statusCode()).isEqualTo(502);
      assertThat(answer.body()).contains("failed before it answered");
      assertThat(gateway.metric(ONCE_MORE, "reason", "budget")).isEqualTo(1);
    }
  }

  @Nested
  final class WithoutMemoryForReplays {
    @RegisterExtension
    final GatewayUnderTest gateway = new GatewayUnderTest(Resilience.defaults().withReplayBytes(0));

    @Test
    void aRequestIsSentOnce() throws Exception {
      ScriptedAgent one = gateway.agent("a");
      ScriptedAgent other = gateway.agent("b");
      gateway.route(one, other);
      one.ready(4);

      CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(false, ""));
      Call call = one.next();
      other.ready(4);
      call.die();

      assertThat(answer.get(10, SECONDS).statusCode()).isEqualTo(502);
      assertThat(other.unread()).isZero();
      assertThat(gateway.metric(ONCE_MORE, "reason", "replay")).isEqualTo(1);
    }

    @Test
    void oneThatGoesWellIsAsEver() throws Exception {
      ScriptedAgent one = gateway.agent("a");
      gateway.route(one);
      one.ready(4);

      CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(false, ""));
      Call call = one.next();
      assertThat(call.body()).contains("Hi");
      call.whole("{}", 1, 1);

      assertThat(answer.get(10, SECONDS).statusCode()).isEqualTo(200);
    }
  }

  @Nested
  final class WithEjection {
    @RegisterExtension
    final GatewayUnderTest gateway =
        new GatewayUnderTest(
            Resilience.defaults()
                .withEjection(
                    new ReplicaHealth.Policy(2, Duration.ofMinutes(5), Duration.ofMinutes(5))));

    @Test
    void aReplicaThatFailsInARowIsLeftOutAndTheOtherHasAll() throws Exception {
      ScriptedAgent bad = gateway.agent("a");
      ScriptedAgent good = gateway.agent("b");
      gateway.route(bad, good);
      for (int i = 0; i < 2; i++) {
        bad.ready(4);
        CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(true, ""));
        Call call = bad.next();
        call.start();
        call.event("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":null}]}");
        call.die();
        assertThat(answer.handle((_, failure) -> failure != null).get(10, SECONDS)).isTrue();
      }
      await()
          .untilAsserted(() ->
              assertThat(gateway.metric("fairlead_ejections_total", "version", "chat-1"))
                  .isEqualTo(1));

      bad.ready(4);
      good.ready(1);
      // With the good one not heard yet, the bad one would be the last that there is.
      await().until(() -> gateway.ready(GatewayUnderTest.VERSION) == 2);
      List<CompletableFuture<HttpResponse<String>>> answers =
          List.of(gateway.ask(body(false, "")), gateway.ask(body(false, "")));
      good.next().whole("{}", 1, 1);
      good.next().whole("{}", 1, 1);

      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        assertThat(answer.get(10, SECONDS).statusCode()).isEqualTo(200);
      }
      assertThat(bad.unread()).isZero();
    }
  }
}
