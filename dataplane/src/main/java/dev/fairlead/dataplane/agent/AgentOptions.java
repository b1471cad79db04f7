package dev.fairlead.dataplane.agent;

import static java.util.Objects.requireNonNull;

import dev.fairlead.core.model.Artifact.Purpose;
import dev.fairlead.dataplane.net.Tokens;

/// What an agent is and how it behaves.
///
/// @param replica the id that requests must name, unique for ever
/// @param boot another one each time the agent starts
/// @param version the name of the version, which is the metrics' `model_name`
/// @param engineModel the name by which the engine knows its model
/// @param purpose what the warm-up asks for
/// @param slots how many requests the engine runs at once (`maxBatchSize`)
/// @param host the address to listen on
/// @param port 0 for any free one
/// @param gateways the tokens of those who may send requests and read the state
public record AgentOptions(
    String replica,
    String boot,
    String version,
    String engineModel,
    Purpose purpose,
    int slots,
    String host,
    int port,
    Tokens gateways,
    RelayLimits relay,
    WarmUp warmUp,
    StateTiming state) {
  public AgentOptions {
    Checks.nonBlank(replica, "replica");
    Checks.nonBlank(boot, "boot");
    Checks.nonBlank(version, "version");
    Checks.nonBlank(engineModel, "engineModel");
    requireNonNull(purpose, "purpose is null");
    Checks.positive(slots, "slots");
    Checks.nonBlank(host, "host");
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port is not a port: " + port);
    }
    requireNonNull(gateways, "gateways is null");
    requireNonNull(relay, "relay is null");
    requireNonNull(warmUp, "warmUp is null");
    requireNonNull(state, "state is null");
  }

  /// A chat model on any port of loopback, whose engine knows it by the version's name; the
  /// defaults of every part.
  public static AgentOptions of(
      String replica, String boot, String version, int slots, Tokens gateways) {
    return new AgentOptions(
        replica,
        boot,
        version,
        version,
        Purpose.CHAT,
        slots,
        "127.0.0.1",
        0,
        gateways,
        RelayLimits.defaults(),
        WarmUp.defaults(),
        StateTiming.defaults());
  }

  /// The same, listening elsewhere.
  public AgentOptions listeningOn(String newHost, int newPort) {
    return new AgentOptions(
        replica,
        boot,
        version,
        engineModel,
        purpose,
        slots,
        newHost,
        newPort,
        gateways,
        relay,
        warmUp,
        state);
  }

  /// The same for another kind of model.
  public AgentOptions withPurpose(Purpose newPurpose) {
    return new AgentOptions(
        replica,
        boot,
        version,
        engineModel,
        newPurpose,
        slots,
        host,
        port,
        gateways,
        relay,
        warmUp,
        state);
  }

  /// The same with other limits.
  public AgentOptions withRelay(RelayLimits newRelay) {
    return new AgentOptions(
        replica,
        boot,
        version,
        engineModel,
        purpose,
        slots,
        host,
        port,
        gateways,
        newRelay,
        warmUp,
        state);
  }

  /// The same with another pace of the start.
  public AgentOptions withWarmUp(WarmUp newWarmUp) {
    return new AgentOptions(
        replica,
        boot,
        version,
        engineModel,
        purpose,
        slots,
        host,
        port,
        gateways,
        relay,
        newWarmUp,
        state);
  }

  /// The same with another rhythm of the state stream.
  public AgentOptions withState(StateTiming newState) {
    return new AgentOptions(
        replica,
        boot,
        version,
        engineModel,
        purpose,
        slots,
        host,
        port,
        gateways,
        relay,
        warmUp,
        newState);
  }
}
