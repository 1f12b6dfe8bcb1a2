package dev.argus.deploy.git;

import dev.argus.deploy.git.GitFailed.Reason;
import dev.argus.service.GitRef;
import dev.argus.service.Shown;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Finds the commit that a ref means: a branch, then a tag, then a commit. */
final class References {
    private static final int MOST_NEAR = 3;

    private final Repository repository;

    References(Repository repository) {
        this.repository = repository;
    }

    /** Whether the full id of a commit was given and the copy has it, so that nothing needs to be fetched. */
    Optional<Revision> present(GitRef ref) throws IOException {
        String text = ref.text();
        if (text == null || text.length() != Constants.OBJECT_ID_STRING_LENGTH || !ref.looksLikeCommit()) {
            return Optional.empty();
        }
        return commit(ObjectId.fromString(text), text);
    }

    /**
     * The revision that is meant.
     *
     * @throws GitFailed naming refs that are near
     */
    Revision resolve(GitRef ref) throws IOException {
        return find(ref).orElseThrow(() -> missing(ref));
    }

    Optional<Revision> find(GitRef ref) throws IOException {
        String text = ref.text();
        if (text == null) {
            Ref head = repository.exactRef(Transports.remoteHead());
            ObjectId id = head == null ? null : head.getObjectId();
            return id == null ? Optional.empty() : commit(id, defaultBranch(id));
        }
        List<String> names = text.startsWith(Constants.R_REFS)
                ? List.of(text)
                : List.of(Constants.R_HEADS + text, Constants.R_TAGS + text);
        for (String name : names) {
            Ref found = repository.exactRef(name);
            ObjectId id = found == null ? null : found.getObjectId();
            if (id != null) {
                return commit(id, Repository.shortenRefName(name));
            }
        }
        return ref.looksLikeCommit() ? abbreviated(text) : Optional.empty();
    }

    /** The default branch by its name, where one branch is at the same commit. */
    private String defaultBranch(ObjectId head) throws IOException {
        return repository.getRefDatabase().getRefsByPrefix(Constants.R_HEADS).stream()
                .filter(branch -> head.equals(branch.getObjectId()))
                .map(branch -> Repository.shortenRefName(branch.getName()))
                .min(Comparator.comparing((String name) -> !name.equals("main") && !name.equals("master"))
                        .thenComparing(Comparator.naturalOrder()))
                .orElse("HEAD");
    }

    private Optional<Revision> abbreviated(String text) throws IOException {
        try (var reader = repository.newObjectReader()) {
            Collection<ObjectId> ids = reader.resolve(AbbreviatedObjectId.fromString(text.toLowerCase(Locale.ROOT)));
            var commits = new ArrayList<Revision>();
            for (ObjectId id : ids) {
                commit(id, text).ifPresent(commits::add);
            }
            if (commits.size() > 1) {
                throw new GitFailed(
                        Reason.NO_SUCH_REF,
                        "The commit " + text + " is ambiguous: " + commits.size()
                                + " commits start so; give more of its digits.");
            }
            return commits.stream().findFirst();
        }
    }

    private Optional<Revision> commit(ObjectId id, String name) throws IOException {
        try (var walk = new RevWalk(repository)) {
            RevCommit commit = walk.parseCommit(id);
            String subject = commit.getShortMessage();
            return Optional.of(new Revision(
                    commit.name(),
                    name,
                    printable(subject.length() > 200 ? subject.substring(0, 200) : subject),
                    commit.getAuthorIdent().getWhenAsInstant()));
        } catch (MissingObjectException | IncorrectObjectTypeException e) {
            return Optional.empty();
        }
    }

    private static String printable(String text) {
        var shown = new StringBuilder(text.length());
        text.codePoints().forEach(point -> shown.appendCodePoint(Character.isISOControl(point) ? ' ' : point));
        return shown.toString();
    }

    private GitFailed missing(GitRef ref) {
        if (ref.isDefault()) {
            return new GitFailed(
                    Reason.NO_SUCH_REF,
                    "The repository has no commit on its default branch; push one, or name a branch, tag or commit.");
        }
        String text = String.valueOf(ref.text());
        List<String> near = near(text);
        String hint = near.isEmpty() ? "." : "; there is " + String.join(", ", near) + ".";
        return new GitFailed(
                Reason.NO_SUCH_REF, "The repository has no branch, tag or commit " + Shown.quoted(text) + hint);
    }

    private List<String> near(String text) {
        try {
            return repository.getRefDatabase().getRefsByPrefix(Constants.R_HEADS, Constants.R_TAGS).stream()
                    .map(ref -> Repository.shortenRefName(ref.getName()))
                    .filter(name -> name.length() < 80)
                    .limit(2_000)
                    .sorted(Comparator.comparingInt(name -> distance(name, text)))
                    .limit(MOST_NEAR)
                    .map(Shown::plain)
                    .toList();
        } catch (IOException e) {
            throw new GitFailed(Reason.FAILED, "The refs of the repository cannot be read.", e);
        }
    }

    private static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[b.length()];
    }
}
