/** The certificate of the server: {@link dev.argus.tls.ServerCertificate} reads and judges the two files it consists of. */
@NullMarked
package dev.argus.tls;

import org.jspecify.annotations.NullMarked;
