package dev.fairlead.app.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where the Fairleads that a user runs on this machine are found: `instances/PORT.json` in the
/// state folder, and beside it the token, for the user only. What a process left that is gone is
/// cleaned away. Safe for every thread.
public final class Instances {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TOKEN_BYTES = 32;

  /// The kernel's start times drift with the clock; an id is not used again this quickly.
  private static final Duration SAME_START = Duration.ofMinutes(1);

  private final StateFolder state;
  private final Path folder;
  private final Processes processes;

  public Instances(StateFolder state, Processes processes) {
    this.state = state;
    this.folder = state.path().resolve("instances");
    this.processes = processes;
  }

  /// There is no instance to talk to, or too many; the message says what to do.
  public static final class NotFoundException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotFoundException(String message) {
      super(message);
    }
  }

  /// Makes a token for this process, which is `pid`. Nothing is written before `announce`.
  public Registration register(long pid, RandomGenerator random) {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    return new Registration(pid, HexFormat.of().formatHex(bytes));
  }

  /// An instance's entry. `close` takes it away.
  public final class Registration implements AutoCloseable {
    private final long pid;
    private final String token;
    private final List<Path> written = new ArrayList<>();

    private Registration(long pid, String token) {
      this.pid = pid;
      this.token = token;
    }

    /// What the control port shall take.
    public String token() {
      return token;
    }

    /// Lets others find this instance, once it listens.
    public Instance announce(int port, URI gatewayUrl, URI controlUrl) {
      return announce(port, gatewayUrl, controlUrl, Optional.empty());
    }

    /// Likewise, with the certificate of an HTTPS port.
    public synchronized Instance announce(
        int port, URI gatewayUrl, URI controlUrl, Optional<Path> certificateFile) {
      Path tokenFile = folder.resolve(port + ".token");
      Path file = folder.resolve(port + ".json");
      Instant started = processes.started(pid).orElse(Instant.EPOCH);
      state.write(tokenFile, token + "\n");
      written.add(tokenFile);
      var tree =
          JsonNodeFactory.instance
              .objectNode()
              .put("port", port)
              .put("pid", pid)
              .put("startedAt", started.toString())
              .put("gatewayUrl", gatewayUrl.toString())
              .put("controlUrl", controlUrl.toString())
              .put("tokenFile", tokenFile.toString());
      certificateFile.ifPresent(
          path -> tree.put("certificateFile", path.toAbsolutePath().toString()));
      state.write(file, tree.toPrettyString() + "\n");
      written.add(file);
      return new Instance(port, pid, started, gatewayUrl, controlUrl, tokenFile, certificateFile);
    }

    @Override
    public synchronized void close() {
      written.reversed().forEach(Instances::delete);
      written.clear();
    }
  }

  /// The instances that run, by port.
  public List<Instance> running() {
    List<Path> files;
    try (Stream<Path> entries = Files.list(folder)) {
      files = entries.filter(file -> file.toString().endsWith(".json")).toList();
    } catch (NoSuchFileException | NotDirectoryException _) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder + ": " + e.getMessage(), e);
    }
    return files.stream()
        .map(this::read)
        .flatMap(Optional::stream)
        .sorted(Comparator.comparingInt(Instance::port))
        .toList();
  }

  /// The one instance that is meant.
  ///
  /// @param port the public port of the wanted one
  /// @throws NotFoundException when that is not clear
  public Instance find(OptionalInt port) {
    List<Instance> running = running();
    if (port.isPresent()) {
      int wanted = port.getAsInt();
      return running.stream()
          .filter(instance -> instance.port() == wanted)
          .findAny()
          .orElseThrow(() -> new NotFoundException(notOn(wanted, running)));
    }
    return switch (running.size()) {
      case 0 -> throw new NotFoundException("nothing is running: start it with `fairlead up`");
      case 1 -> running.getFirst();
      default ->
          throw new NotFoundException(
              "several are running, on the ports %s: choose one with --port"
                  .formatted(ports(running)));
    };
  }

  private static String notOn(int port, List<Instance> running) {
    return running.isEmpty()
        ? "nothing is running on port %d: start it with `fairlead up --port %d`"
            .formatted(port, port)
        : "nothing is running on port %d, but on %s: choose that with --port"
            .formatted(port, ports(running));
  }

  private static String ports(List<Instance> running) {
    return running.stream()
        .map(instance -> Integer.toString(instance.port()))
        .collect(Collectors.joining(", "));
  }

  private Optional<Instance> read(Path file) {
    Instance instance;
    try {
      instance = parse(JSON.readTree(file.toFile()));
    } catch (IOException | RuntimeException _) {
      // Not written by this version: neither to be used nor to be deleted.
      return Optional.empty();
    }
    boolean alive =
        processes
            .started(instance.pid())
            .map(started ->
                started.equals(Instant.EPOCH)
                    || instance.started().equals(Instant.EPOCH)
                    || Duration.between(started, instance.started()).abs().compareTo(SAME_START)
                        <= 0)
            .orElse(false);
    if (!alive) {
      delete(file);
      delete(instance.tokenFile());
      return Optional.empty();
    }
    return Optional.of(instance);
  }

  private Instance parse(JsonNode tree) {
    int port = tree.required("port").intValue();
    return new Instance(
        port,
        tree.required("pid").longValue(),
        Instant.parse(tree.required("startedAt").textValue()),
        URI.create(tree.required("gatewayUrl").textValue()),
        URI.create(tree.required("controlUrl").textValue()),
        folder.resolve(port + ".token"),
        Optional.ofNullable(tree.path("certificateFile").textValue()).map(Path::of));
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + file + ": " + e.getMessage(), e);
    }
  }
}
