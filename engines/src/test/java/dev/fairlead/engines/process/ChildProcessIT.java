package dev.fairlead.engines.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fairlead.engines.catalogue.EngineLaunch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessIT {
  private static final Duration SOON = Duration.ofSeconds(10);

  /// Tells its own pid and that of a child of its own, and stays.
  private static final String WITH_GRANDCHILD =
      "sleep 300 & echo \"pids $$ $!\"; trap 'echo caught; exit 0' TERM; wait";

  private final LogRing log = new LogRing(1000, 10_000_000);
  private final List<ChildProcess> started = new ArrayList<>();
  private final List<Process> virtualMachines = new ArrayList<>();

  @TempDir Path folder = Path.of("");

  @AfterEach
  void nothingStaysBehind() {
    started.forEach(ChildProcess::kill);
    virtualMachines.forEach(Process::destroyForcibly);
    started.forEach(child -> awaitGone(SOON, child.pid()));
  }

  @Test
  void anExitCodeArrivesWithAllTheOutput() throws Exception {
    var child = shell("echo out; echo err >&2; exit 3");

    assertThat(exitOf(child).code()).isEqualTo(3);
    assertThat(log.lines()).containsExactly("out", "err");
    assertThatThrownBy(() -> shell("exit 0")).hasMessageContaining("has ended");
  }

  @Test
  void aCrashTellsItsSignal() throws Exception {
    var exit = exitOf(shell("kill -SEGV $$"));

    assertThat(exit.signal()).hasValue(11);
  }

  @Test
  void aProgramThatDoesNotExistIsAnExitWithItsName() throws Exception {
    var child = start(List.of("/no/such/engine"));

    var cause = FailureCause.of(exitOf(child), log.lines());

    assertThat(cause.kind()).isEqualTo(FailureCause.Kind.NO_PROGRAM);
    assertThat(cause.message()).contains("/no/such/engine");
  }

  @Test
  void thePidIsTheEnginesOwnAndItsArgumentsReachNoShell() throws Exception {
    var child = start(List.of("/bin/sh", "-c", "echo \"$$ $1 $GREETING\"", "x", "$(id) ; *'"));

    assertThat(exitOf(child).code()).isZero();
    assertThat(log.lines()).containsExactly(child.pid() + " $(id) ; *' hello");
  }

  @Test
  void theEngineSeesNoneOfTheWatchersVariablesAndNoInput() throws Exception {
    var child =
        shell(
            "env | grep -E '^FAIRLEAD_(WATCHER|SHELL|SCRIPT)='; read -r x || echo 'end of input'");

    exitOf(child);

    assertThat(log.lines()).containsExactly("end of input");
  }

  @Test
  void aMegabyteAtOnceDoesNotStandStill() throws Exception {
    var child = shell("head -c 1000000 /dev/zero | tr '\\0' x; echo; seq 1 50000; echo done");

    assertThat(exitOf(child).code()).isZero();
    assertThat(log.last(1)).containsExactly("done");
    assertThat(log.lines()).hasSize(1000);
  }

  @Test
  void aListenerThatFailsDoesNotStopTheEngine() throws Exception {
    var child =
        ChildProcess.start(
            launch(List.of("/bin/sh", "-c", "echo one; echo two")),
            log,
            _ -> {
              throw new IllegalStateException("mistake");
            });
    started.add(child);

    assertThat(exitOf(child).code()).isZero();
    assertThat(log.lines()).contains("one", "two").anyMatch(line -> line.contains("mistake"));
  }

  @Test
  void stopAsksFirst() throws Exception {
    var child = shell(WITH_GRANDCHILD);
    long grandchild = grandchildIn(log);

    var exit = child.stop(Duration.ofMinutes(1)).toCompletableFuture().get(10, TimeUnit.SECONDS);

    assertThat(exit.code()).isZero();
    assertThat(log.lines()).contains("caught");
    awaitGone(SOON, child.pid(), grandchild);
  }

  @Test
  void stopEndsAnEngineThatDoesNotListenWhenTheGraceIsOver() throws Exception {
    var child = shell("trap '' TERM; echo deaf; while :; do sleep 300; done");
    await().atMost(SOON).until(() -> log.lines().contains("deaf"));

    var exit = child.stop(Duration.ofMillis(200)).toCompletableFuture().get(10, TimeUnit.SECONDS);

    assertThat(exit.signal()).hasValue(9);
    awaitGone(SOON, child.pid());
  }

  @Test
  void killEndsTheGrandchildToo() throws Exception {
    var child = shell(WITH_GRANDCHILD);
    long grandchild = grandchildIn(log);

    child.kill();

    assertThat(exitOf(child).signal()).hasValue(9);
    awaitGone(SOON, child.pid(), grandchild);
  }

  @Test
  void anEngineThatEndsByItselfLeavesNothingBehind() throws Exception {
    var child = shell("sleep 300 & echo \"pids $$ $!\"; exit 5");

    assertThat(exitOf(child).code()).isEqualTo(5);

    awaitGone(SOON, grandchildIn(log));
    assertThat(ProcessHandle.current().descendants().filter(ChildProcessIT::alive)).isEmpty();
  }

  @Test
  void aKilledVirtualMachineTakesEngineAndGrandchildWithIt() throws Exception {
    var pids = startInOtherVirtualMachine(WITH_GRANDCHILD, List.of());

    virtualMachines.getFirst().destroyForcibly();

    awaitGone(Duration.ofSeconds(2), pids);
  }

  @Test
  void anEngineThatIgnoresTheWishGoesWithinTwoSecondsAsWell() throws Exception {
    var pids =
        startInOtherVirtualMachine(
            "trap '' TERM; sleep 300 & echo \"pids $$ $!\"; while :; do sleep 300; done",
            List.of());

    virtualMachines.getFirst().destroyForcibly();

    awaitGone(Duration.ofSeconds(2), pids);
  }

  @Test
  void theWholeGroupKilledAtOnceTakesTheEngineWithIt() throws Exception {
    // As a terminal or a test harness does: the watcher must not be in that group.
    var pids = startInOtherVirtualMachine(WITH_GRANDCHILD, List.of("setsid"));

    signal("KILL", "-" + virtualMachines.getFirst().pid());

    awaitGone(Duration.ofSeconds(2), pids);
  }

  @Test
  void ctrlCReachesNeitherEngineNorWatcher() throws Exception {
    // Under a build in the background SIGINT is ignored, and every child would inherit that.
    var pids =
        startInOtherVirtualMachine(
            WITH_GRANDCHILD, List.of("setsid", "env", "--default-signal=INT"));
    var virtualMachine = virtualMachines.getFirst();

    signal("INT", "-" + virtualMachine.pid());
    await().atMost(SOON).until(() -> Files.exists(folder.resolve("draining")));
    for (long pid : pids) {
      assertThat(alive(pid)).isTrue();
    }
    Files.createFile(folder.resolve("drained"));

    await().atMost(SOON).until(() -> !virtualMachine.isAlive());
    awaitGone(Duration.ofSeconds(2), pids);
  }

  @Test
  void aShellWithoutSetsidKeepsThePromiseToo() throws Exception {
    // As on macOS: bash as sh, job control instead of setsid.
    var bash = Path.of("/bin/bash");
    assumeTrue(Files.exists(bash), "no bash on this machine");
    for (String tool : List.of("sleep", "sh")) {
      Files.createSymbolicLink(folder.resolve(tool), Path.of("/bin", tool));
    }
    var launch =
        new EngineLaunch(
            "test",
            List.of("/bin/sh", "-c", WITH_GRANDCHILD),
            Map.of("PATH", folder.toString()),
            1);
    var child = ChildProcess.start(bash.toString(), launch, log, _ -> {});
    started.add(child);
    long grandchild = grandchildIn(log);

    var exit = child.stop(Duration.ofSeconds(10)).toCompletableFuture().get(10, TimeUnit.SECONDS);

    assertThat(exit.code()).isZero();
    awaitGone(SOON, child.pid(), grandchild);
  }

  @Test
  void aWatcherThatIsKilledTakesItsEngineWithIt() throws Exception {
    var child = shell(WITH_GRANDCHILD);
    long grandchild = grandchildIn(log);
    var watcher = ProcessHandle.of(child.pid()).flatMap(ProcessHandle::parent).orElseThrow();

    watcher.destroyForcibly();

    awaitGone(Duration.ofSeconds(2), child.pid(), grandchild);
  }

  private ChildProcess shell(String script) {
    return start(List.of("/bin/sh", "-c", script));
  }

  private ChildProcess start(List<String> argv) {
    var child = ChildProcess.start(launch(argv), log, _ -> {});
    started.add(child);
    return child;
  }

  private static EngineLaunch launch(List<String> argv) {
    return new EngineLaunch("test", argv, Map.of("GREETING", "hello"), 1);
  }

  private static ChildExit exitOf(ChildProcess child) throws Exception {
    return child.onExit().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static long grandchildIn(LogRing log) {
    await().atMost(SOON).until(() -> log.lines().stream().anyMatch(l -> l.startsWith("pids ")));
    return pidsIn(log.lines().getFirst())[1];
  }

  private static long[] pidsIn(String line) {
    var words = line.split(" ", 3);
    return new long[] {Long.parseLong(words[1]), Long.parseLong(words[2])};
  }

  /// The pids of the engine and of its child, once both run under another JVM.
  private long[] startInOtherVirtualMachine(String script, List<String> prefix) throws IOException {
    var command = new ArrayList<>(prefix);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            EngineOwner.class.getName(),
            script,
            folder.toString()));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    virtualMachines.add(process);
    var output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (var line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith("pids ")) {
        return pidsIn(line);
      }
    }
    throw new IOException("the other JVM ended without telling the pids");
  }

  private static void signal(String name, String target) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, "--", target).start().waitFor()).isZero();
  }

  private static void awaitGone(Duration limit, long... pids) {
    for (long pid : pids) {
      await("pid " + pid + " is gone")
          .atMost(limit)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> !alive(pid));
    }
  }

  private static boolean alive(ProcessHandle process) {
    return alive(process.pid());
  }

  /// A zombie is not alive: nobody may be there to collect it.
  private static boolean alive(long pid) {
    var stat = Path.of("/proc", Long.toString(pid), "stat");
    if (!Files.exists(Path.of("/proc/self/stat"))) {
      return ProcessHandle.of(pid).isPresent();
    }
    try {
      var text = Files.readString(stat);
      return !text.substring(text.lastIndexOf(')') + 2).startsWith("Z");
    } catch (IOException e) {
      if (Files.exists(stat)) {
        throw new UncheckedIOException(e);
      }
      return false;
    }
  }
}
