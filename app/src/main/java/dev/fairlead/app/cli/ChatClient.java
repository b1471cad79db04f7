package dev.fairlead.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Asks a gateway for streamed answers (OpenAI API reference, chat completions). Confined to one
/// thread; an interrupt of that thread stops the answer.
final class ChatClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http;
  private final URI gateway;
  private final String key;

  /// @param key the API key; empty for none
  /// @param certificate the file of the only certificate that an HTTPS gateway may show
  ChatClient(URI gateway, String key, Optional<Path> certificate) {
    var builder = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5));
    certificate.map(PinnedCertificate::trusting).ifPresent(builder::sslContext);
    http = builder.build();
    this.gateway = gateway;
    this.key = key;
  }

  /// One message of a conversation.
  record Message(String role, String content) {}

  /// Hears an answer as it comes.
  interface Listener {
    /// The next piece of the answer.
    void text(String piece);

    /// What the gateway says while one waits.
    void waiting(String comment);
  }

  /// How an answer ended.
  enum End {
    COMPLETE,
    STOPPED
  }

  /// Streams one answer.
  ///
  /// @throws CliException when there is none, or it broke off
  End ask(String model, List<Message> messages, Listener listener) {
    var body = JsonNodeFactory.instance.objectNode().put("model", model).put("stream", true);
    var array = body.putArray("messages");
    for (Message message : messages) {
      array.addObject().put("role", message.role()).put("content", message.content());
    }
    var request =
        HttpRequest.newBuilder(gateway.resolve("/v1/chat/completions"))
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()));
    if (!key.isEmpty()) {
      request.header("authorization", "Bearer " + key);
    }
    try {
      HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
      try (InputStream stream = response.body()) {
        if (response.statusCode() != 200) {
          throw refused(response.statusCode(), stream);
        }
        return read(stream, listener);
      }
    } catch (InterruptedException e) {
      return End.STOPPED;
    } catch (IOException e) {
      if (Thread.interrupted()) {
        return End.STOPPED;
      }
      throw CliException.failed(
          "the connection to %s was lost: look whether Fairlead runs, and ask again"
              .formatted(gateway));
    }
  }

  /// Server-sent events, as far as the OpenAI API uses them: each line of data is a whole payload.
  private static End read(InputStream stream, Listener listener) throws IOException {
    var reader = new BufferedReader(new InputStreamReader(stream, UTF_8));
    boolean finished = false;
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.startsWith(":")) {
        listener.waiting(line.substring(1).strip());
      } else if (line.startsWith("data:")) {
        String data = line.substring("data:".length()).strip();
        if (data.equals("[DONE]")) {
          return End.COMPLETE;
        }
        finished |= chunk(JSON.readTree(data), listener);
      }
    }
    if (!finished) {
      throw CliException.failed("the answer broke off: ask again");
    }
    return End.COMPLETE;
  }

  /// Returns whether this was the last chunk.
  private static boolean chunk(JsonNode chunk, Listener listener) {
    JsonNode error = chunk.path("error");
    if (!error.isMissingNode()) {
      throw CliException.failed("the answer broke off: " + error.path("message").asText());
    }
    JsonNode choice = chunk.path("choices").path(0);
    JsonNode content = choice.path("delta").path("content");
    if (content.isTextual() && !content.textValue().isEmpty()) {
      listener.text(content.textValue());
    }
    return choice.path("finish_reason").isTextual();
  }

  private static CliException refused(int status, InputStream stream) throws IOException {
    String body = new String(stream.readAllBytes(), UTF_8);
    String message = "";
    try {
      message = JSON.readTree(body).path("error").path("message").asText();
    } catch (JsonProcessingException _) {
      message = "";
    }
    if (message.isEmpty()) {
      message = "the gateway answered with status " + status;
    }
    return CliException.failed(
        status == 401 ? message + " Set FAIRLEAD_API_KEY to the key." : message);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
