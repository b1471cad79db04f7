package dev.fairlead.dataplane.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.core.admit.Caller;
import dev.fairlead.core.admit.Limits;
import dev.fairlead.core.admit.Tenant;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OverflowIT {
  @RegisterExtension final GatewayUnderTest gateway = new GatewayUnderTest();

  private ScriptedAgent own;
  private ScriptedAgent elsewhere;

  @BeforeEach
  void serve() {
    own = gateway.agent("a");
    elsewhere = gateway.agent("b", "elsewhere");
    gateway.routeWithOverflow(own, elsewhere);
    elsewhere.ready(4);
    await().until(() -> gateway.ready("elsewhere") == 1);
  }

  private CompletableFuture<HttpResponse<String>> ask() {
    return gateway.ask(GatewayUnderTest.body(false, ""));
  }

  @Test
  void whileTheOwnReplicaStartsTheRequestGoesElsewhereAndCountsAsDemand() throws Exception {
    CompletableFuture<HttpResponse<String>> answer = ask();
    ScriptedAgent.Call call = elsewhere.next();
    assertThat(call.body()).contains("\"org/elsewhere\"");
    assertThat(call.header("fairlead-model")).isEqualTo("chat");
    assertThat(gateway.demand().inFlight()).isEqualTo(1);
    assertThat(gateway.demand().arrivals()).isEqualTo(1);
    assertThat(gateway.demandSignals()).isEqualTo(1);
    call.whole("{}", 1, 1);
    assertThat(answer.get(5, SECONDS).statusCode()).isEqualTo(200);
    await().until(() -> gateway.demand().inFlight() == 0);
  }

  @Test
  void onceTheOwnReplicaHasRoomNothingGoesElsewhere() throws Exception {
    own.ready(1);
    await().until(() -> gateway.ready(GatewayUnderTest.VERSION) == 1);
    CompletableFuture<HttpResponse<String>> first = ask();
    ScriptedAgent.Call running = own.next();
    CompletableFuture<HttpResponse<String>> second = ask();
    elsewhere.next().whole("{}", 1, 1);
    assertThat(second.get(5, SECONDS).statusCode()).isEqualTo(200);
    running.whole("{}", 1, 1);
    assertThat(first.get(5, SECONDS).statusCode()).isEqualTo(200);
    CompletableFuture<HttpResponse<String>> third = ask();
    own.next().whole("{}", 1, 1);
    assertThat(third.get(5, SECONDS).statusCode()).isEqualTo(200);
    assertThat(elsewhere.unread()).isZero();
  }

  @Test
  void aTenantThatDoesNotAllowItWaits() throws Exception {
    gateway.callsAs(
        new Caller(
            new Tenant("strict", Limits.NONE, 0, Set.of(), false, Optional.empty()), "key-1"));
    CompletableFuture<HttpResponse<String>> answer = ask();
    await().until(() -> gateway.demand().waiting() == 1);
    assertThat(elsewhere.unread()).isZero();
    own.ready(1);
    own.next().whole("{}", 1, 1);
    assertThat(answer.get(5, SECONDS).statusCode()).isEqualTo(200);
  }
}
