package dev.fairlead.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testkit.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// The {@link GatewayProgram}, and once more with its limits in a Redis, where that is installed.
/// Confined to one thread.
final class Gateways implements AutoCloseable {
  private final Deque<ServerProcess> open = new ArrayDeque<>();
  private final List<Contender> contenders = new ArrayList<>();
  private final List<Path> outputs = new ArrayList<>();
  private final Optional<RedisProcess> redis;

  private Gateways(Optional<RedisProcess> redis) {
    this.redis = redis;
    redis.map(RedisProcess::server).ifPresent(open::push);
  }

  static Gateways start(Cores cores, Path folder, int upstream) throws IOException {
    Gateways gateways = new Gateways(RedisProcess.start(cores, folder));
    try {
      gateways.start(Contender.GATEWAY, cores, folder, upstream);
      if (gateways.redis.isPresent()) {
        gateways.start(Contender.GATEWAY_WITH_REDIS, cores, folder, upstream);
      }
      return gateways;
    } catch (IOException | RuntimeException | Error e) {
      gateways.close();
      throw e;
    }
  }

  private void start(String name, Cores cores, Path folder, int upstream) throws IOException {
    int port = Ports.free();
    List<String> arguments = new ArrayList<>();
    arguments.add(Integer.toString(port));
    arguments.add(Integer.toString(upstream));
    arguments.add(folder.resolve("access-%d.log".formatted(port)).toString());
    if (name.equals(Contender.GATEWAY_WITH_REDIS)) {
      redis.map(RedisProcess::uri).ifPresent(arguments::add);
    }
    List<String> command =
        cores.measured(Programs.asFairlead(GatewayProgram.class, arguments.toArray(String[]::new)));
    Path output = folder.resolve("gateway-%d.output".formatted(port));
    ServerProcess server = ServerProcess.start(command, port, output);
    open.push(server);
    outputs.add(output);
    contenders.add(new Contender(name, port, List.of(server.pid())));
  }

  List<Contender> contenders() {
    return List.copyOf(contenders);
  }

  /// Fails the run when a gateway has lost its Redis and gone on alone: then some requests were
  /// cheaper.
  void check() throws IOException {
    for (Path output : outputs) {
      assertThat(Files.readString(output)).doesNotContain("limits degraded");
    }
  }

  @Override
  public void close() {
    open.forEach(ServerProcess::close);
  }
}
