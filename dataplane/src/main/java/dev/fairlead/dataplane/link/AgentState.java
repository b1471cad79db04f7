package dev.fairlead.dataplane.link;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/// The truth about one replica, as its agent tells it to every gateway: one JSON object a line, at
/// most ten a second, and at least one every {@link #HEARTBEAT_SECONDS} seconds.
///
/// @param replica the replica's id
/// @param boot changes when the agent starts anew, so that its counters may start at zero
/// @param sequence grows with each message of one boot
/// @param slots requests that the engine runs at once
/// @param queuedPrefillTokens prompt tokens that have yet to be read
public record AgentState(
    String replica,
    String boot,
    long sequence,
    boolean ready,
    boolean draining,
    int slots,
    int running,
    int waiting,
    long queuedPrefillTokens) {
  /// A gateway that hears nothing for three of these takes the replica for lost.
  public static final int HEARTBEAT_SECONDS = 2;

  private static final JsonFactory JSON = new JsonFactory();

  public AgentState {
    requireNonNull(replica, "replica is null");
    requireNonNull(boot, "boot is null");
    if (slots < 0 || running < 0 || waiting < 0 || queuedPrefillTokens < 0) {
      throw new IllegalArgumentException(
          "a count is negative: slots %d, running %d, waiting %d, queuedPrefillTokens %d"
              .formatted(slots, running, waiting, queuedPrefillTokens));
    }
  }

  /// One line without its end.
  public String toJson() {
    StringWriter text = new StringWriter(160);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("replica", replica);
      json.writeStringField("boot", boot);
      json.writeNumberField("sequence", sequence);
      json.writeBooleanField("ready", ready);
      json.writeBooleanField("draining", draining);
      json.writeNumberField("slots", slots);
      json.writeNumberField("running", running);
      json.writeNumberField("waiting", waiting);
      json.writeNumberField("queuedPrefillTokens", queuedPrefillTokens);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /// Reads a line; fields of a later version are passed over.
  ///
  /// @throws IllegalArgumentException when it is not the JSON of a state
  public static AgentState parse(String line) {
    String replica = "";
    String boot = "";
    long sequence = 0;
    boolean ready = false;
    boolean draining = false;
    int slots = 0;
    int running = 0;
    int waiting = 0;
    long queued = 0;
    try (JsonParser json = JSON.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("not the state of an agent");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "replica" -> replica = json.getText();
          case "boot" -> boot = json.getText();
          case "sequence" -> sequence = json.getLongValue();
          case "ready" -> ready = json.getBooleanValue();
          case "draining" -> draining = json.getBooleanValue();
          case "slots" -> slots = json.getIntValue();
          case "running" -> running = json.getIntValue();
          case "waiting" -> waiting = json.getIntValue();
          case "queuedPrefillTokens" -> queued = json.getLongValue();
          default -> json.skipChildren();
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("not the state of an agent", e);
    }
    return new AgentState(
        replica, boot, sequence, ready, draining, slots, running, waiting, queued);
  }
}
