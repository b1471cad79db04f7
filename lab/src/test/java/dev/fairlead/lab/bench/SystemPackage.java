package dev.fairlead.lab.bench;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A package of the system, which scripts/test-tools.sh installs. Immutable.
///
/// @param name of the package and of its program
/// @param versionFlag lets it print its version, the first number in what it prints
record SystemPackage(String name, String versionFlag) implements Source {
  /// Holds the limits of the gateway that shares them.
  static final SystemPackage REDIS = new SystemPackage("redis-server", "--version");

  private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+[.\\d]*");

  @Override
  public void install() {}

  /// Debian keeps some where not everybody's PATH leads.
  @Override
  public Optional<Path> installed() {
    String folders = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
    return Stream.of(folders.split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  @Override
  public String version() throws IOException {
    Optional<Path> path = installed();
    if (path.isEmpty()) {
      return Source.missing(name, "`apt-get install %s`".formatted(name));
    }
    Process asked =
        new ProcessBuilder(path.get().toString(), versionFlag).redirectErrorStream(true).start();
    try (InputStream out = asked.getInputStream()) {
      Matcher version = VERSION.matcher(new String(out.readAllBytes(), StandardCharsets.UTF_8));
      return name + " " + (version.find() ? version.group() : "of some version");
    }
  }
}
