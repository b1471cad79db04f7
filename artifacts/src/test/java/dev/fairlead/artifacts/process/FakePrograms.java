package dev.fairlead.artifacts.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// A PATH of shell scripts that stand for the machine's programs, in front of the system's own
/// tools.
public final class FakePrograms {
  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();

  public FakePrograms(Path folder) {
    this.folder = folder;
    environment.put("PATH", folder.toString());
    environment.put("HOME", folder.toString());
  }

  /// A program called `name` that runs these shell commands; the basic tools are found by them.
  public FakePrograms with(String name, String script) {
    Path file = folder.resolve(name);
    try {
      Files.createDirectories(folder);
      Files.writeString(file, "#!/bin/sh\nPATH=/usr/bin:/bin\n" + script + "\n");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    if (!file.toFile().setExecutable(true)) {
      throw new IllegalStateException("cannot make executable: " + file);
    }
    return this;
  }

  public FakePrograms variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /// Adds the folders of this machine's own PATH behind.
  public FakePrograms andTheRealOnes() {
    return variable("PATH", folder + File.pathSeparator + System.getenv("PATH"));
  }

  public Programs programs() {
    return new Programs(environment);
  }

  public Path path(String name) {
    return folder.resolve(name);
  }
}
