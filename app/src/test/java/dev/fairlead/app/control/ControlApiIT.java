package dev.fairlead.app.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.core.plan.Note;
import dev.fairlead.engines.process.LogRing;
import io.prometheus.metrics.core.metrics.Counter;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControlApiIT {
  private static final String CHAT =
      """
      apiVersion: fairlead.dev/v1alpha1
      kind: Model
      metadata: {name: chat}
      spec: {template: {modelPath: /models/chat.gguf}}
      """;

  private final Doors doors = new Doors();
  private final FakeInstallation installation = doors.installation();

  @AfterEach
  void close() {
    doors.close();
  }

  @Test
  void withoutTheTokenNothingButHealthIsAnswered() throws Exception {
    for (String path : new String[] {"/metrics", "/fairlead/v1/overview", "/fairlead/v1/nothing"}) {
      var response = doors.send(HttpRequest.newBuilder(URI.create(doors.controlUrl() + path)));
      assertThat(response.statusCode()).as(path).isEqualTo(401);
      assertThat(response.headers().firstValue("www-authenticate")).hasValue("Bearer");
    }
    var health = doors.send(HttpRequest.newBuilder(URI.create(doors.controlUrl() + "/health")));
    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(health.body()).isEqualTo("{\"status\":\"ok\"}");
  }

  @Test
  void aWrongTokenChangesNothing() throws Exception {
    var response =
        doors.send(
            HttpRequest.newBuilder(URI.create(doors.controlUrl() + "/fairlead/v1/apply"))
                .header("authorization", "Bearer the-tokem")
                .POST(BodyPublishers.ofString(CHAT)));

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(installation.calls()).isEmpty();
  }

  @Test
  void aPageOfAnotherOriginIsRefusedEvenWithTheToken() throws Exception {
    var response =
        doors.send(
            doors
                .control("/fairlead/v1/apply")
                .header("origin", "https://evil.example")
                .POST(BodyPublishers.ofString(CHAT)));

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.headers().firstValue("access-control-allow-origin")).isEmpty();
    assertThat(installation.calls()).isEmpty();
  }

  @Test
  void anotherOriginsPreflightIsRefused() throws Exception {
    var response =
        doors.send(
            doors
                .control("/fairlead/v1/scale")
                .header("origin", "https://evil.example")
                .header("access-control-request-method", "POST")
                .method("OPTIONS", BodyPublishers.noBody()));

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.headers().firstValue("access-control-allow-origin")).isEmpty();
  }

  @Test
  void aNameThatWasReboundToLoopbackIsRefused() throws Exception {
    String answer =
        RawHttp.exchange(
            doors.controlPort(),
            "POST /fairlead/v1/apply HTTP/1.1",
            "host: evil.example:" + doors.controlPort(),
            "authorization: Bearer " + Doors.TOKEN,
            "content-length: 0");

    assertThat(answer).startsWith("HTTP/1.1 403 ");
    assertThat(installation.calls()).isEmpty();
  }

  @Test
  void theConsolesPageMayAskAfterAPreflightThatNeedsNoToken() throws Exception {
    var preflight =
        doors.send(
            HttpRequest.newBuilder(URI.create(doors.controlUrl() + "/fairlead/v1/scale"))
                .header("origin", doors.consoleUrl())
                .header("access-control-request-method", "POST")
                .header("access-control-request-headers", "authorization,content-type")
                .method("OPTIONS", BodyPublishers.noBody()));
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(preflight.headers().firstValue("access-control-allow-origin"))
        .hasValue(doors.consoleUrl());
    assertThat(preflight.headers().firstValue("access-control-allow-headers"))
        .hasValue("authorization, content-type");

    apply(CHAT);
    var scaled = doors.send(scale("{\"version\":\"chat\",\"replicas\":2}"));
    assertThat(scaled.statusCode()).isEqualTo(200);
    assertThat(scaled.headers().firstValue("access-control-allow-origin"))
        .hasValue(doors.consoleUrl());
    assertThat(scaled.headers().firstValue("vary")).hasValue("origin");
    assertThat(installation.calls()).last().isEqualTo("scale chat 2");
  }

  @Test
  void theConsolesPageCanReadARefusal() throws Exception {
    var response =
        doors.send(
            HttpRequest.newBuilder(URI.create(doors.controlUrl() + "/fairlead/v1/scale"))
                .header("origin", doors.consoleUrl())
                .POST(BodyPublishers.ofString("{}")));

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().firstValue("access-control-allow-origin"))
        .hasValue(doors.consoleUrl());
  }

  @Test
  void whatIsAppliedIsListedWithItsStatus() throws Exception {
    var response = apply(CHAT);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"lines\":[\"Model chat created\"],\"problems\":[]}");
    JsonNode items = tree(doors.send(doors.control("/fairlead/v1/resources"))).path("items");
    assertThat(items).hasSize(1);
    assertThat(items.at("/0/spec/template/modelPath").asText()).isEqualTo("/models/chat.gguf");
    assertThat(items.at("/0/status/conditions/0/reason").asText()).isEqualTo("Serving");
    assertThat(tree(doors.send(doors.control("/fairlead/v1/resources?kind=ModelVersion"))))
        .hasToString("{\"items\":[]}");
    assertThat(doors.send(doors.control("/fairlead/v1/resources?kind=Modell")).statusCode())
        .isEqualTo(400);
  }

  @Test
  void everyProblemOfAnApplyIsToldWithItsPlaceAndNothingIsTaken() throws Exception {
    var response = apply(CHAT.replace("template", "tenplate") + "---\n" + CHAT);

    assertThat(response.statusCode()).isEqualTo(422);
    JsonNode problem = tree(response).at("/problems/0");
    assertThat(problem.path("file").asText()).isEqualTo("models.yaml");
    assertThat(problem.path("line").asInt()).isEqualTo(4);
    assertThat(problem.path("severity").asText()).isEqualTo("error");
    assertThat(problem.path("message").asText()).contains("template");
    assertThat(installation.resources()).isEmpty();
  }

  @Test
  void deletingSaysWhetherThereWasSuchAThing() throws Exception {
    apply(CHAT);
    apply(
        """
        apiVersion: fairlead.dev/v1alpha1
        kind: ModelVersion
        metadata: {name: busy}
        spec: {modelPath: /models/chat.gguf}
        """);

    assertThat(delete("kind=Model&name=chat").body()).contains("Model chat deleted");
    assertThat(delete("kind=Model&name=chat").statusCode()).isEqualTo(404);
    var conflict = delete("kind=ModelVersion&name=busy");
    assertThat(conflict.statusCode()).isEqualTo(409);
    assertThat(tree(conflict).at("/error/message").asText()).contains("in use by Model `chat`");
    assertThat(tree(conflict).path("error").has("param")).isTrue();
    assertThat(delete("name=chat").statusCode()).isEqualTo(400);
  }

  @Test
  void scalingTakesANumberOrNullAndNothingElse() throws Exception {
    apply(CHAT);

    assertThat(doors.send(scale("{\"version\":\"chat\",\"replicas\":null}")).body())
        .isEqualTo("{\"message\":\"chat scales by demand\"}");
    assertThat(doors.send(scale("{\"version\":\"chat\"}")).statusCode()).isEqualTo(400);
    assertThat(doors.send(scale("{\"version\":\"chat\",\"replicas\":\"2\"}")).statusCode())
        .isEqualTo(400);
    assertThat(doors.send(scale("{\"version\":\"chat\",\"replicas\":-1}")).statusCode())
        .isEqualTo(400);
    assertThat(doors.send(scale("not json")).statusCode()).isEqualTo(400);
    assertThat(doors.send(scale("{\"version\":\"chat\",\"replicas\":9}")).statusCode())
        .isEqualTo(409);
    assertThat(doors.send(scale("{\"version\":\"chta\",\"replicas\":1}")).statusCode())
        .isEqualTo(404);
  }

  @Test
  void aLogIsFollowedUntilTheRunEnds() throws Exception {
    LogRing log = installation.openLog("chat-1");
    log.append("one");
    log.append("two");

    assertThat(doors.send(doors.control("/fairlead/v1/logs?name=chat-1&tail=1")).body())
        .isEqualTo("two\n");
    try (Stream<String> lines = logs("name=chat-1&follow=true").body()) {
      Iterator<String> line = lines.iterator();
      assertThat(line.next()).isEqualTo("one");
      assertThat(line.next()).isEqualTo("two");
      log.append("three");
      assertThat(line.next()).isEqualTo("three");
      log.end();
      assertThat(line.hasNext()).isFalse();
    }
  }

  @Test
  void aFollowerThatLeavesIsForgotten() throws Exception {
    LogRing log = installation.openLog("chat-1");
    log.append("one");

    try (Stream<String> lines = logs("name=chat-1&follow=true").body()) {
      assertThat(lines.iterator().next()).isEqualTo("one");
    }
    // That the exchange has ended is found by `close`.
  }

  @Test
  void aLogThatIsNotThereIsExplained() throws Exception {
    var none = doors.send(doors.control("/fairlead/v1/logs?name=chat-1&previous=true"));
    assertThat(none.statusCode()).isEqualTo(404);
    assertThat(none.body()).contains("leave --previous away");
    assertThat(doors.send(doors.control("/fairlead/v1/logs?name=nothing")).statusCode())
        .isEqualTo(404);
    assertThat(doors.send(doors.control("/fairlead/v1/logs?name=a&tail=-1")).statusCode())
        .isEqualTo(400);
  }

  @Test
  void eventsAfterANumberAreListed() throws Exception {
    for (String message : new String[] {"first", "second"}) {
      installation
          .journal()
          .note(new Note(Note.Severity.WARNING, "ReplicaCrashed", "chat-1", message));
    }

    assertThat(doors.send(doors.control("/fairlead/v1/events?after=1")).body())
        .isEqualTo(
            "{\"items\":[{\"seq\":2,\"time\":\"2026-11-24T08:00:00Z\",\"type\":\"Warning\","
                + "\"reason\":\"ReplicaCrashed\",\"object\":\"chat-1\",\"message\":\"second\"}]}");
  }

  @Test
  void metricsArePrometheusText() throws Exception {
    Counter.builder().name("fairlead_tests_total").help("Tests").register(doors.metrics()).inc();

    var response = doors.send(doors.control("/metrics"));
    assertThat(response.body()).contains("fairlead_tests_total 1.0");
    assertThat(response.headers().firstValue("content-type").orElse(""))
        .startsWith("text/plain; version=0.0.4");
  }

  private HttpResponse<String> apply(String yaml) throws Exception {
    return doors.send(
        doors.control("/fairlead/v1/apply?file=models.yaml").POST(BodyPublishers.ofString(yaml)));
  }

  private HttpRequest.Builder scale(String body) {
    return doors
        .control("/fairlead/v1/scale")
        .header("origin", doors.consoleUrl())
        .POST(BodyPublishers.ofString(body));
  }

  private HttpResponse<String> delete(String query) throws Exception {
    return doors.send(doors.control("/fairlead/v1/resources?" + query).DELETE());
  }

  private HttpResponse<Stream<String>> logs(String query) throws Exception {
    return doors.stream(doors.control("/fairlead/v1/logs?" + query));
  }

  private static JsonNode tree(HttpResponse<String> response) throws Exception {
    return new ObjectMapper().readTree(response.body());
  }
}
