package dev.argus.deploy.git;

import java.io.File;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import org.eclipse.jgit.internal.transport.sshd.OpenSshServerKeyDatabase;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.sshd.JGitKeyCache;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.jspecify.annotations.Nullable;

/** Speaks ssh with the keys of the user that runs Argus, and only with hosts that are in that user's {@code known_hosts}. */
final class SshSessions {
    private SshSessions() {}

    /** A factory that uses {@code home/.ssh}. */
    static SshSessionFactory of(Path home) {
        Ed25519.install();
        File directory = home.resolve(".ssh").toFile();
        return new SshdSessionFactoryBuilder()
                .setHomeDirectory(home.toFile())
                .setSshDirectory(directory)
                .setPreferredAuthentications("publickey,password")
                .setServerKeyDatabase((homeDirectory, sshDirectory) -> new Strict(new OpenSshServerKeyDatabase(
                        false, List.of(sshDirectory.toPath().resolve("known_hosts")))))
                .withDefaultConnectorFactory()
                .build(new JGitKeyCache());
    }

    /** Whatever the user's ssh configuration says: an unknown or changed host key is refused. */
    private record Strict(ServerKeyDatabase keys) implements ServerKeyDatabase {
        @Override
        public List<PublicKey> lookup(String address, InetSocketAddress remote, Configuration configuration) {
            return keys.lookup(address, remote, new StrictConfiguration(configuration));
        }

        @Override
        public boolean accept(
                String address,
                InetSocketAddress remote,
                PublicKey key,
                Configuration configuration,
                @Nullable CredentialsProvider provider) {
            return keys.accept(address, remote, key, new StrictConfiguration(configuration), null);
        }
    }

    private record StrictConfiguration(ServerKeyDatabase.Configuration given)
            implements ServerKeyDatabase.Configuration {
        @Override
        public List<String> getUserKnownHostsFiles() {
            return given.getUserKnownHostsFiles();
        }

        @Override
        public List<String> getGlobalKnownHostsFiles() {
            return given.getGlobalKnownHostsFiles();
        }

        @Override
        public StrictHostKeyChecking getStrictHostKeyChecking() {
            return StrictHostKeyChecking.REQUIRE_MATCH;
        }

        @Override
        public boolean getHashKnownHosts() {
            return given.getHashKnownHosts();
        }

        @Override
        public String getUsername() {
            return given.getUsername();
        }
    }
}
