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

  /// The unpacked server, when the Python of today is one that it was seen to run with.
  Optional<EngineProgram> cached() {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    return programs
        .find("python3")
        .filter(python -> Files.exists(seenWith(version(python))))
        .map(this::program);
  }

  EngineProgram install(Progress progress) {
    Path python = python();
    try (PathLock _ = PathLock.acquire(folder)) {
      Path seen = seenWith(version(python));
      if (!Files.isDirectory(folder)) {
        Path wheel = packages.fetch(PIN, PythonPackage.Form.WHEEL, cache.downloads(), progress);
        Archives.unzip(wheel, "", folder);
        Files.deleteIfExists(wheel);
        DigestMarker.delete(wheel);
      }
      EngineProgram program = program(python);
      check(program);
      Durable.write(seen, "");
      return program;
    } catch (IOException failure) {
      throw DiskSpace.explain(failure, "cannot install the engine", folder);
    }
  }

  private Path python() {
    Path python =
        programs
            .find("python3")
            .orElseThrow(() ->
                new ArtifactException(
                    Category.MISSING,
                    "no engine, and no python3 to fetch one with; install Python 3.10 or later with pip (Debian, Ubuntu: apt-get install python3-pip), or llama.cpp, and set LLAMA_SERVER to its llama-server"));
    String version = version(python);
    Matcher numbers = PYTHON_VERSION.matcher(version);
    if (!numbers.matches()
        || Integer.parseInt(numbers.group(1)) < 3
        || Integer.parseInt(numbers.group(2)) < 10) {
      throw new ArtifactException(
          Category.UNSUPPORTED,
          "%s is Python %s, and the wheel needs 3.10 or later".formatted(python, version));
    }
    return python;
  }

  private String version(Path python) {
    String ask = "import sys; print('%d.%d' % sys.version_info[:2])";
    return programs
        .run(List.of(python.toString(), "-c", ask), Map.of(), PYTHON_LIMIT)
        .output()
        .strip();
  }

  private void check(EngineProgram program) {
    List<String> command = new java.util.ArrayList<>(program.command());
    command.add("--version");
    Programs.Result result = programs.run(command, Map.of(), PYTHON_LIMIT);
    if (result.exitCode() != 0) {
      throw new ArtifactException(
          Category.PROGRAM_FAILED,
          "the xllamacpp wheel does not load on this machine: " + result.lastLines(1));
    }
  }

  /// Brings the launcher up to this program's version, too.
  private EngineProgram program(Path python) {
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
        List.of(python.toString(), launcher.toString()), EngineProgram.Kind.WHEEL, DESCRIPTION);
  }

  private static String launcherText() throws IOException {
    try (InputStream stream = WheelServer.class.getResourceAsStream(LAUNCHER)) {
      if (stream == null) {
        throw new IllegalStateException("the launcher is missing from this program");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Path seenWith(String pythonVersion) {
    return folder.resolve(".runs-with-python-" + pythonVersion.replaceAll("[^0-9.]", "_"));
  }
}
