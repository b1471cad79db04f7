package dev.fairlead.app.config;

import dev.fairlead.api.LocatedText;
import dev.fairlead.api.Nearest;
import dev.fairlead.api.Node;
import dev.fairlead.api.Problem;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the configuration's YAML. Any thread may call it.
public final class ConfigurationFile {
  private ConfigurationFile() {}

  /// What a file says: a configuration, or what is wrong with it.
  public record Read(Optional<Configuration> configuration, List<Problem> problems) {
    public Read {
      problems = List.copyOf(problems);
    }
  }

  /// Reads a file. That it is not there is a problem like others.
  public static Read read(Path file) {
    try {
      return parse(Files.readString(file), file);
    } catch (NoSuchFileException _) {
      return failed(file, "there is no such file");
    } catch (CharacterCodingException _) {
      return failed(file, "the file is not UTF-8 text");
    } catch (IOException e) {
      return failed(file, "cannot be read: " + e);
    }
  }

  private static Read failed(Path file, String message) {
    return new Read(
        Optional.empty(),
        List.of(
            new Problem(
                file.toString(),
                0,
                0,
                "",
                message,
                Problem.Severity.ERROR,
                Problem.Reason.NOT_FOUND)));
  }

  /// Reads text as if it stood in `file`, of which only the name and the folder matter.
  static Read parse(String text, Path file) {
    LocatedText located = LocatedText.read(text, file.toString());
    List<Problem> problems = new ArrayList<>(located.problems());
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    var at = new Reading(file.toString(), folder, "", problems);
    Map<String, Group.Filled<?>> written = new HashMap<>();
    if (located.documents().size() > 1) {
      at.report(located.documents().get(1).mark(), "a configuration is one document, not several");
    } else if (!located.documents().isEmpty()) {
      sections(located.documents().getFirst(), at, written);
    }
    return problems.isEmpty()
        ? new Read(Optional.of(new Configuration(written)), problems)
        : new Read(Optional.empty(), problems);
  }

  private static void sections(Node root, Reading at, Map<String, Group.Filled<?>> written) {
    if (!(root instanceof Node.Mapping mapping)) {
      at.expected("a mapping", root);
      return;
    }
    if (mapping.entry("kind").isPresent()) {
      at.report(root.mark(), "this is a resource, not a configuration: pass the file with -f");
      return;
    }
    for (Node.Entry entry : mapping.entries()) {
      Optional<Section<?>> section =
          Sections.ALL.stream().filter(one -> one.name().equals(entry.name())).findFirst();
      if (section.isEmpty()) {
        at.child(entry.name()).report(entry.mark(), unknown(entry.name()));
      } else if (!(entry.value() instanceof Node.Nothing)) {
        section
            .get()
            .group()
            .fill(entry.value(), at.child(entry.name()))
            .ifPresent(filled -> written.put(entry.name(), filled));
      }
    }
  }

  private static String unknown(String name) {
    String message = "unknown section `%s`".formatted(name);
    List<String> holders =
        Sections.ALL.stream()
            .filter(section ->
                section.group().options().stream().anyMatch(option -> option.key().equals(name)))
            .<String>map(Section::name)
            .toList();
    if (!holders.isEmpty()) {
      return message + "; it is a key of " + String.join(" and of ", holders);
    }
    List<String> names = Sections.ALL.stream().<String>map(Section::name).toList();
    return Nearest.to(name, names)
        .map(nearest -> message + "; did you mean `" + nearest + "`?")
        .orElseGet(() -> message + "; known are " + String.join(", ", names));
  }
}
