package dev.fairlead.artifacts.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher with this machine's python3 and a stand-in for the wheel that prints what it is
/// given.
final class LauncherIT {
  private static final String STAND_IN =
      """
      class Group(dict):
          __getattr__ = dict.__getitem__
          __setattr__ = dict.__setitem__

      class Names(dict):
          def __missing__(self, name):
              return name

      def CommonParams():
          return Group(n_batch=2048, n_ubatch=512, n_gpu_layers=-1, embedding=False, kv_unified=False,
                       chat_template="", model=Group(), cpuparams=Group(), cpuparams_batch=Group())

      class Server:
          def __init__(self, params):
              if params.model.path == "bad.gguf":
                  raise RuntimeError("Failed to init server")
              for name, value in sorted(params.items()):
                  print(f"{name}={value}")
              self.listening_address = "http://127.0.0.1:4711"

      llama_flash_attn_type = llama_pooling_type = llama_load_mode = Names()
      __version__ = "test"
      """;

  @TempDir Path folder = Path.of("");
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void unpack() throws IOException {
    try (InputStream launcher = WheelServer.class.getResourceAsStream("llama_server.py")) {
      Files.copy(Objects.requireNonNull(launcher), folder.resolve("llama_server.py"));
    }
    Files.createDirectory(folder.resolve("xllamacpp"));
    Files.writeString(folder.resolve("xllamacpp/__init__.py"), STAND_IN);
  }

  @AfterEach
  void stop() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void argumentsOfLlamaServerReachTheServer() throws Exception {
    Process process =
        start(
            ("-m m.gguf --host 127.0.0.1 --port 0 -np 4 -c 8192 -t 2 -b 256 -ub 56 --cache-ram 64"
                    + " --cache-reuse 64 --metrics --alias demo,other --no-webui --no-slots --props"
                    + " --jinja --api-key key --check-tensors --no-mmap -ngl 0 -fa on --no-warmup"
                    + " --chat-template chatml --pooling mean")
                .split(" ", -1));

    assertThat(linesUntilListening(process))
        .contains(
            "model={'path': 'm.gguf'}",
            "hostnames=['127.0.0.1']",
            "port=0",
            "n_parallel=4",
            "n_ctx=8192",
            "cpuparams={'n_threads': 2}",
            "cpuparams_batch={'n_threads': 2}",
            "n_batch=256",
            "n_ubatch=56",
            "cache_ram_mib=64",
            "n_cache_reuse=64",
            "endpoint_metrics=True",
            "endpoint_slots=False",
            "endpoint_props=True",
            "ui=False",
            "use_jinja=True",
            "api_keys=['key']",
            "check_tensors=True",
            "load_mode=LLAMA_LOAD_MODE_NONE",
            "n_gpu_layers=0",
            "flash_attn_type=LLAMA_FLASH_ATTN_TYPE_ENABLED",
            "warmup=False",
            "chat_template=chatml",
            "pooling_type=LLAMA_POOLING_TYPE_MEAN",
            "kv_unified=False")
        .anyMatch(line -> line.startsWith("model_alias=") && line.contains("demo"));
  }

  @Test
  void whatIsNotSaidIsAsWithLlamaServer() throws Exception {
    Process process = start("--model", "m.gguf", "--embeddings", "--mlock");

    assertThat(linesUntilListening(process))
        .contains(
            "port=8080",
            "n_parallel=4",
            "kv_unified=True",
            "hostnames=['127.0.0.1']",
            "embedding=True",
            "n_batch=512",
            "load_mode=LLAMA_LOAD_MODE_MMAP_MLOCK")
        .noneMatch(line -> line.startsWith("n_ctx="));
  }

  @Test
  void unknownArgumentsAreNamed() throws Exception {
    Process process = start("-m", "m.gguf", "--frobnicate", "3");

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(2);
    assertThat(process.errorReader().lines()).anyMatch(line -> line.contains("--frobnicate"));
  }

  @Test
  void aBadModelEndsItWithOne() throws Exception {
    Process process = start("-m", "bad.gguf");

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(process.errorReader().lines()).anyMatch(line -> line.contains("Failed to init"));
  }

  @Test
  void sigtermEndsItWithZero() throws Exception {
    Process process = start("-m", "m.gguf");
    var _ = linesUntilListening(process);

    process.destroy();

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  private Process start(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("python3", folder.resolve("llama_server.py").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("LLAMA_API_KEY");
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private static List<String> linesUntilListening(Process process) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = process.inputReader().readLine();
        line != null;
        line = process.inputReader().readLine()) {
      if (line.equals("listening on http://127.0.0.1:4711")) {
        return lines;
      }
      lines.add(line);
    }
    throw new IOException("it ended: " + String.join("\n", process.errorReader().lines().toList()));
  }
}
