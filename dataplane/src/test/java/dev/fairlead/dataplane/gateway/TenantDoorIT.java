package dev.fairlead.dataplane.gateway;

import static dev.fairlead.dataplane.gateway.GatewayUnderTest.body;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.admit.Caller;
import dev.fairlead.core.admit.Limits;
import dev.fairlead.core.admit.Tenant;
import dev.fairlead.dataplane.gateway.ScriptedAgent.Call;
import dev.fairlead.dataplane.net.Tokens;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Tenants at a door that asks for keys.
final class TenantDoorIT {
  private static final String CHUNK =
      "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"},\"finish_reason\":null}]}";
  private static final String LAST =
      "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";

  @RegisterExtension final GatewayUnderTest gateway = new GatewayUnderTest();

  private volatile Instant now = Instant.parse("2026-11-24T08:00:00Z");
  private final TenantKeys keys = new TenantKeys(() -> now);

  @BeforeEach
  void guard() {
    gateway.guard(new GuardedKeys(Tokens.of(List.of("fl-own")), keys));
  }

  private static Tenant tenant(String... models) {
    return new Tenant("team", Limits.NONE, 0, Set.of(models), false, Optional.empty());
  }

  private CompletableFuture<HttpResponse<String>> ask(String key, String body) {
    return gateway.ask(body, "authorization", "Bearer " + key);
  }

  private HttpResponse<String> get(String key, String path) throws Exception {
    return gateway.get(path, "authorization", "Bearer " + key).get(5, SECONDS);
  }

  @Test
  void aStreamThatRunsIsFinishedWhileItsKeyIsRevokedAndTheNextRequestIs401() throws Exception {
    keys.replace(List.of(TenantKeysTest.holding(tenant(), "spring", "fl-1", null)));
    ScriptedAgent agent = gateway.agent("a");
    gateway.route(agent);
    agent.ready(4);
    CompletableFuture<HttpResponse<String>> running = ask("fl-1", body(true, ""));
    Call call = agent.next();
    call.start();
    call.event(CHUNK);

    keys.replace(List.of());
    HttpResponse<String> refused = ask("fl-1", body(true, "")).get(5, SECONDS);
    call.event(LAST);
    call.event("[DONE]");
    call.finish();

    assertThat(refused.statusCode()).isEqualTo(401);
    HttpResponse<String> answer = running.get(5, SECONDS);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("Hello").endsWith("data: [DONE]\n\n");
    assertThat(agent.unread()).isZero();
  }

  @Test
  void aRunningRequestIsNotTouchedByNewLimitsAndModelsOfItsTenant() throws Exception {
    keys.replace(List.of(TenantKeysTest.holding(tenant("chat"), "spring", "fl-1", null)));
    ScriptedAgent agent = gateway.agent("a");
    gateway.route(agent);
    agent.ready(4);
    CompletableFuture<HttpResponse<String>> running = ask("fl-1", body(false, ""));
    Call call = agent.next();

    keys.replace(List.of(TenantKeysTest.holding(tenant("other"), "spring", "fl-1", null)));

    assertThat(ask("fl-1", body(false, "")).get(5, SECONDS).statusCode()).isEqualTo(404);
    call.whole("{}", 1, 1);
    assertThat(running.get(5, SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void unknownRevokedAndExpiredKeysAreAnsweredAlike() throws Exception {
    keys.replace(List.of(TenantKeysTest.holding(tenant(), "spring", "fl-1", now.plusSeconds(1))));
    assertThat(get("fl-1", "/v1/models").statusCode()).isEqualTo(200);
    now = now.plusSeconds(1);
    gateway.route();

    List<HttpResponse<String>> answers =
        Stream.of("fl-1", "fl-never")
            .map(key -> {
              try {
                return get(key, "/v1/models");
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            })
            .toList();

    assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(401);
    assertThat(answers.getFirst().body()).isEqualTo(answers.getLast().body());
    assertThat(answers.getFirst().body())
        .contains("\"code\":\"invalid_api_key\"")
        .contains("not valid")
        .doesNotContain("expire")
        .doesNotContain("team");
    assertThat(gateway.get("/v1/models").get(5, SECONDS).body()).contains("Authorization: Bearer");
  }

  @Test
  void aModelThatIsNotAllowedDoesNotExistAnywhere() throws Exception {
    keys.replace(List.of(TenantKeysTest.holding(tenant("other"), "spring", "fl-1", null)));
    gateway.route();

    String there = ask("fl-1", body(true, "")).get(5, SECONDS).body();
    String nowhere =
        ask("fl-1", body(true, "").replace("\"chat\"", "\"none\"")).get(5, SECONDS).body();
    assertThat(there).contains("model_not_found").isEqualTo(nowhere.replace("`none`", "`chat`"));
    assertThat(get("fl-1", "/v1/models").body()).contains("\"data\":[]");
    assertThat(get("fl-1", "/v1/models/chat").statusCode()).isEqualTo(404);
    assertThat(get("fl-1", "/v1/models/gpt").body())
        .isEqualTo(get("fl-1", "/v1/models/abc").body().replace("`abc`", "`gpt`"));
    assertThat(get("fl-own", "/v1/models").body()).contains("\"id\":\"chat\"");
  }

  @Test
  void aRequestIsRecordedUnderTheNameOfItsKey() throws Exception {
    keys.replace(List.of(TenantKeysTest.holding(tenant(), "spring", "fl-1", null)));
    ScriptedAgent agent = gateway.agent("a");
    gateway.route(agent);
    agent.ready(4);

    CompletableFuture<HttpResponse<String>> answer = ask("fl-1", body(false, ""));
    agent.next().whole("{}", 1, 1);
    String id = answer.get(5, SECONDS).headers().firstValue("x-request-id").orElseThrow();

    assertThat(gateway.recent().find(id).orElseThrow().caller())
        .isEqualTo(new Caller(tenant(), "spring"));
    assertThat(gateway.recent().find(id).orElseThrow().toString()).doesNotContain("fl-1");
  }
}
