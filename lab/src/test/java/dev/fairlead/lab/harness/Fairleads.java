package dev.fairlead.lab.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.testkit.Ports;
import dev.fairlead.testkit.SystemProcesses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Starts Fairleads for a test, or for all tests of a class, with a state folder of their own. At
/// the end it stops them by Ctrl-C and checks what must hold after each: exit code 0, no process
/// and no socket left, nothing in the state folder. Used by one thread.
///
/// Register it in a field: `@RegisterExtension final Fairleads fairleads = Fairleads.perTest();`
public final class Fairleads implements AfterEachCallback, AfterAllCallback {
  /// The variable that every process of ours inherits, with a value that no other has.
  static final String MARK = "FAIRLEAD_STATE";

  /// Digests of keys, and the usage ledger with what it leaves when it is not closed.
  private static final Set<String> KEPT =
      Set.of(
          "api-key.json",
          "tenant-keys.json",
          "tenant-keys.lock",
          "usage.db",
          "usage.db-shm",
          "usage.db-wal");

  private static final Duration GONE_WITHIN = Duration.ofSeconds(10);

  private final boolean forClass;
  private final List<FairleadProcess> started = new ArrayList<>();
  private @Nullable Path folder;

  private Fairleads(boolean forClass) {
    this.forClass = forClass;
  }

  /// What a test starts ends with the test.
  public static Fairleads perTest() {
    return new Fairleads(false);
  }

  /// What a class starts ends with its last test. The field has to be static.
  public static Fairleads perClass() {
    return new Fairleads(true);
  }

  /// A folder for files of the test, gone at its end.
  public Path folder() {
    Path made = folder;
    if (made == null) {
      made = newFolder();
      folder = made;
    }
    return made;
  }

  /// Writes a file into the folder.
  public Path file(String name, String text) {
    try {
      return Files.writeString(folder().resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes a shell script into the folder.
  public Path script(String name, String text) {
    Path file = file(name, "#!/bin/sh\n" + text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  /// Starts one and waits until it serves.
  public FairleadProcess up(Start start) {
    FairleadProcess process = begin(start);
    process.awaitServing(start.readyWithin());
    return process;
  }

  /// Starts one and waits until it serves the resources of this YAML.
  public FairleadProcess up(String yaml) {
    return up(Start.of(file("models.yaml", yaml)));
  }

  /// Starts one and returns at once.
  public FairleadProcess begin(Start start) {
    FairleadProcess process =
        new FairleadProcess(start, Ports.free(), state(), start.environment());
    started.add(process);
    return process;
  }

  /// Runs `fairlead ARGUMENTS` to its end, with the state folder of the others.
  public Finished run(String... arguments) {
    return run(Map.of(), arguments);
  }

  public Finished run(Map<String, String> environment, String... arguments) {
    return run(Commands.built(), environment, List.of(arguments));
  }

  /// Runs any command of Fairlead to its end.
  public Finished run(Commands command, Map<String, String> environment, List<String> arguments) {
    ProcessBuilder builder = new ProcessBuilder(command.with(arguments));
    builder.environment().put(MARK, state().toString());
    builder.environment().put("XDG_CONFIG_HOME", state().toString());
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      Output out = new Output(process.getInputStream(), "out");
      Output err = new Output(process.getErrorStream(), "err");
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError(
            "fairlead %s does not end:\n%s\n%s".formatted(arguments, out.text(), err.text()));
      }
      out.awaitEnd();
      err.awaitEnd();
      return new Finished(process.exitValue(), out.text(), err.text());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private Path state() {
    return folder().resolve("state");
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (!forClass) {
      finish(context.getExecutionException().isPresent());
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (forClass) {
      finish(context.getExecutionException().isPresent());
    }
  }

  private void finish(boolean failed) {
    try {
      if (failed) {
        started.forEach(process -> System.err.println(process.transcript()));
      }
      started.forEach(FairleadProcess::stopAndCheck);
      checkNothingLeft();
    } finally {
      SystemProcesses.withVariable(MARK, state().toString())
          .forEach(left -> SystemProcesses.signal(left.pid(), "KILL"));
      started.clear();
      delete(folder());
      folder = null;
    }
  }

  private void checkNothingLeft() {
    await("no process of ours is left")
        .atMost(GONE_WITHIN)
        .untilAsserted(
            () -> assertThat(SystemProcesses.withVariable(MARK, state().toString())).isEmpty());
    assertThat(started.stream().flatMap(one -> one.ports().stream()).filter(Ports::isListening))
        .as("ports that still listen")
        .isEmpty();
    boolean killed = started.stream().anyMatch(FairleadProcess::wasKilled);
    if (!killed) {
      assertThat(stateFiles()).as("files left in the state folder").isEmpty();
    }
  }

  /// All but what is kept between runs.
  private List<String> stateFiles() {
    if (!Files.isDirectory(state())) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(state())) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> state().relativize(file).toString())
          .filter(name -> !KEPT.contains(name))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory("fairlead-e2e-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
