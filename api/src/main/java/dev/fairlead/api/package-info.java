/// The resources of `fairlead.dev/v1alpha1`: what a user writes as YAML and reads back, the same on
/// one machine and on Kubernetes. One table ({@link Vocabulary}) names every field; parsing,
/// checks, printing, the reference page and the name of a template's version all follow from it.
/// The way in: {@link ResourceFiles} or {@link ResourceParser} read, {@link Resources} makes and
/// resolves to `core.model`, {@link ResourceWriter} prints.
@NullMarked
package dev.fairlead.api;

import org.jspecify.annotations.NullMarked;
