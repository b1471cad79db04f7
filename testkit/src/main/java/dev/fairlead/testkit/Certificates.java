package dev.fairlead.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Makes certificates for 127.0.0.1 and localhost with `openssl`, which signs them itself. Used by
/// one thread.
public final class Certificates {
  private final Path folder;

  /// One that keeps its files in `folder`.
  public Certificates(Path folder) {
    this.folder = folder;
  }

  /// The files of a certificate and its key.
  public record Pair(Path certificate, Path key) {}

  /// A certificate with a P-256 key in PKCS#8.
  public Pair pair(String name) {
    return pair(name, "EC", "-pkeyopt", "ec_paramgen_curve:P-256");
  }

  /// A certificate with a key of an algorithm that `openssl genpkey` knows.
  public Pair pair(String name, String algorithm, String... options) {
    Path key = folder.resolve(name + ".key");
    Path certificate = folder.resolve(name + ".crt");
    List<String> generate =
        new ArrayList<>(List.of("genpkey", "-algorithm", algorithm, "-out", key.toString()));
    generate.addAll(List.of(options));
    openssl(generate.toArray(String[]::new));
    openssl(
        "req",
        "-x509",
        "-new",
        "-key",
        key.toString(),
        "-out",
        certificate.toString(),
        "-days",
        "30",
        "-subj",
        "/CN=" + name,
        "-addext",
        "subjectAltName=DNS:localhost,IP:127.0.0.1");
    return new Pair(certificate, key);
  }

  /// Runs `openssl` to its end.
  public void openssl(String... arguments) {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    try {
      Path log = Files.createTempFile(folder, "openssl", ".log");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      process.getOutputStream().close();
      boolean ended = process.waitFor(30, TimeUnit.SECONDS);
      process.destroyForcibly();
      assertThat(ended && process.exitValue() == 0)
          .as("%s: %s", command, Files.readString(log, StandardCharsets.ISO_8859_1))
          .isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException("the tests need the program openssl", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
