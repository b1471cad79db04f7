package dev.fairlead.artifacts.fetch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import dev.fairlead.artifacts.process.Programs;
import dev.fairlead.artifacts.process.Programs.Result;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The user's own pip, asked because it knows the index, the mirrors, the proxies and the
/// certificates of this machine. It never installs anything here. Stateless; any thread; blocks.
final class Pip {
  private static final Duration RESOLVE_LIMIT = Duration.ofMinutes(10);
  private static final Duration DOWNLOAD_LIMIT = Duration.ofHours(2);
  private static final Pattern HOST = Pattern.compile("host='([^']+)'");
  private static final Pattern NO_CONNECTION =
      Pattern.compile(
          "connection error:|NewConnectionError|NameResolutionError|ConnectTimeoutError"
              + "|Retrying \\(Retry\\(|ReadTimeoutError|ProxyError|Max retries exceeded");
  private static final Pattern NO_TRUST =
      Pattern.compile("CERTIFICATE_VERIFY_FAILED|problem confirming the ssl certificate");

  // Settings that make pip refuse to look, though it is to install nothing (PEP 668 among them).
  private static final Map<String, String> ONLY_LOOKING =
      Map.of(
          "PIP_BREAK_SYSTEM_PACKAGES", "1",
          "PIP_REQUIRE_VIRTUALENV", "0",
          "PIP_USER", "0",
          "PIP_DISABLE_PIP_VERSION_CHECK", "1",
          "PIP_NO_INPUT", "1");

  private final Programs programs;

  Pip(Programs programs) {
    this.programs = programs;
  }

  /// Where pip would fetch `pin` from; empty when this pip is too old to tell (before 22.2). For a
  /// source distribution pip fetches it and reads its metadata, and compiles nothing.
  Optional<PythonPackage.Resolved> resolve(PackagePin pin, PythonPackage.Form form) {
    try {
      Path report = Files.createTempFile("fairlead-pip", ".json");
      try {
        List<String> command =
            command("install", "-vv", "--dry-run", "--ignore-installed", "--no-deps");
        command.addAll(List.of("--report", report.toString(), form.option(pin), pin.toString()));
        Result result = programs.run(command, ONLY_LOOKING, RESOLVE_LIMIT);
        if (result.output().contains("no such option: --report")) {
          return Optional.empty();
        }
        if (result.exitCode() != 0) {
          throw explain(pin, result);
        }
        return Optional.of(parse(pin, Files.readString(report)));
      } finally {
        Files.deleteIfExists(report);
      }
    } catch (IOException failure) {
      throw new ArtifactException(
          Category.IO, "cannot read pip's report: %s; check TMPDIR".formatted(failure), failure);
    }
  }

  /// Lets pip itself put the file of `pin` into `folder`.
  void download(PackagePin pin, PythonPackage.Form form, Path folder) {
    List<String> command = command("download", "-vv", "--no-deps", "-d", folder.toString());
    command.addAll(List.of(form.option(pin), pin.toString()));
    Result result = programs.run(command, ONLY_LOOKING, DOWNLOAD_LIMIT);
    if (result.exitCode() != 0) {
      throw explain(pin, result);
    }
  }

  private List<String> command(String... arguments) {
    Path python =
        programs
            .find("python3")
            .orElseThrow(() ->
                new ArtifactException(
                    Category.MISSING,
                    "python3 is not on the PATH; install Python 3.10 or later with pip (Debian, Ubuntu: apt-get install python3-pip)"));
    List<String> command = new ArrayList<>(List.of(python.toString(), "-m", "pip"));
    command.addAll(List.of(arguments));
    return command;
  }

  private static PythonPackage.Resolved parse(PackagePin pin, String report) throws IOException {
    JsonNode info = new ObjectMapper().readTree(report).at("/install/0/download_info");
    String url = info.path("url").asText();
    JsonNode archive = info.path("archive_info");
    String sha256 =
        archive
            .at("/hashes/sha256")
            .asText(archive.path("hash").asText().replaceFirst("^sha256=", ""));
    if (url.isEmpty()) {
      throw new ArtifactException(
          Category.PROGRAM_FAILED,
          "pip's report on %s names no file; update pip: python3 -m pip install --upgrade pip"
              .formatted(pin));
    }
    return new PythonPackage.Resolved(
        URI.create(url), Optional.of(sha256).filter(text -> text.matches("[0-9a-f]{64}")));
  }

  private static ArtifactException explain(PackagePin pin, Result result) {
    String output = result.output();
    Matcher found = HOST.matcher(output);
    String host = found.find() ? found.group(1) : "the Python package index";
    if (output.contains("No module named pip")) {
      return new ArtifactException(
          Category.MISSING,
          "python3 has no pip; install it (Debian, Ubuntu: apt-get install python3-pip; elsewhere: python3 -m ensurepip)");
    }
    if (NO_TRUST.matcher(output).find()) {
      return new ArtifactException(
          Category.UNTRUSTED,
          "pip does not trust the certificate of %s; if your network has its own certificate authority, set PIP_CERT to its file"
              .formatted(host));
    }
    if (NO_CONNECTION.matcher(output).find()) {
      return new ArtifactException(
          Category.NO_NETWORK,
          "no network: cannot reach %s for %s; check the connection, or pip's settings (PIP_INDEX_URL, PIP_PROXY) for a mirror, then run it again"
              .formatted(host, pin));
    }
    if (output.contains("No space left on device")) {
      return new ArtifactException(
          Category.NO_SPACE,
          "pip ran out of disk space on %s; free some, also where TMPDIR points to".formatted(pin));
    }
    if (output.contains("No matching distribution found")) {
      return new ArtifactException(
          Category.NOT_FOUND,
          "the Python package index has no %s for this machine and its Python".formatted(pin));
    }
    return new ArtifactException(
        Category.PROGRAM_FAILED, "pip failed on %s:\n%s".formatted(pin, result.lastLines(8)));
  }
}
