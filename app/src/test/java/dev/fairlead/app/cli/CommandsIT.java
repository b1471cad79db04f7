package dev.fairlead.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.app.control.Doors;
import dev.fairlead.app.control.FakeInstallation;
import dev.fairlead.app.control.Instances;
import dev.fairlead.app.control.Watchers;
import dev.fairlead.core.admit.Caller;
import dev.fairlead.core.plan.Note;
import dev.fairlead.dataplane.gateway.RequestRecord;
import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.Refusal;
import dev.fairlead.dataplane.net.ServerExchange;
import dev.fairlead.dataplane.net.Sse;
import dev.fairlead.engines.process.LogRing;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsIT {
  private static final String CHAT =
      """
      apiVersion: fairlead.dev/v1alpha1
      kind: Model
      metadata: {name: chat}
      spec: {template: {modelPath: chat.gguf}}
      """;
  private static final String SEARCH =
      """
      apiVersion: fairlead.dev/v1alpha1
      kind: ModelVersion
      metadata: {name: search-1}
      spec: {modelPath: /models/search.gguf}
      """;

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Doors doors =
      new Doors(new Watchers.Pace(Duration.ofMillis(10), Duration.ofSeconds(5)), this::answer);
  private final FakeInstallation installation = doors.installation();
  @TempDir private Path folder = Path.of("");
  private Cli cli = new Cli(folder);

  @BeforeEach
  void announce() {
    cli = new Cli(folder);
    Instances.Registration registration =
        cli.instances().register(ProcessHandle.current().pid(), RandomGenerator.getDefault());
    registration.announce(8080, URI.create(doors.consoleUrl()), URI.create(doors.controlUrl()));
    write("state/instances/8080.token", Doors.TOKEN);
    installation.show(Overviews.THREE.replace("\n", " "));
  }

  @AfterEach
  void close() {
    doors.close();
  }

  private void write(String name, String text) {
    try {
      Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The gateway of these tests: what it does follows from the last message.
  private BodyReceiver answer(ServerExchange exchange) {
    return BodyReceiver.whole(
        exchange,
        1 << 20,
        body -> {
          asked.add(exchange.header("authorization") + " " + body.toString(UTF_8));
          String last = asked.getLast();
          if (last.contains("nobody")) {
            exchange.refuse(new Refusal(404, "model_not_found", "There is no model `nobody`."));
            return;
          }
          exchange.start(200, Sse.headers());
          exchange.write(Sse.comment(ByteBufAllocator.DEFAULT, "starting a replica, about 3 s"));
          text(exchange, "Hé");
          if (last.endsWith("for ever\"}]}")) {
            return;
          }
          text(exchange, "llo");
          if (last.contains("crash")) {
            exchange.write(
                Unpooled.copiedBuffer(
                    "event: error\ndata: {\"error\":{\"message\":\"The replica crashed.\"}}\n\n",
                    UTF_8));
            exchange.abort();
            return;
          }
          exchange.write(
              Unpooled.copiedBuffer(
                  "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n", UTF_8));
          exchange.write(Sse.done());
          exchange.finish();
        });
  }

  private static void text(ServerExchange exchange, String piece) {
    exchange.write(
        Unpooled.copiedBuffer(
            "data: {\"choices\":[{\"delta\":{\"content\":\"" + piece + "\"}}]}\n\n", UTF_8));
  }

  @Test
  void getListsModelsVersionsOrWhatIsNamed() {
    assertThat(cli.run("get").out())
        .startsWith("NAME          SERVED AS ")
        .contains("\nchat          team/chat ");
    assertThat(cli.run("get", "versions").out()).contains("\nbig-1 ").contains("19 %");
    assertThat(cli.run("get", "default").out().lines()).hasSize(2);
    assertThat(cli.run("get", "versions", "chat-1").out().lines()).hasSize(2);

    Cli.Result unknown = cli.run("get", "caht");
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.err())
        .isEqualTo("fairlead: there is no model or version `caht`; did you mean `chat`?\n");
  }

  @Test
  void getWithoutModelsSaysHowToAddOne() {
    installation.show("{\"models\":[],\"versions\":[]}");

    Cli.Result result = cli.run("get");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).isEqualTo("no models yet: add one with `fairlead apply -f FILE`\n");
  }

  @Test
  void getPrintsWhatApplyTakesBack() throws Exception {
    write("chat.yaml", CHAT);
    write("search.yaml", SEARCH);
    assertThat(cli.run("apply", "-f", "chat.yaml").out()).isEqualTo("Model chat created\n");
    assertThat(cli.run("apply", "-f", "search.yaml").exitCode()).isZero();

    String yaml = cli.run("get", "chat", "-o", "yaml").out();
    assertThat(yaml).contains("kind: Model\n", "modelPath: chat.gguf\n", "status:\n");
    assertThat(cli.runWith(yaml, "apply", "-f", "-").out()).isEqualTo("Model chat configured\n");

    JsonNode list = new ObjectMapper().readTree(cli.run("get", "-o", "json").out());
    assertThat(list.path("kind").asText()).isEqualTo("List");
    assertThat(list.path("items")).hasSize(2);
    assertThat(cli.runWith(list.toString(), "apply", "-f", "-").out().lines())
        .containsExactlyInAnyOrder("Model chat configured", "ModelVersion search-1 configured");
  }

  @Test
  void getWatchPrintsARowAgainWhenItChanges() {
    var watching = CompletableFuture.supplyAsync(() -> cli.run("get", "-w"));
    await().atMost(Duration.ofSeconds(5)).until(() -> cli.printed().contains("\nbig "));
    installation.show(Overviews.THREE.replace("\n", " ").replace("\"Idle\"", "\"Starting\""));
    await().atMost(Duration.ofSeconds(5)).until(() -> cli.printed().contains("Starting"));
    doors.watchers().close();

    Cli.Result result = watching.join();
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).isEqualTo("fairlead: Fairlead has stopped\n");
    assertThat(result.out().lines()).hasSize(5).last().asString().startsWith("qwen2.5-0.5b ");
  }

  @Test
  void describeTellsAllAndWhatToDo() {
    write("chat.yaml", CHAT);
    cli.run("apply", "-f", "chat.yaml");
    installation
        .journal()
        .note(new Note(Note.Severity.WARNING, "ReplicaCrashed", "chat-1", "signal 11\nmore"));
    installation.journal().note(new Note(Note.Severity.NORMAL, "Other", "another", "not of chat"));

    assertThat(cli.run("describe", "chat").out())
        .isEqualTo(
            """
            Model chat
              Served as:      team/chat, default
              State:          Ready
              Purpose:        chat
              Active version: chat-1

            Spec
              template:
                modelPath: chat.gguf

            Conditions
              CONDITION  STATUS  SINCE  REASON   MESSAGE
              Ready      True      90s  Serving  It answers.

            Version chat-1
              Model:          chat
              State:          Ready
              Source:         /models/chat.gguf
              Engine:         llama.cpp
              Files:          GGUF, llama, 135M parameters, 94 MiB, context of 8,192 tokens
              Replicas:       1 ready of 2 wanted, pinned to 2 (`fairlead scale chat-1 --replicas auto` ends that)
              Load:           4 in flight, 1 waiting, 61.2 tokens/s, first token in 210 ms (p50), 1.5 s (p95)
              REPLICA  PHASE    FOR   PID  RUNNING  WAITING  RESTARTS  MESSAGE
              r1       Ready    10m  4001      3/4        1         0
              r2       Loading   2s  4002      0/4        0         1  after a crash

            Events
              AGE  TYPE     REASON          MESSAGE
               0s  Warning  ReplicaCrashed  signal 11
                    more

            What to do
              Talk to it: fairlead chat team/chat
            """);
    assertThat(cli.run("describe", "big-1").out())
        .contains("Preparing:      Fetching: 381 MiB of 1.9 GiB, 19 %")
        .contains("Events: none yet")
        .contains("fairlead get versions big-1 -w");
    assertThat(cli.run("describe", "nothing-like-it").err()).contains("there are chat, ");
  }

  @Test
  void anApplyThatIsRefusedChangesNothing() {
    write("chat.yaml", CHAT.replace("template", "tempalte"));

    Cli.Result result = cli.run("apply", "-f", "chat.yaml");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("chat.yaml:4:8: ")
        .contains("did you mean `template`?")
        .endsWith("fairlead: nothing was applied: correct the problems above\n");
    assertThat(installation.calls()).isEmpty();
  }

  @Test
  void aFolderIsAppliedAsOneWithItsRelativePaths() throws Exception {
    Files.createDirectory(folder.resolve("all"));
    write("all/b.yaml", CHAT);
    write("all/a.yaml", SEARCH);

    assertThat(cli.run("apply", "-f", "all").out())
        .isEqualTo("ModelVersion search-1 created\nModel chat created\n");
    assertThat(installation.calls()).hasSize(1);
    assertThat(cli.run("get", "chat", "-o", "yaml").out())
        .contains("modelPath: " + folder.resolve("all").resolve("chat.gguf"));
  }

  @Test
  void deleteTakesKindsAndFilesAndGoesOnAfterARefusal() {
    write("chat.yaml", CHAT + "---\n" + SEARCH);
    cli.run("apply", "-f", "chat.yaml");

    Cli.Result result = cli.run("delete", "version/busy", "-f", "chat.yaml");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).isEqualTo("Model chat deleted\nModelVersion search-1 deleted\n");
    assertThat(result.err()).contains("fairlead: ").contains("in use by Model `chat`");
    assertThat(cli.run("delete", "chat").err()).contains("write model/chat or version/chat");
    assertThat(cli.run("delete", "pod/chat").exitCode()).isEqualTo(2);
    assertThat(cli.run("delete").exitCode()).isEqualTo(2);
  }

  @Test
  void scaleTakesANumberOrAuto() {
    write("chat.yaml", CHAT);
    cli.run("apply", "-f", "chat.yaml");

    assertThat(cli.run("scale", "chat", "--replicas", "2").out())
        .isEqualTo("chat is pinned to 2 replicas\n");
    assertThat(cli.run("scale", "chat", "--replicas", "auto").out())
        .isEqualTo("chat scales by demand\n");
    assertThat(cli.run("scale", "chat", "--replicas", "9").exitCode()).isEqualTo(1);
    Cli.Result wrong = cli.run("scale", "chat", "--replicas", "two");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).isEqualTo("fairlead: --replicas is a number or `auto`, not `two`\n");
  }

  @Test
  void whyTellsWhereTheTimeOfARequestWent() {
    installation.requests().add(settled("req_1", 4_200, Optional.of(3_100L), "success"));

    assertThat(cli.run("why", "req_1").out())
        .isEqualTo(
            """
            req_1  chat  chat stream  success  2026-11-24T08:00:00Z
              auth 0.1 ms | queue 2.1 s (2 ahead) | cold start 2.1 s | prefill 3.1 s (5,812 tokens, 12 cached) | 412 tokens at 61/s | total 14.1 s | placed again once | replica chat-1-abc
            """);
  }

  @Test
  void whyOfAWholeAnswerTellsTheEnginesTimeAsOne() {
    installation.requests().add(settled("req_3", 100, Optional.empty(), "success"));

    assertThat(cli.run("why", "req_3").out())
        .contains("engine 0 ms (5,812 tokens, 12 cached, 412 generated)");
  }

  @Test
  void whyOfAnUnknownRequestSaysWhereItsIdIs() {
    Cli.Result result = cli.run("why", "req_2");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("req_2").contains("x-request-id");
  }

  @Test
  void whySlowListsTheSlowestToTheirFirstEventFirst() {
    installation.requests().add(settled("req_fast", 1, Optional.of(90L), "success"));
    installation.requests().add(settled("req_slow", 1, Optional.of(2_000L), "success"));
    installation.requests().add(settled("req_never", 9_000, Optional.empty(), "unavailable"));

    assertThat(cli.run("why", "--slow", "--since", "1h").out().lines())
        .filteredOn(line -> line.startsWith("req_"))
        .extracting(line -> line.substring(0, line.indexOf(' ')))
        .containsExactly("req_never", "req_slow", "req_fast");
    assertThat(cli.run("why").exitCode()).isEqualTo(2);
    assertThat(cli.run("why", "--slow", "--since", "soon").exitCode()).isEqualTo(2);
  }

  private static RequestRecord settled(
      String id, long queueMillis, Optional<Long> firstMillis, String outcome) {
    long rest = firstMillis.map(first -> first + 6_754).orElse(0L);
    return new RequestRecord(
        id,
        FakeInstallation.NOW,
        Caller.ANONYMOUS,
        "zoë",
        "chat",
        "chat",
        true,
        outcome,
        new RequestRecord.Path("chat-1", "chat-1-abc", 2, true, 1),
        new RequestRecord.Times(
            Duration.ofNanos(100_000),
            Duration.ofMillis(queueMillis / 2),
            Duration.ofMillis(queueMillis),
            firstMillis.map(Duration::ofMillis),
            Duration.ofMillis(queueMillis + rest)),
        new RequestRecord.Tokens(5_812, 12, 412, false),
        new RequestRecord.Ending(200, "", "stop"),
        Optional.empty());
  }

  @Test
  void logsOfAModelAreThoseOfItsActiveVersion() {
    LogRing log = installation.openLog("chat-1");
    log.append("one");
    log.append("two");
    log.end();

    assertThat(cli.run("logs", "chat", "--tail", "1").out()).isEqualTo("two\n");
    assertThat(cli.run("logs", "chat-1", "-f").out()).isEqualTo("one\ntwo\n");
    Cli.Result none = cli.run("logs", "chat-1", "--previous");
    assertThat(none.exitCode()).isEqualTo(1);
    assertThat(none.err())
        .isEqualTo("fairlead: chat-1 has had one run at most: leave --previous away.\n");
  }

  @Test
  void topIsPrintedOnceWhenPiped() {
    assertThat(cli.run("top").out()).startsWith("MODEL ").contains("61.2");
  }

  @Test
  void chatStreamsToStandardOutputAndTheWaitingToStandardError() {
    Cli.Result result = cli.run("chat", "team/chat", "--once", "Say hello");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).isEqualTo("Héllo\n");
    assertThat(result.err()).isEqualTo("(starting a replica, about 3 s)\n");
    assertThat(asked)
        .containsExactly(
            "Bearer fl-key {\"model\":\"team/chat\",\"stream\":true,\"messages\":["
                + "{\"role\":\"system\",\"content\":\"You are a helpful assistant.\"},"
                + "{\"role\":\"user\",\"content\":\"Say hello\"}]}");
  }

  @Test
  void aPipedChatIsAConversation() {
    Cli.Result result = cli.runWith("one\n\ntwo\n", "chat", "chat", "--system", "");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).isEqualTo("Héllo\nHéllo\n");
    assertThat(asked).hasSize(2);
    assertThat(asked.getLast())
        .endsWith(
            "[{\"role\":\"user\",\"content\":\"one\"},"
                + "{\"role\":\"assistant\",\"content\":\"Héllo\"},"
                + "{\"role\":\"user\",\"content\":\"two\"}]}");
  }

  @Test
  void aFailedAnswerIsAnErrorAndIsForgotten() {
    Cli.Result result = cli.runWith("crash\ntwo\n", "chat", "chat");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("fairlead: the answer broke off: The replica crashed.\n");
    assertThat(result.out()).isEqualTo("Héllo\nHéllo\n");
    assertThat(asked.getLast()).doesNotContain("crash");
    Cli.Result unknown = cli.run("chat", "nobody", "--once", "hello");
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.err()).isEqualTo("fairlead: There is no model `nobody`.\n");
  }

  @Test
  void ctrlCStopsTheAnswerAndTheChatGoesOn() {
    var chatting =
        CompletableFuture.supplyAsync(() -> cli.runWith("go on for ever\ntwo\n", "chat", "chat"));
    await().atMost(Duration.ofSeconds(5)).until(() -> cli.printed().contains("Hé"));
    cli.interrupt();

    Cli.Result result = chatting.join();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).isEqualTo("Hé\nHéllo\n");
    assertThat(result.err()).contains("(stopped)");
  }

  @Test
  void aDeadControlPortIsExplained() {
    cli.instances()
        .register(1, RandomGenerator.getDefault())
        .announce(9000, URI.create("http://127.0.0.1:1"), URI.create("http://127.0.0.1:1"));

    assertThat(cli.run("get").err()).contains("several are running, on the ports 8080, 9000");
    Cli.Result result = cli.run("get", "--port", "9000");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo(
            "fairlead: no answer from Fairlead at http://127.0.0.1:1 (process 1): look whether it"
                + " still runs\n");
  }
}
