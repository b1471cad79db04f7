package dev.fairlead.engines.process;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Why an engine ended that nobody had asked to: for the message that the user reads and for the
/// choice between a restart and giving up. Read from the exit code and the last lines of
/// llama.cpp's output (b11434 to b11669).
///
/// @param message what is wrong and what to do next; may quote the engine
public record FailureCause(Kind kind, String message) {

  /// The classes of causes; `permanent` ones come back with the same inputs.
  public enum Kind {
    MISSING_FILE(true),
    TRUNCATED_FILE(true),
    NOT_A_MODEL(true),
    UNKNOWN_ARCHITECTURE(true),
    /// While loading: the model and its context do not fit.
    TOO_BIG_FOR_MEMORY(true),
    /// While serving, or ended from outside.
    OUT_OF_MEMORY(false),
    PORT_IN_USE(false),
    BAD_ARGUMENT(true),
    NO_PROGRAM(true),
    WRONG_CPU(true),
    CRASHED(false),
    EXITED(false);

    private final boolean permanent;

    Kind(boolean permanent) {
      this.permanent = permanent;
    }
  }

  /// A line that gives a cause away; `%s` in the message is its first group.
  private record Sign(Kind kind, Pattern line, String message) {
    Sign(Kind kind, String line, String message) {
      this(kind, Pattern.compile(line), message);
    }

    Optional<FailureCause> in(List<String> lines) {
      return lines.stream()
          .map(line::matcher)
          .filter(Matcher::find)
          .findFirst()
          .map(match -> new FailureCause(kind, message.formatted(groupOf(match))));
    }

    private static String groupOf(Matcher match) {
      return match.groupCount() == 0 ? "" : match.group(1).strip();
    }
  }

  private static final String FILE = "(?:gguf_init\\S*|llama_model_load\\S*): .*";

  /// In order of precedence: a precise reason comes before the general ones that follow it in the
  /// output.
  private static final List<Sign> SIGNS =
      List.of(
          new Sign(
              Kind.BAD_ARGUMENT,
              "(error: invalid argument: .*|error while handling argument .*|unknown argument.*"
                  + "|unrecognized arguments?: .*|error: unknown value for .*)",
              "The engine does not take its arguments (%s): correct engine.args"),
          new Sign(
              Kind.PORT_IN_USE,
              "couldn't bind HTTP server socket, (hostname: .*)",
              "The engine's port is in use (%s)"),
          new Sign(
              Kind.MISSING_FILE,
              "failed to open GGUF file '(.*)' \\(No such file",
              "The model file %s does not exist: correct modelPath, or fetch it again"),
          new Sign(
              Kind.MISSING_FILE,
              "failed to open GGUF file ('.*' \\(.*\\))",
              "The model file cannot be opened: %s"),
          new Sign(
              Kind.NOT_A_MODEL,
              "invalid magic characters: ('.*'), expected 'GGUF'",
              "The model file is not a GGUF file (it starts with %s): fetch the GGUF file of the"
                  + " model"),
          new Sign(
              Kind.UNKNOWN_ARCHITECTURE,
              "unknown model architecture: '(.*)'",
              "This engine does not know the architecture '%s': a newer llama-server may, set"
                  + " LLAMA_SERVER to one"),
          new Sign(
              Kind.TRUNCATED_FILE,
              FILE + "(failed to read .*|not within the file bounds.*|unexpectedly reached end.*)",
              "The model file is incomplete (%s): fetch it again"),
          new Sign(
              Kind.TOO_BIG_FOR_MEMORY,
              "(insufficient memory.*|failed to allocate \\S* ?buffer.*|unable to allocate .*"
                  + "|failed to allocate buffer for kv cache.*)",
              "The model does not fit into memory (%s): lower engine.contextLength or"
                  + " engine.maxBatchSize, or take a smaller quantisation"),
          new Sign(
              Kind.OUT_OF_MEMORY,
              "(std::bad_alloc|MemoryError|Thread creation failed: Resource temporarily.*"
                  + "|[Oo]ut of memory.*)",
              "The engine ran out of memory (%s)"));

  private static final Map<Integer, String> SIGNAL_NAMES =
      Map.of(
          1, "SIGHUP", 2, "SIGINT", 3, "SIGQUIT", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 11,
          "SIGSEGV", 13, "SIGPIPE", 15, "SIGTERM");
  private static final int SIGILL = 4;
  private static final int SIGKILL = 9;
  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;
  private static final Pattern ERROR_LINE = Pattern.compile("^\\S+ E |[Ee]rror|failed");

  public FailureCause {
    requireNonNull(kind, "kind is null");
    requireNonNull(message, "message is null");
  }

  /// Whether a restart with the same inputs is pointless.
  public boolean permanent() {
    return kind.permanent;
  }

  /// Reads a cause from how the engine ended and from the end of its output, oldest line first.
  public static FailureCause of(ChildExit exit, List<String> lines) {
    if (exit.code() == NOT_FOUND || exit.code() == NOT_EXECUTABLE) {
      return new FailureCause(
          Kind.NO_PROGRAM, "The engine's program cannot be run" + quote(lastLine(lines)));
    }
    // A running engine logs errors about requests: only one that gave up by itself names a reason.
    if (exit.signal().isEmpty()) {
      for (Sign sign : SIGNS) {
        var cause = sign.in(lines);
        if (cause.isPresent()) {
          return cause.get();
        }
      }
    }
    return exit.signal().isPresent()
        ? ofSignal(exit.signal().getAsInt(), lines)
        : new FailureCause(
            Kind.EXITED,
            "The engine ended with exit code %d%s".formatted(exit.code(), quote(lastError(lines))));
  }

  private static FailureCause ofSignal(int signal, List<String> lines) {
    return switch (signal) {
      case SIGKILL ->
          new FailureCause(
              Kind.OUT_OF_MEMORY,
              "The engine was killed (SIGKILL), by somebody or by the kernel for want of memory: if"
                  + " it comes again, lower engine.contextLength or engine.maxBatchSize");
      case SIGILL ->
          new FailureCause(
              Kind.WRONG_CPU,
              "The engine was built for another CPU (illegal instruction): set LLAMA_SERVER to a"
                  + " build for this one");
      default -> {
        var named = SIGNAL_NAMES.getOrDefault(signal, "signal " + signal);
        boolean memory = lines.stream().anyMatch(line -> line.contains("bad_alloc"));
        yield memory
            ? new FailureCause(
                Kind.OUT_OF_MEMORY, "The engine ran out of memory (%s)".formatted(named))
            : new FailureCause(
                Kind.CRASHED, "The engine crashed (%s)%s".formatted(named, quote(lastLine(lines))));
      }
    };
  }

  private static Optional<String> lastLine(List<String> lines) {
    return lines.isEmpty() ? Optional.empty() : Optional.of(lines.getLast());
  }

  private static Optional<String> lastError(List<String> lines) {
    return lines.reversed().stream()
        .filter(line -> ERROR_LINE.matcher(line).find())
        .findFirst()
        .or(() -> lastLine(lines));
  }

  private static String quote(Optional<String> line) {
    return line.map(text -> "; it last said: " + text.strip()).orElse("");
  }
}
