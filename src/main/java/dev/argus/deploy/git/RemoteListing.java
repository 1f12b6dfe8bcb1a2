package dev.argus.deploy.git;

import dev.argus.service.RepositoryUrl;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.Transport;
import org.jspecify.annotations.Nullable;

/** Asks a remote for the names of its branches and tags, without fetching anything. */
final class RemoteListing {
    private static final List<RefSpec> WANTED =
            List.of(new RefSpec("refs/heads/*:refs/heads/*"), new RefSpec("refs/tags/*:refs/tags/*"));

    private RemoteListing() {}

    static RemoteRefs of(Transports transports, RepositoryUrl url) throws IOException, URISyntaxException {
        try (Transport transport = transports.open(url);
                FetchConnection connection = transport.openFetch(WANTED, Constants.HEAD)) {
            return of(connection.getRefs());
        }
    }

    private static RemoteRefs of(Collection<Ref> refs) {
        String head = defaultBranch(refs);
        Comparator<String> defaultFirst = Comparator.comparing(name -> !name.equals(head));
        return new RemoteRefs(
                head,
                names(refs, Constants.R_HEADS)
                        .sorted(defaultFirst.thenComparing(Comparator.naturalOrder()))
                        .limit(RemoteRefs.MOST)
                        .toList(),
                names(refs, Constants.R_TAGS)
                        .sorted(TagOrder.NEWEST_FIRST)
                        .limit(RemoteRefs.MOST)
                        .toList());
    }

    private static Stream<String> names(Collection<Ref> refs, String prefix) {
        return refs.stream()
                .map(Ref::getName)
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()));
    }

    /** The branch that HEAD names; of a remote that does not say it, one that has the same commit. */
    private static @Nullable String defaultBranch(Collection<Ref> refs) {
        Ref head = refs.stream()
                .filter(ref -> ref.getName().equals(Constants.HEAD))
                .findFirst()
                .orElse(null);
        if (head == null) {
            return null;
        }
        String target = head.isSymbolic() ? head.getTarget().getName() : "";
        if (target.startsWith(Constants.R_HEADS)) {
            return target.substring(Constants.R_HEADS.length());
        }
        return refs.stream()
                .filter(ref -> ref.getName().startsWith(Constants.R_HEADS))
                .filter(ref -> head.getObjectId() != null && head.getObjectId().equals(ref.getObjectId()))
                .map(ref -> ref.getName().substring(Constants.R_HEADS.length()))
                .min(Comparator.comparing((String name) -> !name.equals("main") && !name.equals("master"))
                        .thenComparing(Comparator.naturalOrder()))
                .orElse(null);
    }
}
