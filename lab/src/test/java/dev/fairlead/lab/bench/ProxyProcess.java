package dev.fairlead.lab.bench;

import dev.fairlead.testkit.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A {@link Proxy} in front of the upstream. Confined to one thread.
final class ProxyProcess implements AutoCloseable {
  private final Proxy proxy;
  private final ServerProcess server;

  private ProxyProcess(Proxy proxy, ServerProcess server) {
    this.proxy = proxy;
    this.server = server;
  }

  /// Starts it, where it is installed.
  static Optional<ProxyProcess> start(Proxy proxy, Cores cores, Path folder, int upstream)
      throws IOException {
    Optional<Path> program = proxy.source().installed();
    if (program.isEmpty()) {
      return Optional.empty();
    }
    int port = Ports.free();
    Path own = Files.createDirectories(folder.resolve(proxy.name() + "-" + port));
    Path file = own.resolve(proxy.configuration());
    Files.writeString(file, proxy.configuration(port, upstream));
    List<String> command = cores.measured(proxy.command(program.get(), file, port));
    return Optional.of(
        new ProxyProcess(proxy, ServerProcess.start(command, port, own.resolve("output"))));
  }

  /// Master and workers.
  Contender contender() {
    List<Long> pids =
        Stream.concat(Stream.of(server.process().toHandle()), server.process().descendants())
            .map(ProcessHandle::pid)
            .toList();
    return new Contender(proxy.title(), server.port(), pids);
  }

  @Override
  public void close() {
    server.close();
  }
}
