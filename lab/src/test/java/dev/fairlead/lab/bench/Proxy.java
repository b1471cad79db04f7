package dev.fairlead.lab.bench;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A rival that comes as a package of the system, with its configuration in this package's
/// resources.
enum Proxy {
  NGINX("nginx", "nginx.conf"),
  HAPROXY("haproxy", "haproxy.cfg");

  private final String program;
  private final String configuration;

  Proxy(String program, String configuration) {
    this.program = program;
    this.configuration = configuration;
  }

  /// What its package and its column are called.
  String title() {
    return program;
  }

  /// The program; Debian keeps it where not everybody's PATH leads.
  Optional<Path> installed() {
    String folders = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
    return Stream.of(folders.split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// Its name and what `-v` says, such as `nginx 1.22.1`; or that it is missing.
  String version() throws IOException {
    Optional<Path> path = installed();
    if (path.isEmpty()) {
      return "**%s is missing** (`apt-get install %s`)".formatted(program, program);
    }
    Process asked =
        new ProcessBuilder(path.get().toString(), "-v").redirectErrorStream(true).start();
    try (InputStream out = asked.getInputStream()) {
      String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      String words =
          switch (this) {
            case NGINX -> text.substring(text.lastIndexOf('/') + 1);
            case HAPROXY -> text.replaceFirst("^\\D+", "");
          };
      return program + " " + words.strip().split("\\s", 2)[0];
    }
  }

  /// Its configuration, which listens on one port and leads to another.
  String configuration(int port, int upstream) {
    return resource(configuration)
        .replace("LISTEN_PORT", Integer.toString(port))
        .replace("UPSTREAM_PORT", Integer.toString(upstream));
  }

  /// Runs in the foreground with the configuration of this file.
  List<String> command(Path path, Path file) {
    return switch (this) {
      case NGINX -> List.of(path.toString(), "-p", file.getParent() + "/", "-c", file.toString());
      case HAPROXY -> List.of(path.toString(), "-db", "-f", file.toString());
    };
  }

  /// A resource of this package.
  static String resource(String name) {
    try (InputStream in = Proxy.class.getResourceAsStream(name)) {
      return new String(requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
