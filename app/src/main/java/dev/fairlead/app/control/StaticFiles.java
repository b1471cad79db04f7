package dev.fairlead.app.control;

import dev.fairlead.dataplane.net.ServerExchange;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Serves the files of a folder of the class path out of memory. A request only looks up a name in
/// the list of what is there, so that no path can lead anywhere else. Immutable; safe for every
/// thread.
final class StaticFiles {
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "mjs", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "json", "application/json",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon",
          "woff2", "font/woff2");

  private final Map<String, File> files;

  /// A file as it is sent. `etag` is its digest, in quotes.
  private static final class File {
    final String contentType;
    final String etag;
    final byte[] bytes;

    File(String contentType, byte[] bytes) {
      this.contentType = contentType;
      this.etag = digest(bytes);
      this.bytes = bytes;
    }
  }

  private StaticFiles(Map<String, File> files) {
    this.files = Map.copyOf(files);
  }

  /// Reads a folder of the class path, such as `/console`; one that is not there has no files.
  static StaticFiles ofClassPath(String folder) {
    URL url = StaticFiles.class.getResource(folder);
    return url == null ? new StaticFiles(Map.of()) : of(url);
  }

  /// Reads a folder on the disk or in a jar.
  static StaticFiles of(URL folder) {
    try {
      if (folder.openConnection() instanceof JarURLConnection connection) {
        Path jar = Path.of(connection.getJarFileURL().toURI());
        try (FileSystem files = FileSystems.newFileSystem(jar)) {
          return new StaticFiles(read(files.getPath(connection.getEntryName())));
        }
      }
      return new StaticFiles(read(Path.of(folder.toURI())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("every resource has a URI: " + folder, e);
    }
  }

  private static Map<String, File> read(Path root) throws IOException {
    var found = new HashMap<String, File>();
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(root)) {
      paths = walk.filter(Files::isRegularFile).toList();
    }
    for (Path path : paths) {
      String name = root.relativize(path).toString().replace('\\', '/');
      String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
      byte[] bytes = Files.readAllBytes(path);
      found.put("/" + name, new File(type == null ? "text/plain; charset=utf-8" : type, bytes));
    }
    Optional.ofNullable(found.get("/index.html")).ifPresent(index -> found.put("/", index));
    return found;
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "\"" + HexFormat.of().formatHex(digest, 0, 12) + "\"";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// Whether there is a file for this path of a request.
  boolean has(String path) {
    return files.containsKey(path);
  }

  /// Sends a file, or 304 when the client has it.
  void send(ServerExchange exchange, HttpHeaders extra) {
    File file = files.get(exchange.path());
    if (file == null) {
      Answer.refused(404, "not_found", "Nothing is served at %s.".formatted(exchange.path()))
          .send(exchange);
      return;
    }
    HttpHeaders headers =
        new DefaultHttpHeaders()
            .set(extra)
            .set(HttpHeaderNames.ETAG, file.etag)
            .set(HttpHeaderNames.CACHE_CONTROL, "no-cache");
    if (matches(exchange.header("if-none-match"), file.etag)) {
      exchange.respond(304, headers, Unpooled.EMPTY_BUFFER);
    } else {
      headers.set(HttpHeaderNames.CONTENT_TYPE, file.contentType);
      exchange.respond(200, headers, Unpooled.wrappedBuffer(file.bytes));
    }
  }

  /// RFC 9110, section 13.1.2: a list, compared weakly.
  private static boolean matches(@Nullable String ifNoneMatch, String etag) {
    if (ifNoneMatch == null) {
      return false;
    }
    for (String candidate : ifNoneMatch.split(",", -1)) {
      String tag = candidate.strip();
      if (tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag)) {
        return true;
      }
    }
    return false;
  }
}
