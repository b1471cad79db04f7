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
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The server inside the xllamacpp wheel, unpacked into the cache with our launcher beside it. It
/// counts as there only after it has been loaded once by the Python that will run it.
final class WheelServer {
  static final String VERSION = "2026.10.11549";
  static final String DESCRIPTION = "llama.cpp's server from the xllamacpp wheel " + VERSION;
  private static final PackagePin PIN = new PackagePin("xllamacpp", VERSION);
  private static final String LAUNCHER = "llama_server.py";
  private static final Duration PYTHON_LIMIT = Duration.ofMinutes(1);
  private static final Pattern PYTHON_VERSION = Pattern.compile("(\\d+)\\.(\\d+)");

  private final Programs programs;
  private final ArtifactCache cache;
  private final PythonPackage packages;
  private final Path folder;

  WheelServer(Programs programs, ArtifactCache cache, PythonPackage packages) {
    this.programs = programs;
    this.cache = cache;
    this.packages = packages;
    this.folder = cache.engines().resolve("llama.cpp").resolve("xllamacpp-" + VERSION);
  }

  /// A Python as it names itself: what the PATH has may be a shim that chooses by folder.
  private record Python(String version, String executable) {}

  /// The unpacked server, when the Python of today is one that it was seen to run with.
  Optional<EngineProgram> cached() {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    return programs
        .find("python3")
        .map(this::ask)
        .filter(python -> Files.exists(seenWith(python)))
        .map(this::program);
  }

  EngineProgram install(Progress progress) {
    Python python = python();
    try (PathLock _ = PathLock.acquire(folder)) {
      if (!Files.isDirectory(folder)) {
        Path wheel = packages.fetch(PIN, PythonPackage.Form.WHEEL, cache.downloads(), progress);
        Archives.unzip(wheel, "", folder);
        Files.deleteIfExists(wheel);
        DigestMarker.delete(wheel);
      }
      EngineProgram program = program(python);
      check(program);
      Durable.write(seenWith(python), "");
      return program;
    } catch (IOException failure) {
      throw DiskSpace.explain(failure, "cannot install the engine", folder);
    }
  }

  private Python python() {
    Path found =
        programs
            .find("python3")
            .orElseThrow(() ->
                new ArtifactException(
                    Category.MISSING,
                    "no engine, and no python3 to fetch one with; install Python 3.10 or later with pip (Debian, Ubuntu: apt-get install python3-pip), or llama.cpp, and set LLAMA_SERVER to its llama-server"));
    Python python = ask(found);
    Matcher numbers = PYTHON_VERSION.matcher(python.version());
    if (!numbers.matches()
        || Integer.parseInt(numbers.group(1)) < 3
        || Integer.parseInt(numbers.group(2)) < 10) {
      throw new ArtifactException(
          Category.UNSUPPORTED,
          "%s is Python %s, and the wheel needs 3.10 or later"
              .formatted(python.executable(), python.version()));
    }
    return python;
  }

  private Python ask(Path found) {
    String question = "import sys; print('%d.%d' % sys.version_info[:2]); print(sys.executable)";
    Programs.Result answer =
        programs.run(List.of(found.toString(), "-c", question), Map.of(), PYTHON_LIMIT);
    List<String> lines = answer.output().lines().map(String::strip).toList();
    String executable = lines.size() > 1 ? lines.get(1) : "";
    return new Python(
        lines.isEmpty() ? "unknown" : lines.getFirst(),
        executable.isEmpty() ? found.toString() : executable);
  }

  private void check(EngineProgram program) {
    List<String> command = new ArrayList<>(program.command());
    command.add("--version");
    Programs.Result result = programs.run(command, Map.of(), PYTHON_LIMIT);
    if (result.exitCode() != 0) {
      throw new ArtifactException(
          Category.PROGRAM_FAILED,
          "the xllamacpp wheel does not load on this machine: " + result.lastLines(1));
    }
  }

  /// Brings the launcher up to this program's version, too.
  private EngineProgram program(Python python) {
    Path launcher = folder.resolve(LAUNCHER);
    try {
      String text = launcherText();
      if (!Files.exists(launcher) || !Files.readString(launcher).equals(text)) {
        Durable.write(launcher, text);
      }
    } catch (IOException failure) {
      throw DiskSpace.explain(failure, "cannot write the engine's launcher", launcher);
    }
    return new EngineProgram(
        List.of(python.executable(), launcher.toString()), EngineProgram.Kind.WHEEL, DESCRIPTION);
  }

  private static String launcherText() throws IOException {
    try (InputStream stream = WheelServer.class.getResourceAsStream(LAUNCHER)) {
      if (stream == null) {
        throw new IllegalStateException("the launcher is missing from this program");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Path seenWith(Python python) {
    return folder.resolve(".runs-with-python-" + python.version().replaceAll("[^0-9.]", "_"));
  }
}
