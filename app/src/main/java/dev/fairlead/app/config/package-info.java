/// The configuration of `fairlead up`: one YAML file, one immutable record for each concern. The
/// way in: {@link ConfigurationFile} reads, {@link Configuration#get} gives the record of a
/// section, {@link LiveConfiguration} follows edits of the file. Unknown keys, wrong types and
/// values out of bounds are problems with line, column and the nearest known key, as with
/// resources; the page `docs/reference/configuration.md` is generated from the same options.
///
/// To add a section:
///
/// 1. write its record, with its options as constants and a `SECTION` that builds it:
///
///    ```java
///    /// Where the access log goes.
///    public record AccessLog(Optional<Path> file, int bufferedLines) {
///      private static final Option<Path> FILE =
///          Option.of("file", OptionTypes.file(), "Where lines are appended.").otherwise("no log");
///      private static final Option<Integer> BUFFERED =
///          Option.of("bufferedLines", OptionTypes.whole(1, 1 << 20), "Lines that may wait.")
///              .byDefault(8192);
///      public static final Section<AccessLog> SECTION =
///          Section.of("accessLog", "A line of JSON for each request.", List.of(FILE, BUFFERED),
///              values -> new AccessLog(values.find(FILE), values.get(BUFFERED)));
///    }
///    ```
///
/// 2. add it to the list in {@link Sections};
/// 3. read it where it is used: `configuration.get(AccessLog.SECTION)`;
/// 4. write the reference page anew, as its test says.
///
/// Nested mappings are options whose type is a {@link Group}, lists and maps {@link
/// OptionTypes#list} and {@link OptionTypes#map}. A check over several options is an {@link
/// IllegalArgumentException} of the record's constructor. An option takes effect at the next start
/// unless it is `whileRunning()`; then whoever uses it must read it from {@link LiveConfiguration}
/// each time, or listen to it. A secret is never a value: its key ends in `File`.
@NullMarked
package dev.fairlead.app.config;

import org.jspecify.annotations.NullMarked;
