package dev.fairlead.engines.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.engines.process.FailureCause.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The logs under `failures` were written by llama.cpp b11549 on such inputs.
class FailureCauseTest {

  @ParameterizedTest
  @CsvSource({
    "missing-file, MISSING_FILE, true, /models/missing.gguf",
    "empty-file, TRUNCATED_FILE, true, fetch it again",
    "cut-header, TRUNCATED_FILE, true, fetch it again",
    "cut-tensors, TRUNCATED_FILE, true, fetch it again",
    "not-a-model, NOT_A_MODEL, true, it starts with 'hell'",
    "unknown-architecture, UNKNOWN_ARCHITECTURE, true, 'zebra'",
    "port-in-use, PORT_IN_USE, false, port: 41521",
    "out-of-memory-kv, TOO_BIG_FOR_MEMORY, true, lower engine.contextLength",
    "out-of-memory-threads, OUT_OF_MEMORY, false, Thread creation failed",
  })
  void theEnginesOwnWordsTellTheCause(String log, Kind kind, boolean permanent, String says) {
    var cause = FailureCause.of(new ChildExit(1), log(log));

    assertThat(cause.kind()).isEqualTo(kind);
    assertThat(cause.permanent()).isEqualTo(permanent);
    assertThat(cause.message()).contains(says);
  }

  @Test
  void aFlagThatTheEngineDoesNotTakeIsQuoted() {
    var cause =
        FailureCause.of(new ChildExit(1), List.of("error: invalid argument: --no-such-flag"));

    assertThat(cause.kind()).isEqualTo(Kind.BAD_ARGUMENT);
    assertThat(cause.message()).contains("--no-such-flag").contains("engine.args");
  }

  @ParameterizedTest
  @CsvSource({
    "137, OUT_OF_MEMORY, false, SIGKILL",
    "139, CRASHED, false, SIGSEGV",
    "134, CRASHED, false, SIGABRT",
    "132, WRONG_CPU, true, LLAMA_SERVER",
    "170, CRASHED, false, signal 42",
  })
  void aSignalIsNamed(int code, Kind kind, boolean permanent, String says) {
    var cause = FailureCause.of(new ChildExit(code), List.of("I slot release"));

    assertThat(cause.kind()).isEqualTo(kind);
    assertThat(cause.permanent()).isEqualTo(permanent);
    assertThat(cause.message()).contains(says);
  }

  @Test
  void anAbortForWantOfMemoryIsNoCrash() {
    var lines = List.of("terminate called after throwing an instance of 'std::bad_alloc'");

    assertThat(FailureCause.of(new ChildExit(134), lines).kind()).isEqualTo(Kind.OUT_OF_MEMORY);
  }

  @Test
  void aCrashWhileServingIsNotBlamedOnAnEarlierLine() {
    var lines = List.of("1.0 E gguf_init_from_file: failed to open GGUF file 'x' (No such file)");

    assertThat(FailureCause.of(new ChildExit(139), lines).kind()).isEqualTo(Kind.CRASHED);
  }

  @Test
  void aProgramThatDoesNotExistIsNamed() {
    var cause =
        FailureCause.of(new ChildExit(127), List.of("engine: 1: exec: /opt/llama: not found"));

    assertThat(cause.kind()).isEqualTo(Kind.NO_PROGRAM);
    assertThat(cause.permanent()).isTrue();
    assertThat(cause.message()).contains("/opt/llama: not found");
  }

  @Test
  void anUnexplainedExitQuotesTheLastError() {
    var cause =
        FailureCause.of(
            new ChildExit(3), List.of("0.1 E srv init: something new", "0.2 I srv bye"));

    assertThat(cause.kind()).isEqualTo(Kind.EXITED);
    assertThat(cause.message()).contains("exit code 3").contains("something new");
  }

  private static List<String> log(String name) {
    try (var stream = FailureCauseTest.class.getResourceAsStream("failures/" + name + ".log")) {
      return new String(Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
