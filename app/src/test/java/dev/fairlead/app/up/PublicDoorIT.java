package dev.fairlead.app.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.app.control.SecretKey;
import dev.fairlead.dataplane.gateway.DoorRecord;
import dev.fairlead.dataplane.gateway.RequestRecord;
import dev.fairlead.dataplane.gateway.RequestSink;
import dev.fairlead.dataplane.net.Tokens;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Tenants at the real doors of an installation: their keys are made and ended at the control door,
/// and asked for at the public one.
final class PublicDoorIT {
  private static final String OWN = "fl-the-installations-own";
  private static final String TOKEN = DoorsUnderTest.TOKEN;
  private static final Instant START = Instant.parse("2026-11-24T08:00:00Z");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder = Path.of("");
  private volatile Instant now = START;
  private final DoorsUnderTest doors = new DoorsUnderTest();
  private final List<DoorRecord> refused = new CopyOnWriteArrayList<>();
  private final RequestSink sink =
      new RequestSink() {
        @Override
        public void settled(RequestRecord request) {}

        @Override
        public void refused(DoorRecord request) {
          refused.add(request);
        }
      };

  @AfterEach
  void stop() {
    doors.close();
  }

  private void start(boolean guarded) {
    doors.start(
        folder,
        () -> now,
        guarded ? Optional.of(Tokens.of(List.of(OWN))) : Optional.empty(),
        List.of(sink));
    apply(model("chat") + model("secret") + tenant("models: [chat]"));
  }

  private static String model(String name) {
    return """
    ---
    apiVersion: fairlead.dev/v1alpha1
    kind: Model
    metadata: {name: %s}
    spec: {template: {modelPath: /models/none.gguf}}
    """
        .formatted(name);
  }

  private static String tenant(String spec) {
    return """
    ---
    apiVersion: fairlead.dev/v1alpha1
    kind: Tenant
    metadata: {name: team}
    spec: {%s}
    """
        .formatted(spec);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    return doors.send(request);
  }

  private HttpRequest.Builder control(String path) {
    return doors.control(path);
  }

  private void apply(String yaml) {
    doors.apply(yaml);
  }

  private HttpResponse<String> get(String key, String path) {
    return send(doors.open(key, path));
  }

  private int status(String key) {
    return get(key, "/v1/models").statusCode();
  }

  private HttpResponse<String> create(String body) {
    return send(control("tenant-keys").POST(BodyPublishers.ofString(body)));
  }

  private String key(String more) {
    return json(create("{\"tenant\":\"team\"%s}".formatted(more))).path("key").asText();
  }

