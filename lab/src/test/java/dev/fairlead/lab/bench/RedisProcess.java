package dev.fairlead.lab.bench;

import dev.fairlead.testkit.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A Redis beside the upstream, whose time is nobody's. Confined to one thread.
record RedisProcess(ServerProcess server) {
  /// Starts one that is fit for limits, where it is installed.
  static Optional<RedisProcess> start(Cores cores, Path folder) throws IOException {
    Optional<Path> program = SystemPackage.REDIS.installed();
    if (program.isEmpty()) {
      return Optional.empty();
    }
    int port = Ports.free();
    List<String> command =
        cores.others(
            List.of(
                program.get().toString(),
                "--bind",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--save",
                "",
                "--maxmemory-policy",
                "noeviction"));
    return Optional.of(
        new RedisProcess(ServerProcess.start(command, port, folder.resolve("redis.output"))));
  }

  String uri() {
    return "redis://127.0.0.1:" + server.port();
  }
}
