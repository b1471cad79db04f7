package dev.fairlead.app.up;

import dev.fairlead.api.Model;
import dev.fairlead.api.ParseResult;
import dev.fairlead.api.Resource;
import dev.fairlead.api.ResourceParser;
import dev.fairlead.api.ResourceWriter;
import dev.fairlead.api.Resources;
import dev.fairlead.dataplane.tls.ClientTls;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// What `fairlead up` was asked to serve: files and URLs named on the command line, YAML behind
/// `-f`, or the demo model when nothing was named.
final class Wanted {
  private final List<Resource> named;
  private final Optional<WatchedFiles> files;
  private final boolean demo;

  private Wanted(List<Resource> named, Optional<WatchedFiles> files, boolean demo) {
    this.named = named;
    this.files = files;
    this.demo = demo;
  }

  /// @param tls what a connection to a server needs, asked for when one was named
  static Wanted of(List<String> models, List<Path> files, Supplier<ClientTls> tls) {
    if (models.isEmpty() && files.isEmpty()) {
      return new Wanted(List.of(Resources.demoModel()), Optional.empty(), true);
    }
    List<Resource> named = new ArrayList<>();
    models.forEach(model -> named.addAll(models(model, tls)));
    return new Wanted(
        named, files.isEmpty() ? Optional.empty() : Optional.of(new WatchedFiles(files)), false);
  }

  /// Whether nothing was named, so that a toy is served.
  boolean demo() {
    return demo;
  }

  /// Whether every model was named on the command line: one that cannot be served then ends the
  /// command.
  boolean oneLine() {
    return files.isEmpty();
  }

  ParseResult read() {
    return with(files.map(WatchedFiles::read));
  }

  /// What is wanted now, if a file has changed.
  Optional<ParseResult> changed() {
    return files.flatMap(WatchedFiles::changed).map(now -> with(Optional.of(now)));
  }

  private ParseResult with(Optional<ParseResult> read) {
    ParseResult own = new ParseResult(named, List.of(), Map.of());
    return read.map(other -> ResourceParser.combine(List.of(own, other))).orElse(own);
  }

  static String yaml(ParseResult wanted) {
    return ResourceWriter.yaml(wanted.resources());
  }

  private static List<Model> models(String text, Supplier<ClientTls> tls) {
    if (text.matches("[a-z][a-z0-9+.-]+:.*") && !Files.exists(Path.of(text))) {
      try {
        URI url = new URI(text);
        return ServerModels.isServer(url)
            ? ServerModels.of(url, tls.get())
            : List.of(Resources.modelFromUrl(url));
      } catch (URISyntaxException e) {
        throw new StartException(2, "%s is not a URL: %s".formatted(text, e.getMessage()));
      }
    }
    Path file = Path.of(text);
    if (text.endsWith(".yaml") || text.endsWith(".yml")) {
      throw new StartException(2, "%s looks like YAML: pass it with -f %s".formatted(text, text));
    }
    return List.of(Resources.modelFromFile(file));
  }
}