  private static JsonNode json(HttpResponse<String> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aTenantsKeyIsValidFromItsMakingToItsEnd() {
    start(true);
    String spring = key(",\"name\":\"spring\"");
    String summer = key(",\"expiresInSeconds\":60");

    assertThat(Stream.of(OWN, spring, summer).map(this::status)).containsOnly(200);
    assertThat(Stream.of("", "x", spring + "x", TOKEN).map(this::status)).containsOnly(401);

    send(control("tenant-keys?tenant=team&name=spring").DELETE());
    assertThat(status(spring)).isEqualTo(401);
    assertThat(status(summer)).isEqualTo(200);
    now = START.plusSeconds(60);
    assertThat(status(summer)).isEqualTo(401);
    assertThat(get(summer, "/v1/models").body())
        .isEqualTo(get(spring, "/v1/models").body())
        .isEqualTo(get("never", "/v1/models").body());
  }

  @Test
  void aDeletedTenantsKeysEndAtOnceAndAnEditChangesWhatTheyMayUse() {
    start(true);
    String key = key("");
    await().untilAsserted(() -> assertThat(get(OWN, "/v1/models").body()).contains("secret"));
    assertThat(get(key, "/v1/models").body()).contains("chat").doesNotContain("secret");
    assertThat(get(key, "/v1/models/secret").statusCode()).isEqualTo(404);

    apply(tenant("models: [secret]"));
    assertThat(get(key, "/v1/models").body()).contains("secret").doesNotContain("\"chat\"");

    send(control("resources?kind=Tenant&name=team").DELETE());
    assertThat(status(key)).isEqualTo(401);
    apply(tenant(""));
    assertThat(status(key)).isEqualTo(200);
  }

  @Test
  void aKeyOfTheResourceIsAKey() {
    start(true);
    SecretKey key = SecretKey.make(new Random(3));

    apply(tenant("keys: [{name: git, sha256: '%s'}]".formatted(key.sha256())));

    assertThat(status(key.text())).isEqualTo(200);
    assertThat(status(key.sha256())).isEqualTo(401);
    HttpResponse<String> twice =
        send(
            control("apply")
                .POST(
                    BodyPublishers.ofString(
                        tenant("keys: [{name: git, sha256: '%s'}]".formatted(key.sha256()))
                            .replace("name: team", "name: other"))));
    assertThat(twice.statusCode()).isEqualTo(422);
    assertThat(twice.body()).contains("its key `git` is the key `git` of Tenant `team`");
  }

  @Test
  void whatTheConsoleShowsIsNotForTenants() {
    start(true);
    String key = key("");

    assertThat(get(key, "/fairlead/v1/overview").statusCode()).isEqualTo(403);
    assertThat(get(key, "/fairlead/v1/watch").statusCode()).isEqualTo(403);
    assertThat(get("x", "/fairlead/v1/overview").statusCode()).isEqualTo(401);
    JsonNode overview = json(get(OWN, "/fairlead/v1/overview"));
    assertThat(overview.at("/tenants/0/validKeys").asInt()).isEqualTo(1);
    assertThat(overview.toString()).doesNotContain("sha256");
  }

  @Test
  void whatIsRefusedAtTheDoorIsToldOf() {
    start(true);
    String key = key(",\"name\":\"spring\",\"expiresInSeconds\":60");
    get(key, "/fairlead/v1/overview");
    get(key, "/v1/nothing");
    now = START.plusSeconds(60);
    get(key, "/v1/models");
    get("fl-never", "/v1/models");
    get("", "/v1/models");

    assertThat(refused)
        .extracting(
            one -> "%d %s".formatted(one.status(), one.error()),
            one -> one.sender().tenant(),
            one -> one.sender().key())
        .containsExactly(
            tuple("403 permission_denied", "", ""),
            tuple("404 not_found", "team", "spring"),
            tuple("401 invalid_api_key", "team", "spring"),
            tuple("401 invalid_api_key", "", ""),
            tuple("401 invalid_api_key", "", ""));
    assertThat(refused.toString()).doesNotContain(key, "fl-never", "nothing");
  }

  @Test
  void aPageOfAnotherOriginIsToldOf() {
    start(false);

    HttpResponse<String> answer =
        send(doors.open("", "/v1/models").header("origin", "https://fl-secret.example"));

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(refused.getFirst().error()).isEqualTo("origin_not_allowed");
    assertThat(answer.headers().firstValue("x-request-id")).contains(refused.getFirst().id());
    assertThat(refused.toString()).doesNotContain("secret");
  }

  @Test
  void onLoopbackEverybodyIsServedAndATenantsKeyTellsWhoAsks() {
    start(false);
    String key = key("");
    await().untilAsserted(() -> assertThat(get("", "/v1/models").body()).contains("secret"));

    assertThat(get("unused", "/v1/models").body()).contains("chat", "secret");
    assertThat(get(key, "/v1/models").body()).contains("chat").doesNotContain("secret");
    send(control("tenant-keys?tenant=team&name=key-1").DELETE());
    assertThat(get(key, "/v1/models").body()).contains("secret");
  }

  @Test
  void theControlDoorRefusesInWords() {
    start(true);
    Map<String, String> refusals =
        Map.of(
            "{", "The body is not JSON.",
            "fl-a-key-by-mistake", "The body is not JSON.",
            "{}", "This needs {",
            "{\"tenant\":\"team\",\"expires\":\"soon\"}", "This needs {",
            "{\"tenant\":\"team\",\"expires\":7}", "This needs {",
            "{\"tenant\":\"team\",\"expiresInSeconds\":0}", "would not be valid now",
            "{\"tenant\":\"team\",\"expires\":\"2020-01-01\"}", "would not be valid now",
            "{\"tenant\":\"team\",\"name\":\"A B\"}", "take `a-b`",
            "{\"tenant\":\"nobody\"}", "There is no tenant `nobody`; there are team.");

    refusals.forEach((body, words) -> {
      HttpResponse<String> refused = create(body);
      assertThat(refused.statusCode()).as(body).isIn(400, 409);
      assertThat(json(refused).at("/error/message").asText()).contains(words);
    });
    assertThat(send(control("tenant-keys")).statusCode()).isEqualTo(400);
    assertThat(send(control("tenant-keys?tenant=team&name=x&after=-1").DELETE()).statusCode())
        .isEqualTo(400);
    assertThat(json(send(control("tenant-keys?tenant=team"))).path("items")).isEmpty();
  }

  @Test
  void aTenantSaysWhetherItHasKeys() {
    start(true);
    await()
        .untilAsserted(() -> assertThat(ready().path("reason").asText()).isEqualTo("NoValidKey"));
    String key = key("");
    apply(tenant("models: [chat], priority: 1"));
    assertThat(status(key)).isEqualTo(200);

    await().untilAsserted(() -> assertThat(ready().path("reason").asText()).isEqualTo("HasKeys"));
    JsonNode status = described().path("status");
    assertThat(status.path("validKeys").asInt()).isEqualTo(1);
    assertThat(status.path("lastUsed").asText()).isEqualTo(START.toString());
  }

  private JsonNode described() {
    return json(send(control("resources?kind=Tenant"))).at("/items/0");
  }

  private JsonNode ready() {
    return described().at("/status/conditions/0");
  }

  @Test
  void noKeyIsInAnyLogEventListFileOrMetric() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level before = root.getLevel();
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    root.addAppender(logged);
    root.setLevel(Level.DEBUG);
    List<String> said = new ArrayList<>();
    String key;
    try {
      start(true);
      key = key(",\"name\":\"canary\"");
      said.add(get(key, "/v1/models").body());
      said.add(
          send(doors
                  .open(key, "/v1/chat/completions")
                  .POST(BodyPublishers.ofString("{\"model\":\"nowhere\",\"messages\":[]}")))
              .body());
      for (String path :
          List.of(
              "tenant-keys?tenant=team", "events", "overview", "resources", "requests?since=60")) {
        said.add(send(control(path)).body());
      }
      said.add(send(doors.internal("/metrics")).body());
      said.add(send(control("tenant-keys?tenant=team&name=canary").DELETE()).body());
      said.add(get(key, "/v1/models").body());
      doors.close();
    } finally {
      root.setLevel(before);
      root.detachAppender(logged);
    }
    logged.list.forEach(event -> said.add(event.getFormattedMessage()));
    try (Stream<Path> files = Files.walk(folder.resolve("state"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        said.add(Files.readString(file));
      }
    }

    assertThat(key).startsWith("fl-");
    assertThat(said.toString()).contains("KeyCreated", "canary");
    assertThat(said).noneMatch(text -> text.contains(key) || text.contains(key.substring(3, 20)));
  }
}
