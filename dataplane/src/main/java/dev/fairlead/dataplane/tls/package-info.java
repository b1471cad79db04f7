/// TLS of the public door: a certificate and its key from PEM files, checked before they are used,
/// and replaced while connections run. {@link CertificatePair} reads, {@link ServerTls} holds what
/// new connections get. And TLS to servers elsewhere: {@link Authorities} says whom to trust,
/// {@link ClientTls} is what new connections get, {@link HandshakeFailure} says what went wrong.
@NullMarked
package dev.fairlead.dataplane.tls;

import org.jspecify.annotations.NullMarked;
