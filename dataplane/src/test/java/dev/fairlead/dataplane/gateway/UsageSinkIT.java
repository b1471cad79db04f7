package dev.fairlead.dataplane.gateway;

import static dev.fairlead.dataplane.gateway.GatewayUnderTest.body;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.core.admit.Caller;
import dev.fairlead.core.admit.Limits;
import dev.fairlead.core.admit.Tenant;
import dev.fairlead.core.usage.UsageRow;
import dev.fairlead.dataplane.gateway.ScriptedAgent.Call;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What the usage ledger is told of a request.
final class UsageSinkIT {
  private static final String ROLE =
      "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}";
  private static final String TEXT =
      "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"},\"finish_reason\":null}]}";
  private static final String LAST =
      "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";
  private static final String USAGE =
      "{\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1,\"total_tokens\":6,"
          + "\"prompt_tokens_details\":{\"cached_tokens\":2}}}";

  @RegisterExtension final GatewayUnderTest gateway = new GatewayUnderTest();

  @Test
  void aStreamIsARowWithWhatTheEngineTold() throws Exception {
    gateway.callsAs(caller(Optional.empty()));
    ScriptedAgent agent = ready();
    CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(true, "\"user\": \"zoë\","));
    Call call = agent.next();
    call.start();
    call.event(ROLE);
    call.event(TEXT);
    call.event(LAST);
    call.event(USAGE);
    call.event("[DONE]");
    call.finish();
    String id = answer.get(5, SECONDS).headers().firstValue("x-request-id").orElseThrow();

    UsageRow row = row();
    assertThat(row.requestId()).isEqualTo(id);
    assertThat(row.payer()).isEqualTo(new UsageRow.Payer("search", "laptop", "zoë"));
    assertThat(row.service())
        .isEqualTo(
            new UsageRow.Service("chat", GatewayUnderTest.VERSION, Optional.of("a"), "chat"));
    assertThat(row.tokens()).isEqualTo(new UsageRow.Tokens(5, 2, 1, false));
    assertThat(row.outcome()).isEqualTo("success");
    assertThat(row.timeToFirstToken().orElseThrow())
        .isLessThanOrEqualTo(Duration.between(row.arrived(), row.finished()));
  }

  @Test
  void theTenantsHeaderNamesTheUserBeforeTheBody() throws Exception {
    gateway.callsAs(caller(Optional.of("x-user")));
    ScriptedAgent agent = ready();
    CompletableFuture<HttpResponse<String>> answer =
        gateway.ask(body(false, "\"user\": \"body\","), "X-User", "h".repeat(300));
    agent.next().whole("{}", 7, 3);
    answer.get(5, SECONDS);

    UsageRow row = row();
    assertThat(row.payer().user()).isEqualTo("h".repeat(256));
    assertThat(row.tokens()).isEqualTo(new UsageRow.Tokens(7, 0, 3, false));
    assertThat(row.timeToFirstToken()).isEmpty();
  }

  @Test
  void withoutTheHeaderTheBodyNamesTheUser() throws Exception {
    gateway.callsAs(caller(Optional.of("x-user")));
    ScriptedAgent agent = ready();
    CompletableFuture<HttpResponse<String>> answer =
        gateway.ask(body(false, "\"user\": \"body\","));
    agent.next().whole("{}", 7, 3);
    answer.get(5, SECONDS);

    assertThat(row().payer().user()).isEqualTo("body");
  }

  @Test
  void aClientThatLeavesInMidStreamPaysForWhatHadCome() throws Exception {
    ScriptedAgent agent = ready();
    HttpResponse<Stream<String>> answer;
    CompletableFuture<HttpResponse<Stream<String>>> asked = gateway.stream(body(true, ""));
    Call call = agent.next();
    call.start();
    call.event(ROLE);
    call.event(TEXT);
    call.event(TEXT);
    answer = asked.get(5, SECONDS);
    Iterator<String> lines = answer.body().iterator();
    for (int i = 0; i < 5; i++) {
      lines.next();
    }
    answer.body().close();

    UsageRow row = row();
    assertThat(row.outcome()).isEqualTo("cancelled");
    assertThat(row.tokens()).isEqualTo(new UsageRow.Tokens(1, 0, 2, true));
  }

  @Test
  void aReplicaThatDiesInMidStreamIsPaidForWhatHadCome() throws Exception {
    ScriptedAgent agent = ready();
    CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(true, ""));
    Call call = agent.next();
    call.start();
    call.event(ROLE);
    call.event(TEXT);
    call.die();
    var _ = answer.handle((_, _) -> "over").get(5, SECONDS);

    UsageRow row = row();
    assertThat(row.outcome()).isEqualTo("failed");
    assertThat(row.tokens()).isEqualTo(new UsageRow.Tokens(1, 0, 1, true));
  }

  @Test
  void aRefusedRequestIsARowThatCostsNothing() throws Exception {
    gateway.route();
    var _ = gateway.ask(body(true, "").replace("\"chat\"", "\"none\"")).get(5, SECONDS);

    UsageRow row = row();
    assertThat(row.outcome()).isEqualTo("refused");
    assertThat(row.tokens()).isEqualTo(new UsageRow.Tokens(0, 0, 0, false));
    assertThat(row.service().replica()).isEmpty();
  }

  private ScriptedAgent ready() {
    ScriptedAgent agent = gateway.agent("a");
    gateway.route(agent);
    agent.ready(4);
    return agent;
  }

  private UsageRow row() {
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(gateway.usage()).hasSize(1));
    return gateway.usage().getFirst();
  }

  private static Caller caller(Optional<String> header) {
    return new Caller(new Tenant("search", Limits.NONE, 0, Set.of(), true, header), "laptop");
  }
}
