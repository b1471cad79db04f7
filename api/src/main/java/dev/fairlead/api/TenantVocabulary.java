package dev.fairlead.api;

import static dev.fairlead.api.Field.field;

import dev.fairlead.api.FieldType.ListOf;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// The fields of a Tenant, in the form of {@link Vocabulary}.
final class TenantVocabulary {
  /// A budget above this limits nobody.
  private static final long MOST = 1_000_000_000_000_000L;

  /// A field name of RFC 9110, section 5.1.
  private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}");

  /// Their values are secrets, and would be written down with every request.
  private static final Set<String> SECRETS =
      Set.of("authorization", "proxy-authorization", "cookie", "x-api-key", "api-key");

  private static final FieldType HEADER_NAME =
      Scalars.text(
          "header name",
          text -> HEADER.matcher(text).matches() && !secret(text),
          text ->
              secret(text)
                  ? "the header %s holds a secret; name one that holds only the user"
                      .formatted(text)
                  : "a header name has 1 to 64 letters, digits or `-`, such as x-user");

  static final ObjectType LIMITS =
      ObjectType.of(
          Tenant.Limits.class,
          field("requestsPerMinute", Scalars.count(1, MOST), "The most requests over any 60 s.")
              .otherwise("no limit")
              .in("requests"),
          field(
                  "tokensPerMinute",
                  Scalars.count(1, MOST),
                  "The most tokens over any 60 s, prompt and completion together.")
              .otherwise("no limit")
              .in("tokens"),
          field(
                  "concurrency",
                  Scalars.whole(1, 1_000_000),
                  "The most requests at the same time, waiting ones included.")
              .otherwise("no limit")
              .in("requests"),
          field(
                  "tokensPerDay",
                  Scalars.count(1, MOST),
                  "The most tokens a day of UTC, prompt and completion together.")
              .otherwise("no limit")
              .in("tokens"));

  static final ObjectType KEY =
      ObjectType.of(
          Tenant.Key.class,
          field("name", Vocabulary.NAME, "Tells the keys of a tenant apart.").required(),
          field(
                  "sha256",
                  Vocabulary.SHA256,
                  "The SHA-256 of the key, as `fairlead tenant key create --offline` prints it.")
              .required(),
          field(
                  "expires",
                  Scalars.time(),
                  "From then on the key is not valid. A date stands for its end in UTC.")
              .otherwise("never"));

  static final ObjectType SPEC =
      ObjectType.of(
              Tenant.Spec.class,
              field(
                      "models",
                      new ListOf(Vocabulary.SERVED_NAME),
                      "The served names and aliases that it may use. Whoever may use a served name"
                          + " may use its aliases.")
                  .otherwise("all"),
              field("limits", LIMITS, "The most that all its keys together may use."),
              field(
                      "priority",
                      Scalars.whole(-1000, 1000),
                      "A request of a higher one is served first.")
                  .byDefault(0),
              field(
                      "overflow",
                      Scalars.flag(),
                      "Whether its requests may go to an external upstream while a model's own"
                          + " replicas start or are full.")
                  .byDefault(false),
              field(
                      "attributionHeader",
                      HEADER_NAME,
                      "The request header that names the end user in the usage ledger.")
                  .otherwise("the body's `user`"),
              field("keys", new ListOf(KEY), "Its keys, by their hashes: no secret stands here.")
                  .locally("beside those of `fairlead tenant key create`"))
          .ruled(
              new Rule.NotEmpty("models", "leave it out to allow all"),
              new Rule.Distinct("keys", "name"),
              new Rule.Distinct("keys", "sha256"));

  static final ObjectType TENANT =
      ObjectType.of(
              Tenant.class,
              field("metadata", Vocabulary.METADATA, "Name and marks.").required(),
              field("spec", SPEC, "What it may use.").required())
          .tolerating("apiVersion", "kind", "status");

  private TenantVocabulary() {}

  private static boolean secret(String header) {
    return SECRETS.contains(header.toLowerCase(Locale.ROOT));
  }
}
