package dev.fairlead.api;

import java.util.Locale;
import java.util.regex.Pattern;

/// The names of resources: what is legal, and how to make one from a file's name.
public final class ResourceNames {
  /// The longest name that Kubernetes takes.
  public static final int MAX_LENGTH = 253;

  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern ENDING =
      Pattern.compile("(-\\d{5}-of-\\d{5})?\\.(gguf|safetensors)$", Pattern.CASE_INSENSITIVE);

  private ResourceNames() {}

  /// Whether `name` is a DNS-1123 subdomain (RFC 1123, as Kubernetes reads it).
  public static boolean isSubdomain(String name) {
    return name.length() <= MAX_LENGTH && SUBDOMAIN.matcher(name).matches();
  }

  /// The nearest legal name: `My_Model` becomes `my-model`. Nothing usable becomes `model`.
  public static String slug(String text) {
    String slug = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-");
    slug = trimmed(slug.replaceAll("-*\\.[-.]*", "."));
    return slug.isEmpty() ? "model" : shortened(slug, MAX_LENGTH);
  }

  /// A name for the model in a file: without the ending and the number of a shard.
  public static String slugOfFile(String fileName) {
    return slug(ENDING.matcher(fileName).replaceFirst(""));
  }

  /// `name` cut to `length` characters so that it stays legal.
  static String shortened(String name, int length) {
    return name.length() <= length ? name : trimmed(name.substring(0, length));
  }

  private static String trimmed(String name) {
    return name.replaceAll("^[-.]+|[-.]+$", "");
  }
}
