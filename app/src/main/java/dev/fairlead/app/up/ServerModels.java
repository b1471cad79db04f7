package dev.fairlead.app.up;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.api.Model;
import dev.fairlead.api.Resources;
import dev.fairlead.dataplane.tls.ClientTls;
import dev.fairlead.dataplane.tls.HandshakeFailure;
import dev.fairlead.dataplane.tls.TlsException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/// Takes all models of a server with the OpenAI API, such as an Ollama or a vLLM, by its URL.
final class ServerModels {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MOST = 10_000;

  private ServerModels() {}

  /// Whether a URL means a server rather than a file to fetch: files of models end in `.gguf`.
  static boolean isServer(URI url) {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    String path = Optional.ofNullable(url.getPath()).orElse("").replaceAll("/+$", "");
    return (scheme.equals("http") || scheme.equals("https"))
        && (path.isEmpty() || path.endsWith("/v1"))
        && url.getQuery() == null
        && url.getFragment() == null;
  }

  /// One Model for each that the server lists.
  ///
  /// @throws StartException when the server does not answer so
  static List<Model> of(URI url, ClientTls tls) {
    String text = url.toString().replaceAll("/+$", "");
    String baseUrl = text.endsWith("/v1") ? text : text + "/v1";
    List<Model> models = new ArrayList<>();
    for (JsonNode entry : list(baseUrl, tls).path("data")) {
      String id = entry.path("id").asText("");
      if (!id.isBlank() && models.size() < MOST) {
        models.add(Resources.modelOfServer(baseUrl, id));
      }
    }
    if (models.isEmpty()) {
      throw new StartException(1, "%s/models lists no model".formatted(baseUrl));
    }
    return models;
  }

  private static HttpClient client(ClientTls tls) {
    return HttpClient.newBuilder().connectTimeout(PATIENCE).sslContext(tls.forJdk()).build();
  }

  private static JsonNode list(String baseUrl, ClientTls tls) {
    try (HttpClient client = client(tls)) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(baseUrl + "/models")).timeout(PATIENCE).build();
      HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() == 401 || answer.statusCode() == 403) {
        throw new StartException(
            1,
            "%s asks for a key: write a ModelVersion with engine.baseUrl and engine.secretRef, and pass it with -f and --secrets"
                .formatted(baseUrl));
      }
      if (answer.statusCode() != 200) {
        throw new StartException(
            1,
            "%s/models answers %d: is that a server with the OpenAI API?"
                .formatted(baseUrl, answer.statusCode()));
      }
      return new ObjectMapper().readTree(answer.body());
    } catch (SSLException e) {
      throw new StartException(
          1, "%s is not trusted: %s".formatted(baseUrl, HandshakeFailure.explained(e)));
    } catch (TlsException e) {
      throw new StartException(1, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new StartException(
          1,
          "%s/models does not answer with a list of models (%s): does the server run?"
              .formatted(baseUrl, e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException(1, "interrupted");
    }
  }
}
