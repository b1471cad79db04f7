package dev.fairlead.lab.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ParseResult;
import dev.fairlead.api.Problem;
import dev.fairlead.api.ResourceFiles;
import dev.fairlead.api.ResourceParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What a reader follows or copies works: links, YAML, make targets, the addresses of the examples.
class DocumentationTest {
  private static final Path TOP = Path.of("..").toAbsolutePath().normalize();

  /// A command, and not the word: nothing follows the target, or what may follow one.
  private static final Pattern MAKE =
      Pattern.compile("(?m)\\bmake ([a-z-]+)(?=\\s*$|\\s+[A-Z]+=|\\s*[#&;|])");

  /// Made by the console's suite, which takes it anew; a clone without it is no broken page.
  private static final String SCREENSHOT = "docs/images/console.png";

  @Test
  void everyRelativeLinkLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (MarkdownPage page : MarkdownPage.below(TOP)) {
      for (String link : page.links()) {
        Optional<String> problem = link.endsWith(SCREENSHOT) ? Optional.empty() : page.broken(link);
        problem.ifPresent(broken::add);
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void everyResourceThatAPageShowsIsValid() throws IOException {
    int shown = 0;
    List<String> problems = new ArrayList<>();
    for (MarkdownPage page : MarkdownPage.below(TOP)) {
      for (MarkdownPage.Block block : page.blocks()) {
        if (block.language().equals("yaml") && block.text().contains("apiVersion:")) {
          shown++;
          String name = "%s, block in line %d".formatted(page.file(), block.line());
          problems.addAll(texts(ResourceParser.parse(block.text(), name)));
        }
      }
    }
    assertThat(problems).isEmpty();
    assertThat(shown)
        .as("the README shows a resource, in both languages")
        .isGreaterThanOrEqualTo(2);
  }

  @Test
  void everyExampleIsValid() throws IOException {
    Path examples = TOP.resolve("examples");
    assertThat(examples).isDirectoryContaining(file -> file.toString().endsWith(".yaml"));
    try (var files = Files.list(examples)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
        assertThat(texts(ResourceFiles.read(List.of(file)))).as("%s", file).isEmpty();
      }
    }
  }

  @Test
  void everyMakeTargetThatAPageNamesExists() throws IOException {
    List<String> lines = Files.readAllLines(TOP.resolve("Makefile"));
    List<String> missing = new ArrayList<>();
    for (MarkdownPage page : MarkdownPage.below(TOP)) {
      Matcher targets = MAKE.matcher(String.join("\n", code(page)));
      while (targets.find()) {
        String target = targets.group(1);
        if (lines.stream().noneMatch(line -> line.startsWith(target + ":"))) {
          missing.add("%s: there is no target %s".formatted(page.file(), target));
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void bothReadmesShowTheSameCommandsAndFiles() throws IOException {
    List<String> english = blocks("README.md");
    assertThat(english).isNotEmpty();
    assertThat(blocks("README.zh-CN.md")).isEqualTo(english);
  }

  private static final Pattern INLINE = Pattern.compile("`([^`\\n]+)`");

  private static List<String> code(MarkdownPage page) {
    List<String> code = new ArrayList<>();
    page.blocks().forEach(block -> code.add(block.text()));
    INLINE.matcher(page.text()).results().forEach(found -> code.add(found.group(1)));
    return code;
  }

  /// Code blocks without their comments, which are translated.
  private static List<String> blocks(String page) throws IOException {
    return MarkdownPage.read(TOP.resolve(page)).blocks().stream()
        .map(block -> block.text().replaceAll("(?m) *#.*$", ""))
        .toList();
  }

  private static List<String> texts(ParseResult parsed) {
    return parsed.problems().stream().map(Problem::text).toList();
  }
}
