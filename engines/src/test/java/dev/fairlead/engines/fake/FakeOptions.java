package dev.fairlead.engines.fake;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How a {@link FakeEngine} behaves. Those that llama-server has are read from its own flags, the
/// others from `--fake-…` flags.
///
/// @param port 0 for a free one (`--port`)
/// @param model what answers name as their model (`-m`, or `-a`)
/// @param slots how many requests run at once (`-np`)
/// @param totalContext tokens over all slots (`-c`)
/// @param physicalBatch the longest embedding input in tokens (`-ub`)
/// @param embedding whether it serves embeddings instead of chat (`--embedding`)
/// @param load how long `/health` says 503 (`--fake-load-ms`)
/// @param earlyLine whether the listening line comes before the load, not after it
///   (`--fake-early-line`)
/// @param prefill time per token of a prompt that is not cached (`--fake-prefill-ms`)
/// @param decode time per token of an answer (`--fake-token-ms`)
/// @param ping how often a silent stream gets a comment (`--fake-ping-ms`)
/// @param idle how long a connection may wait for its next request (`--fake-idle-ms`)
/// @param exit prints this and ends with code 1 instead of starting (`--fake-exit`)
public record FakeOptions(
    int port,
    String model,
    int slots,
    int totalContext,
    int physicalBatch,
    boolean embedding,
    Duration load,
    boolean earlyLine,
    Duration prefill,
    Duration decode,
    Duration ping,
    Duration idle,
    Optional<String> exit) {

  private static final Set<String> IGNORED_WITH_VALUE =
      Set.of("--host", "-t", "--threads", "-b", "--batch-size", "--cache-ram", "--cache-reuse");
  private static final Set<String> IGNORED =
      Set.of("--metrics", "--no-webui", "--no-ui", "--slots", "--jinja");

  /// Ready at once and as quick as it can be, four slots of 4,096 tokens.
  public static FakeOptions defaults() {
    return new FakeOptions(
        0,
        "/models/fake.gguf",
        4,
        4 * 4096,
        512,
        false,
        Duration.ZERO,
        false,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ofSeconds(30),
        Duration.ofSeconds(5),
        Optional.empty());
  }

  /// The options that a command line means; an unknown flag is refused in llama-server's words.
  public static FakeOptions parse(List<String> arguments) {
    var words = new ArrayDeque<>(arguments);
    var options = defaults();
    while (!words.isEmpty()) {
      options = options.with(words.removeFirst(), words);
    }
    return options;
  }

  /// These options with one flag more, such as `with("-np", "2")`.
  public FakeOptions with(String flag, String... values) {
    return with(flag, new ArrayDeque<>(List.of(values)));
  }

  private FakeOptions with(String flag, ArrayDeque<String> rest) {
    if (IGNORED.contains(flag)) {
      return this;
    }
    if (IGNORED_WITH_VALUE.contains(flag)) {
      var _ = value(flag, rest);
      return this;
    }
    var changed = new Draft(this);
    switch (flag) {
      case "--embedding", "--embeddings" -> changed.embedding = true;
      case "--fake-early-line" -> changed.earlyLine = true;
      case "--port" -> changed.port = number(flag, rest);
      case "-m", "--model", "-a", "--alias" -> changed.model = value(flag, rest);
      case "-np", "--parallel" -> changed.slots = number(flag, rest);
      case "-c", "--ctx-size" -> changed.totalContext = number(flag, rest);
      case "-ub", "--ubatch-size" -> changed.physicalBatch = number(flag, rest);
      case "--fake-load-ms" -> changed.load = Duration.ofMillis(number(flag, rest));
      case "--fake-prefill-ms" -> changed.prefill = Duration.ofMillis(number(flag, rest));
      case "--fake-token-ms" -> changed.decode = Duration.ofMillis(number(flag, rest));
      case "--fake-ping-ms" -> changed.ping = Duration.ofMillis(number(flag, rest));
      case "--fake-idle-ms" -> changed.idle = Duration.ofMillis(number(flag, rest));
      case "--fake-exit" -> changed.exit = Optional.of(value(flag, rest));
      default -> throw new IllegalArgumentException("error: invalid argument: " + flag);
    }
    return changed.options();
  }

  /// Tokens of one sequence.
  int contextLength() {
    return totalContext / slots;
  }

  private static String value(String flag, ArrayDeque<String> rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException(
          "error while handling argument \"%s\": expected value for argument".formatted(flag));
    }
    return rest.removeFirst();
  }

  private static int number(String flag, ArrayDeque<String> rest) {
    var text = value(flag, rest);
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "error while handling argument \"%s\": %s".formatted(flag, text), e);
    }
  }

  private static final class Draft {
    private int port;
    private String model;
    private int slots;
    private int totalContext;
    private int physicalBatch;
    private boolean embedding;
    private Duration load;
    private boolean earlyLine;
    private Duration prefill;
    private Duration decode;
    private Duration ping;
    private Duration idle;
    private Optional<String> exit;

    Draft(FakeOptions from) {
      port = from.port;
      model = from.model;
      slots = from.slots;
      totalContext = from.totalContext;
      physicalBatch = from.physicalBatch;
      embedding = from.embedding;
      load = from.load;
      earlyLine = from.earlyLine;
      prefill = from.prefill;
      decode = from.decode;
      ping = from.ping;
      idle = from.idle;
      exit = from.exit;
    }

    FakeOptions options() {
      return new FakeOptions(
          port,
          model,
          slots,
          totalContext,
          physicalBatch,
          embedding,
          load,
          earlyLine,
          prefill,
          decode,
          ping,
          idle,
          exit);
    }
  }
}
