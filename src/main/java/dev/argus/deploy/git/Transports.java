package dev.argus.deploy.git;

import dev.argus.service.Credentials;
import dev.argus.service.RepositoryUrl;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.jspecify.annotations.Nullable;

/** Opens transports that keep to the rules, whatever the scheme; the parts for ssh are loaded at their first use. */
final class Transports {
    private static final List<RefSpec> EVERYTHING =
            List.of(new RefSpec("+refs/heads/*:refs/heads/*"), new RefSpec("+refs/tags/*:refs/tags/*"));
    private static final String REMOTE_HEAD = "refs/argus/head";

    private final GitSettings settings;
    private final EnvironmentProxies proxies;
    private @Nullable SshSessionFactory ssh;

    Transports(GitSettings settings, EnvironmentProxies proxies) {
        this.settings = settings;
        this.proxies = proxies;
    }

    /** What a fetch asks for: all branches and tags, and where {@code withHead} what the remote's HEAD is. */
    static List<RefSpec> everything(boolean withHead) {
        return withHead
                ? List.of(new RefSpec("+HEAD:" + REMOTE_HEAD), EVERYTHING.get(0), EVERYTHING.get(1))
                : EVERYTHING;
    }

    /** Where {@link #everything} puts the remote's HEAD. */
    static String remoteHead() {
        return REMOTE_HEAD;
    }

    Transport open(Repository repository, RepositoryUrl url) throws IOException, URISyntaxException {
        return keptToTheRules(Transport.open(repository, new URIish(url.address())), url);
    }

    /** One that belongs to no repository here, to look at the remote. */
    Transport open(RepositoryUrl url) throws IOException, URISyntaxException {
        return keptToTheRules(Transport.open(new URIish(url.address())), url);
    }

    private Transport keptToTheRules(Transport transport, RepositoryUrl url) throws IOException {
        transport.setTimeout((int) Math.max(1, settings.silence().toSeconds()));
        transport.setTagOpt(TagOpt.NO_TAGS);
        transport.setRemoveDeletedRefs(true);
        Credentials credentials = url.credentials();
        if (credentials != null) {
            transport.setCredentialsProvider(
                    new UsernamePasswordCredentialsProvider(credentials.user(), credentials.password()));
        }
        if (transport instanceof TransportHttp http) {
            http.setHttpConnectionFactory(new SameHostConnections(URI.create(url.address()), proxies));
        }
        if (transport instanceof SshTransport overSsh) {
            overSsh.setSshSessionFactory(ssh());
        }
        return transport;
    }

    private synchronized SshSessionFactory ssh() {
        SshSessionFactory factory = ssh;
        if (factory == null) {
            factory = SshSessions.of(settings.home());
            ssh = factory;
        }
        return factory;
    }
}
