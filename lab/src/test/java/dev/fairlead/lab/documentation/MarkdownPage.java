package dev.fairlead.lab.documentation;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// One page of the documentation, as far as the tests look at it: its links, its headings and its
/// code blocks (CommonMark's fenced ones, at the start of a line).
record MarkdownPage(Path file, String text) {
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^()\\s]+)\\)");
  private static final Pattern CODE_SPAN = Pattern.compile("(`+)(?!`).+?(?<!`)\\1(?!`)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
  private static final Pattern BLOCK =
      Pattern.compile("(?ms)^(```+)([A-Za-z]*)[^\\n]*\\n(.*?)^\\1[ ]*$");
  private static final Set<String> NOT_OURS =
      Set.of("target", "node_modules", ".git", "src", "vendor");

  /// A code block; `line` is that of its fence, counted from 1.
  record Block(String language, String text, int line) {}

  static MarkdownPage read(Path file) throws IOException {
    return new MarkdownPage(file, Files.readString(file));
  }

  /// All pages below `top`, without what was built, fetched or taken over.
  static List<MarkdownPage> below(Path top) throws IOException {
    List<MarkdownPage> pages = new ArrayList<>();
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return NOT_OURS.contains(String.valueOf(folder.getFileName()))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (file.toString().endsWith(".md")) {
              pages.add(read(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return pages;
  }

  List<Block> blocks() {
    return BLOCK
        .matcher(text)
        .results()
        .map(found ->
            new Block(
                found.group(2),
                found.group(3),
                1 + (int) text.substring(0, found.start()).lines().count()))
        .toList();
  }

  /// Where its links and images lead that stay in the project.
  List<String> links() {
    String prose = CODE_SPAN.matcher(BLOCK.matcher(text).replaceAll("")).replaceAll("");
    return LINK.matcher(prose)
        .results()
        .map(found -> found.group(1))
        .filter(target -> !target.matches("[a-z][a-z0-9+.-]*:.*"))
        .toList();
  }

  /// What is wrong with a link, if anything is.
  Optional<String> broken(String link) throws IOException {
    int hash = link.indexOf('#');
    String path = hash < 0 ? link : link.substring(0, hash);
    Path folder = file.toAbsolutePath().normalize().getParent();
    Path target = path.isEmpty() || folder == null ? file : folder.resolve(path).normalize();
    if (!Files.exists(target)) {
      return Optional.of("%s: there is no %s".formatted(file, link));
    }
    boolean known =
        hash < 0
            || !target.toString().endsWith(".md")
            || read(target).anchors().contains(link.substring(hash + 1));
    return known
        ? Optional.empty()
        : Optional.of("%s: there is no such heading: %s".formatted(file, link));
  }

  /// The anchors of its headings, as GitHub makes them.
  private Set<String> anchors() {
    Matcher headings = HEADING.matcher(BLOCK.matcher(text).replaceAll(""));
    return headings
        .results()
        .map(found ->
            found
                .group(1)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-'))
        .collect(Collectors.toSet());
  }
}
